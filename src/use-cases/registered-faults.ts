import { isReservedType, isTypeName } from '../domain/credential/schema-rules.ts'
import { reportedFaults, type Fault } from '../domain/fault.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import { isJsonObject, parseStrictJsonText, type JsonObject } from '../domain/json/strict-json.ts'
import { MAX_SCHEMA_WORK, SCHEMA_COMPILE_WORK } from '../domain/limits.ts'
import { textsIn } from '../domain/json/values.ts'
import type { Ports } from '../ports/index.ts'

/**
 * What the newest registered schemas of a credential's types find wrong with it. Adds nothing to it.
 * None of them runs where all together would cost more than `MAX_SCHEMA_WORK` (row D17).
 */
export async function registeredFaults(
  { credentialSchemas, issuers }: Pick<Ports, 'credentialSchemas' | 'issuers'>,
  id: InstanceId,
  credential: JsonObject,
): Promise<readonly Fault[]> {
  const types = textsIn(credential['type']).filter(
    (type) => isTypeName(type) && !isReservedType(type),
  )
  if (types.length === 0) return []
  const newest = await issuers.newestSchemas(id, types)
  let work = newest.length * SCHEMA_COMPILE_WORK
  if (work > MAX_SCHEMA_WORK) return [TOO_MUCH]
  const digests: string[] = []
  for (const { type, version, digest } of newest) {
    if (!credentialSchemas.isCompiled(digest)) {
      const text = (await issuers.schemaText(id, type, version)) ?? ''
      const schema = parseStrictJsonText(text)
      if (!schema.ok || !isJsonObject(schema.value)) throw new Error('a stored schema is no JSON')
      credentialSchemas.compile(digest, schema.value)
    }
    work += credentialSchemas.workUnder(digest, credential)
    if (work > MAX_SCHEMA_WORK) return [TOO_MUCH]
    digests.push(digest)
  }
  return reportedFaults(
    ...digests.map((digest) => credentialSchemas.faultsUnder(digest, credential)),
  )
}

const TOO_MUCH: Fault = {
  pointer: '',
  detail: 'costs too much to hold against the schemas of its types: shorten its texts or its lists',
}
