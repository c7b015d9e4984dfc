import type { Context } from 'hono'
import { dateTimeStamp } from '../../domain/time.ts'
import type { SchemaVersion } from '../../ports/issuer-schemas.ts'
import type { PutSchemaRefusal } from '../../use-cases/put-schema.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from './problem.ts'

/** A version of a registered schema; the digest is over the text that is served, byte for byte. */
export const schemaView = ({ type, version, digest, at }: SchemaVersion) => ({
  type,
  version,
  digest: `sha-256:${digest}`,
  at: dateTimeStamp(at),
})

export function schemaRefusal(c: Context<AppEnv>, refusal: PutSchemaRefusal): Response {
  switch (refusal.reason) {
    case 'schema_invalid':
      return problem(c, refusal.reason, { errors: refusal.errors })
    case 'type_name_invalid':
      return problem(c, 'request_invalid', {
        errors: [{ pointer: '/type', detail: 'must be 1 to 128 letters, digits, _ or -' }],
      })
    default:
      return problem(c, refusal.reason)
  }
}
