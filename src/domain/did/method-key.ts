import type { JsonObject } from '../json/strict-json.ts'
import { algorithmOf, PRIVATE_JWK_MEMBERS, publicJwk, sameKey, type PublicJwk } from '../jwk.ts'
import { ok, refuse, type Result } from '../result.ts'

/** What reading a key needs from the arithmetic of its curve. */
export interface KeyArithmetic {
  /** The key of a canonical Multikey (CID 1.0 §2.2.2); `undefined` for anything else. */
  multikey(text: string): PublicJwk | undefined
  /** False for a key that must never verify anything: off its curve, weak, of small or mixed order. */
  isSound(jwk: PublicJwk): boolean
}

export interface MethodKeyRefusal {
  readonly reason: 'key_unusable' | 'key_private' | 'key_ambiguous'
}

/** Private material of every verification method type that ever had a name for it (row K5). */
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
 * The public key of a verification method (CID 1.0 §2.2): from `publicKeyJwk`, from a Multikey in
 * `publicKeyMultibase`, or from both if they are the same key. Refuses private material, two keys in
 * one method (row D19), and every key that this service has no use for.
 */
export function methodKey(
  method: JsonObject,
  arithmetic: KeyArithmetic,
): Result<PublicJwk, MethodKeyRefusal> {
  if (holdsPrivateKey(method)) return refuse({ reason: 'key_private' })
  const keys: PublicJwk[] = []
  if (Object.hasOwn(method, 'publicKeyJwk')) {
    const jwk = publicJwk(method['publicKeyJwk'])
    if (!jwk.ok) return refuse({ reason: 'key_unusable' })
    keys.push(jwk.value)
  }
  if (Object.hasOwn(method, 'publicKeyMultibase')) {
    const multibase = method['publicKeyMultibase']
    const jwk = typeof multibase === 'string' ? arithmetic.multikey(multibase) : undefined
    if (jwk === undefined) return refuse({ reason: 'key_unusable' })
    keys.push(jwk)
  }
  const [key, other] = keys
  if (key === undefined) return refuse({ reason: 'key_unusable' })
  if (other !== undefined && !sameKey(key, other)) return refuse({ reason: 'key_ambiguous' })
  const signs = algorithmOf(key) !== undefined
  return signs && !arithmetic.isSound(key) ? refuse({ reason: 'key_unusable' }) : ok(key)
}

function holdsPrivateKey(method: JsonObject): boolean {
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(method, member))) return true
  const jwk = method['publicKeyJwk']
  return (
    typeof jwk === 'object' &&
    jwk !== null &&
    PRIVATE_JWK_MEMBERS.some((member) => Object.hasOwn(jwk, member))
  )
}
