import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { PRIVATE_JWK_MEMBERS } from '../jwk.ts'

/** Private material of every verification method type that ever had a name for it. */
const PRIVATE_MEMBERS = [
  'privateKeyBase58',
  'privateKeyHex',
  'privateKeyJwk',
  'privateKeyMultibase',
  'privateKeyPem',
  'secretKeyJwk',
  'secretKeyMultibase',
] as const

/**
 * True when there is a private or symmetric key anywhere in a document (row K5): a member of a name
 * for such keys, or a JWK with a member that only those have. What is called `publicKeyJwk` is taken
 * for a JWK even without `kty`. As deep as strict JSON goes.
 */
export function holdsPrivateKey(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(holdsPrivateKey)
  if (!isJsonObject(value)) return false
  return (
    PRIVATE_MEMBERS.some((member) => Object.hasOwn(value, member)) ||
    (Object.hasOwn(value, 'kty') && isPrivateJwk(value)) ||
    listed(value['publicKeyJwk']).some((jwk) => isJsonObject(jwk) && isPrivateJwk(jwk)) ||
    Object.values(value).some(holdsPrivateKey)
  )
}

const isPrivateJwk = (jwk: JsonObject): boolean =>
  PRIVATE_JWK_MEMBERS.some((member) => Object.hasOwn(jwk, member))
