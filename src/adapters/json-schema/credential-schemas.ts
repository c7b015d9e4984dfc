import delegation from '../../../schemas/lso-delegation-credential.json' with { type: 'json' }
import accreditation from '../../../schemas/lso-issuer-accreditation-credential.json' with { type: 'json' }
import legalEntity from '../../../schemas/lso-legal-entity-credential.json' with { type: 'json' }
import type { LsoType } from '../../domain/credential/lso-types.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import { MAX_COMPILED_SCHEMAS } from '../../domain/limits.ts'
import type { CredentialSchemas } from '../../ports/credential-schemas.ts'
import { leastRecentlyUsed } from '../cache/least-recently-used.ts'
import { compileOwnSchema, type CompiledSchema } from './compiled-schema.ts'
import { compileRegistered, type RegisteredSchema } from './registered-schema.ts'

const LSO_SCHEMAS: Readonly<Record<LsoType, JsonObject>> = {
  LsoLegalEntityCredential: legalEntity,
  LsoIssuerAccreditationCredential: accreditation,
  LsoDelegationCredential: delegation,
}

/** The schemas of the LSO types, compiled once, here, and those of issuers, each once per digest. */
export function createCredentialSchemas(): CredentialSchemas {
  const compiled: ReadonlyMap<string, CompiledSchema> = new Map(
    Object.entries(LSO_SCHEMAS).map(([type, schema]) => [type, compileOwnSchema(schema)]),
  )
  const registered = leastRecentlyUsed<RegisteredSchema>(MAX_COMPILED_SCHEMAS)
  const compiledUnder = (digest: string): RegisteredSchema => {
    const schema = registered.get(digest)
    if (schema === undefined) throw new Error('a schema was used that was never compiled')
    return schema
  }
  return {
    faults: (type, credential) => compiled.get(type)?.(credential),
    isCompiled: (digest) => registered.get(digest) !== undefined,
    compile: (digest, schema) => {
      registered.set(digest, compileRegistered(schema))
    },
    workUnder: (digest, credential) => compiledUnder(digest).work(credential),
    faultsUnder: (digest, credential) => compiledUnder(digest).faults(credential),
  }
}
