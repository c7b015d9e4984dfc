import { isReservedType, isTypeName } from '../domain/credential/schema-rules.ts'
import { reportedFaults, type Fault } from '../domain/fault.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import { isJsonObject, parseStrictJsonText, type JsonObject } from '../domain/json/strict-json.ts'
import { textsIn } from '../domain/json/values.ts'
import type { Ports } from '../ports/index.ts'

/** What the newest registered schemas of a credential's types find wrong with it. Adds nothing to it. */
export async function registeredFaults(
  { credentialSchemas, issuers }: Pick<Ports, 'credentialSchemas' | 'issuers'>,
  id: InstanceId,
  credential: JsonObject,
): Promise<readonly Fault[]> {
  const types = textsIn(credential['type']).filter(
    (type) => isTypeName(type) && !isReservedType(type),
  )
  if (types.length === 0) return []
  const faults: (readonly Fault[])[] = []
  for (const { type, version, digest } of await issuers.newestSchemas(id, types)) {
    if (!credentialSchemas.isCompiled(digest)) {
      const text = (await issuers.schemaText(id, type, version)) ?? ''
      const schema = parseStrictJsonText(text)
      if (!schema.ok || !isJsonObject(schema.value)) throw new Error('a stored schema is no JSON')
      credentialSchemas.compile(digest, schema.value)
    }
    faults.push(credentialSchemas.faultsUnder(digest, credential))
  }
  return reportedFaults(...faults)
}
