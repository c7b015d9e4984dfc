import {
  ALGORITHMS,
  fitsAlg,
  MIN_RSA_BITS,
  type PlatformKey,
  type SignatureAlg,
} from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import type { JsonObject } from './json.ts'
import type { FindingCode } from './reasons.ts'

/** `true`: `jwk` signed `input` with `alg`. Otherwise why that is not so. */
export async function verifiedBy(
  jwk: JsonObject,
  alg: SignatureAlg,
  input: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<true | FindingCode> {
  if (!fitsAlg(jwk, alg)) return 'key_alg_mismatch'
  const { imported, used } = ALGORITHMS[alg]
  const { n } = jwk
  const modulus = typeof n === 'string' ? decodeBase64url(n) : undefined
  if (alg === 'PS256' && (modulus?.length ?? 0) * 8 < MIN_RSA_BITS) return 'key_unusable'
  // What else the key says of itself (alg, key_ops, use) is no concern of WebCrypto's.
  const members = new Map<string, string>()
  for (const name of KEY_MEMBERS) {
    const value = jwk[name]
    if (typeof value === 'string') members.set(name, value)
  }
  const given: Record<string, string> = Object.fromEntries(members)
  let key: PlatformKey
  try {
    key = await crypto.subtle.importKey('jwk', { kty: '', ...given }, imported, false, ['verify'])
  } catch {
    return 'key_unusable'
  }
  return (await crypto.subtle.verify(used, key, signature, input)) ? true : 'signature_invalid'
}

/** Members that make a public key. */
const KEY_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const
