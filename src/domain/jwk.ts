import { base64urlBytes, decodeBase64url } from './base64url.ts'
import { isJsonObject, type Json, type JsonObject } from './json/strict-json.ts'
import { ok, refuse, type Result } from './result.ts'

/** Public members of a JWK (RFC 7517, 7518, 8037), nothing private, nothing else. */
export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519' | 'X25519'; readonly x: string }
  | {
      readonly kty: 'EC'
      readonly crv: 'P-256' | 'P-384' | 'P-521' | 'secp256k1'
      readonly x: string
      readonly y: string
    }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }

/** Why a JWK is refused: the member, or the kind of member, that is at fault. */
export type JwkFault =
  | 'not_an_object'
  | 'private_member'
  | 'key_type'
  | 'coordinate'
  | 'modulus'
  | 'exponent'
  | 'use'
  | 'key_ops'
  | 'alg'

export interface JwkRefusal {
  readonly reason: 'key_unusable'
  readonly fault: JwkFault
}

/** JWS algorithms that this service knows (rules F6, D10; ES384 for verification only). */
export const SIGNATURE_ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number]

/** How others may write one: RFC 9864 calls EdDSA with Ed25519 `Ed25519`. */
export type SignatureAlgorithmName = SignatureAlgorithm | 'Ed25519'

/** The algorithm behind an `alg`, in our one spelling (ADR 0018). */
export function signatureAlgorithm(alg: unknown): SignatureAlgorithm | undefined {
  if (alg === 'Ed25519') return 'EdDSA'
  return SIGNATURE_ALGORITHMS.find((known) => known === alg)
}

/**
 * The one algorithm that a key signs with here, pinned by the key and never taken from a token (row J4).
 * `undefined`: the key signs nothing in this service (X25519, P-521, secp256k1).
 */
export function algorithmOf(jwk: PublicJwk): SignatureAlgorithm | undefined {
  switch (jwk.kty) {
    case 'OKP':
      return jwk.crv === 'Ed25519' ? 'EdDSA' : undefined
    case 'EC':
      return jwk.crv === 'P-256' ? 'ES256' : jwk.crv === 'P-384' ? 'ES384' : undefined
    case 'RSA':
      return 'PS256'
  }
}

/** Members that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 8037 §2). */
export const PRIVATE_JWK_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/**
 * Reads a JWK of somebody else's strictly (rows J27–J29, D16): a known key type, every number in
 * canonical base64url of the exact length, RSA of 2,048 to 8,192 bits and exponent 65537, nothing private. For a key
 * that can sign here, `use`, `key_ops` and `alg` must not speak against it where they are present.
 * Other members are left out of the answer. Whether the point lies on its curve and the key is a
 * sound one needs arithmetic: that is the key importer's to refuse.
 */
export function publicJwk(value: unknown): Result<PublicJwk, JwkRefusal> {
  if (!isJsonObject(value)) return unusable('not_an_object')
  if (PRIVATE_JWK_MEMBERS.some((member) => value[member] !== undefined))
    return unusable('private_member')
  const key = readPublicMembers(value)
  if (!key.ok) return key
  const alg = algorithmOf(key.value)
  const fault = alg === undefined ? undefined : signingFault(value, alg)
  return fault === undefined ? key : unusable(fault)
}

/** Bytes of one coordinate (RFC 7518 §6.2.1.2, RFC 8037 §2, RFC 8812 §3.1). */
const COORDINATE_BYTES = {
  Ed25519: 32,
  X25519: 32,
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
  secp256k1: 32,
} as const
const OKP_CURVES = ['Ed25519', 'X25519'] as const
const EC_CURVES = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const

function readPublicMembers(value: JsonObject): Result<PublicJwk, JwkRefusal> {
  const { kty, crv, x, y, n, e } = value
  if (kty === 'OKP') {
    const curve = OKP_CURVES.find((known) => known === crv)
    if (curve === undefined) return unusable('key_type')
    return isCoordinate(x, curve) ? ok({ kty, crv: curve, x }) : unusable('coordinate')
  }
  if (kty === 'EC') {
    const curve = EC_CURVES.find((known) => known === crv)
    if (curve === undefined) return unusable('key_type')
    return isCoordinate(x, curve) && isCoordinate(y, curve)
      ? ok({ kty, crv: curve, x, y })
      : unusable('coordinate')
  }
  if (kty !== 'RSA') return unusable('key_type')
  if (!isModulus(n)) return unusable('modulus')
  return e === RSA_EXPONENT ? ok({ kty, n, e }) : unusable('exponent')
}

const isCoordinate = (
  value: Json | undefined,
  curve: keyof typeof COORDINATE_BYTES,
): value is string => typeof value === 'string' && base64urlBytes(value) === COORDINATE_BYTES[curve]

/** 65537. Smaller exponents are weak with careless padding, larger ones only cost time. */
const RSA_EXPONENT = 'AQAB'
const MIN_RSA_BITS = 2_048
/** Ours: verification time grows with the square. */
const MAX_RSA_BITS = 8_192
/** Text of the largest modulus; anything longer is not even decoded. */
const MAX_MODULUS_CHARACTERS = Math.ceil(MAX_RSA_BITS / 6)

/** An odd number of 2,048 to 8,192 bits in the fewest bytes (RFC 7518 §6.3.1.1, row J27). */
function isModulus(value: Json | undefined): value is string {
  if (typeof value !== 'string' || value.length > MAX_MODULUS_CHARACTERS) return false
  const bytes = decodeBase64url(value)
  const [first, last] = [bytes?.[0] ?? 0, bytes?.at(-1) ?? 0]
  if (bytes === undefined || first === 0 || last % 2 === 0) return false
  const bits = bytes.length * 8 - (Math.clz32(first) - 24)
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS
}

/** RFC 7517 §4.2–4.4: what a key says about its own use binds us. */
function signingFault(value: JsonObject, pinned: SignatureAlgorithm): JwkFault | undefined {
  const { use, key_ops: operations, alg } = value
  if (use !== undefined && use !== 'sig') return 'use'
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return 'key_ops'
  return alg !== undefined && signatureAlgorithm(alg) !== pinned ? 'alg' : undefined
}

const unusable = (fault: JwkFault): Result<never, JwkRefusal> =>
  refuse({ reason: 'key_unusable', fault })

/** RFC 7638 §3.2: the members a thumbprint is made of, in their order; SHA-256 is the caller's. */
export function thumbprintInput(jwk: PublicJwk): string {
  switch (jwk.kty) {
    case 'OKP':
      return JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x })
    case 'EC':
      return JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })
    case 'RSA':
      return JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n })
  }
}

/** Same public key, member for member. */
export function sameKey(a: PublicJwk, b: PublicJwk): boolean {
  switch (a.kty) {
    case 'OKP':
      return b.kty === 'OKP' && a.crv === b.crv && a.x === b.x
    case 'EC':
      return b.kty === 'EC' && a.crv === b.crv && a.x === b.x && a.y === b.y
    case 'RSA':
      return b.kty === 'RSA' && a.n === b.n && a.e === b.e
  }
}
