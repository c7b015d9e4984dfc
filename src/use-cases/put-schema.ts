import { schemaUrl } from '../domain/credential/schema-entry.ts'
import { isReservedType, isTypeName, schemaFaults } from '../domain/credential/schema-rules.ts'
import type { Fault } from '../domain/fault.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type { SchemaVersion } from '../ports/issuer-schemas.ts'

export type PutSchemaRefusal =
  | { readonly reason: 'schema_invalid'; readonly errors: readonly Fault[] }
  | { readonly reason: 'type_reserved' | 'type_name_invalid' }
  | { readonly reason: 'idempotency_key_reused' | 'instance_retired' }

/**
 * Registers the next version of a credential type's schema: what the issuer issues of this type from
 * now on must follow it, and names it. What was issued before stays as it is.
 */
export async function putSchema(
  { issuers, publicUrl }: Pick<Ports, 'issuers' | 'publicUrl'>,
  issuer: Issuer,
  type: string,
  schema: JsonObject,
  change: Change,
): Promise<Result<SchemaVersion, PutSchemaRefusal>> {
  if (issuer.retiredAt !== undefined) return refuse({ reason: 'instance_retired' })
  if (!isTypeName(type)) return refuse({ reason: 'type_name_invalid' })
  if (isReservedType(type)) return refuse({ reason: 'type_reserved' })
  const errors = schemaFaults(schema, schemaUrl(publicUrl, issuer.id, type))
  if (errors.length > 0) return refuse({ reason: 'schema_invalid', errors })
  const put = await issuers.putSchema(issuer.id, type, canonicalJson(schema), change)
  return put.ok ? ok(put.value.value) : put
}
