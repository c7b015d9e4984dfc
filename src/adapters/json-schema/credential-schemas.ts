import delegation from '../../../schemas/lso-delegation-credential.json' with { type: 'json' }
import accreditation from '../../../schemas/lso-issuer-accreditation-credential.json' with { type: 'json' }
import legalEntity from '../../../schemas/lso-legal-entity-credential.json' with { type: 'json' }
import type { LsoType } from '../../domain/credential/lso-types.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import type { CredentialSchemas } from '../../ports/credential-schemas.ts'
import { compileSchema, type CompiledSchema } from './compiled-schema.ts'

const LSO_SCHEMAS: Readonly<Record<LsoType, JsonObject>> = {
  LsoLegalEntityCredential: legalEntity,
  LsoIssuerAccreditationCredential: accreditation,
  LsoDelegationCredential: delegation,
}

/** The schemas of the LSO types, as they are published; each is compiled once, here. */
export function createCredentialSchemas(): CredentialSchemas {
  const compiled: ReadonlyMap<string, CompiledSchema> = new Map(
    Object.entries(LSO_SCHEMAS).map(([type, schema]) => [type, compileSchema(schema)]),
  )
  return { faults: (type, credential) => compiled.get(type)?.(credential) }
}
