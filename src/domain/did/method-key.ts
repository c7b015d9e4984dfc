import type { JsonObject } from '../json/strict-json.ts'
import { publicJwk, sameKey, type PublicJwk } from '../jwk.ts'
import { ok, refuse, type Result } from '../result.ts'

/** What is wrong with a key (rows J26–J29). */
export type KeyFault = 'key_unusable' | 'key_small_order'

/** What reading a key needs from the arithmetic of its curve. */
export interface KeyArithmetic {
  /** The key of a canonical Multikey (CID 1.0 §2.2.2); `undefined` for anything else. */
  multikey(text: string): PublicJwk | undefined
  /** Why a key must never be used: off its curve, weak, of small or mixed order; `undefined`: it is sound. */
  faultOf(jwk: PublicJwk): KeyFault | undefined
}

export interface MethodKeyRefusal {
  readonly reason: KeyFault | 'key_ambiguous'
}

type KeyMember = 'publicKeyJwk' | 'publicKeyMultibase'

/**
 * Where each type of verification method that we know how to use has its key, and the one kind of key
 * that it is for; `undefined`: any. From CID 1.0 §2.2, the W3C list of DID document properties and the
 * suites it names. A method of any other type may mean its key in a way that we do not know.
 */
const TYPES: ReadonlyMap<string, readonly [KeyMember, string | undefined]> = new Map([
  ['JsonWebKey', ['publicKeyJwk', undefined]],
  ['JsonWebKey2020', ['publicKeyJwk', undefined]],
  ['Multikey', ['publicKeyMultibase', undefined]],
  ['Ed25519VerificationKey2018', ['publicKeyJwk', 'Ed25519']],
  ['Ed25519VerificationKey2020', ['publicKeyMultibase', 'Ed25519']],
  ['EcdsaSecp256r1VerificationKey2019', ['publicKeyJwk', 'P-256']],
  ['EcdsaSecp256k1VerificationKey2019', ['publicKeyJwk', 'secp256k1']],
  ['RsaVerificationKey2018', ['publicKeyJwk', 'RSA']],
  ['X25519KeyAgreementKey2020', ['publicKeyMultibase', 'X25519']],
])

/**
 * The public key of a verification method (CID 1.0 §2.2), from the member that belongs to its type.
 * Refuses two keys in one method (row D19): a `publicKeyJwk` and a Multikey must be the same, and
 * nothing else that calls itself a public key may stand beside them, since we cannot compare it. Refuses
 * every key that this service has no use for. Private material is not looked for here.
 */
export function methodKey(
  method: JsonObject,
  arithmetic: KeyArithmetic,
): Result<PublicJwk, MethodKeyRefusal> {
  const type = method['type']
  const [member, kind] = (typeof type === 'string' ? TYPES.get(type) : undefined) ?? []
  if (member === undefined || !Object.hasOwn(method, member)) return unusable
  const others = Object.keys(method).filter(
    (name) => name.startsWith('publicKey') && name !== member,
  )
  const key = keyIn(method, member, arithmetic)
  if (key === undefined) return unusable
  if (!others.every((name) => holdsSameKey(method, name, key, arithmetic)))
    return refuse({ reason: 'key_ambiguous' })
  const isOfType = kind === undefined || kind === kindOf(key)
  const fault = isOfType ? arithmetic.faultOf(key) : 'key_unusable'
  return fault === undefined ? ok(key) : refuse({ reason: fault })
}

const unusable = refuse({ reason: 'key_unusable' } as const)

const kindOf = (key: PublicJwk): string => (key.kty === 'RSA' ? key.kty : key.crv)

function holdsSameKey(
  method: JsonObject,
  name: string,
  key: PublicJwk,
  arithmetic: KeyArithmetic,
): boolean {
  if (name !== 'publicKeyJwk' && name !== 'publicKeyMultibase') return false
  const other = keyIn(method, name, arithmetic)
  return other !== undefined && sameKey(key, other)
}

function keyIn(
  method: JsonObject,
  member: KeyMember,
  arithmetic: KeyArithmetic,
): PublicJwk | undefined {
  const value = method[member]
  if (member === 'publicKeyMultibase')
    return typeof value === 'string' ? arithmetic.multikey(value) : undefined
  const jwk = publicJwk(value)
  return jwk.ok ? jwk.value : undefined
}
