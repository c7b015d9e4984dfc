import {
  schemaEntry,
  schemaEntryFaults,
  withSchemaEntries,
} from '../domain/credential/schema-entry.ts'
import { isReservedType, isTypeName } from '../domain/credential/schema-rules.ts'
import { reportedFaults, type Fault } from '../domain/fault.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import { isJsonObject, parseStrictJsonText, type JsonObject } from '../domain/json/strict-json.ts'
import { textsIn } from '../domain/json/values.ts'
import { MAX_SCHEMA_WORK, SCHEMA_COMPILE_WORK } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Ports } from '../ports/index.ts'
import type { SchemaVersion } from '../ports/issuer-schemas.ts'

type Needs = Pick<Ports, 'credentialSchemas' | 'issuers' | 'publicUrl'>

/**
 * Holds a credential against the newest registered schemas of its types: the credential with each of
 * them named in `credentialSchema`, or what they find wrong with it. None of them runs where all
 * together would cost more than `MAX_SCHEMA_WORK` (row D17).
 */
export async function holdAgainstSchemas(
  needs: Needs,
  id: InstanceId,
  credential: JsonObject,
): Promise<Result<JsonObject, readonly Fault[]>> {
  const types = textsIn(credential['type']).filter(
    (type) => isTypeName(type) && !isReservedType(type),
  )
  const newest = types.length === 0 ? [] : await needs.issuers.newestSchemas(id, types)
  const entries = newest.map((version) => schemaEntry(needs.publicUrl, id, version))
  const given = schemaEntryFaults(credential['credentialSchema'], entries, needs.publicUrl, id)
  const errors = given.length > 0 ? given : await faultsUnder(needs, id, credential, newest)
  return errors.length > 0 ? refuse(errors) : ok(withSchemaEntries(credential, entries))
}

async function faultsUnder(
  { credentialSchemas, issuers }: Needs,
  id: InstanceId,
  credential: JsonObject,
  newest: readonly SchemaVersion[],
): Promise<readonly Fault[]> {
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
