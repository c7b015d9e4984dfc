import { ed25519, x25519 } from '@noble/curves/ed25519'
import { p256, p384, p521 } from '@noble/curves/nist'
import { secp256k1 } from '@noble/curves/secp256k1'
import { decodeBase64url } from '../../domain/base64url.ts'
import { publicJwk, type PublicJwk } from '../../domain/jwk.ts'
import { base64urlUint } from './base64url-uint.ts'
import { hasRocaFingerprint, hasSmallFactor } from './roca.ts'

export type PublicKeyFault = 'key_unusable' | 'key_small_order'

/**
 * What is wrong with a public key; `undefined` for a sound one (rows J26–J28). Its shape is judged
 * again as `publicJwk` does, then comes the arithmetic. Ed25519: the point is encoded canonically, on the
 * curve and of prime order; platforms differ here, and one accepts keys of small order, under
 * which anybody can sign. EC: the point is on the curve. RSA: the modulus is not of a known defective
 * generator and has no small factor. X25519: the number is below the modulus, since RFC 7748 §5 takes
 * larger ones for the same key, which would then have several names (row D15), and it is none of those
 * that lead every agreement to zero (§6.1).
 *
 * Costs up to half a millisecond, so callers remember the answer.
 */
export function publicKeyFault(jwk: PublicJwk): PublicKeyFault | undefined {
  if (!publicJwk(jwk).ok) return 'key_unusable'
  switch (jwk.kty) {
    case 'OKP':
      return jwk.crv === 'Ed25519' ? ed25519Fault(octets(jwk.x)) : x25519Fault(octets(jwk.x))
    case 'EC':
      return onCurve(jwk) ? undefined : 'key_unusable'
    case 'RSA':
      return rsaFault(base64urlUint(jwk.n))
  }
}

function ed25519Fault(x: Uint8Array): PublicKeyFault | undefined {
  const point = decoded(() => ed25519.Point.fromBytes(x, false))
  if (point !== undefined)
    return point.isSmallOrder() || !point.isTorsionFree() ? 'key_small_order' : undefined
  // A point of small order is named so in each of its spellings.
  const lenient = decoded(() => ed25519.Point.fromBytes(x, true))
  return lenient?.isSmallOrder() === true ? 'key_small_order' : 'key_unusable'
}

/** Whatever the private key, it is a multiple of eight: a point of small order leads to zero. */
const ANY_PRIVATE_KEY = new Uint8Array(32).fill(1)

function x25519Fault(u: Uint8Array): PublicKeyFault | undefined {
  if (!isReduced(u)) return 'key_unusable'
  // The curve library refuses an agreement on zero.
  const agreed = decoded(() => x25519.getSharedSecret(ANY_PRIVATE_KEY, u))
  return agreed === undefined ? 'key_small_order' : undefined
}

/** Below 2^255 - 19, in little endian. */
function isReduced(bytes: Uint8Array): boolean {
  const [lowest = 0, highest = 0] = [bytes[0], bytes[31]]
  if (highest > 0x7f) return false
  return highest < 0x7f || bytes.subarray(1, 31).some((byte) => byte !== 0xff) || lowest < 0xed
}

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521, secp256k1 } as const
const UNCOMPRESSED = 0x04

function onCurve(jwk: PublicJwk & { readonly kty: 'EC' }): boolean {
  const bytes = Uint8Array.of(UNCOMPRESSED, ...octets(jwk.x), ...octets(jwk.y))
  return decoded(() => CURVES[jwk.crv].Point.fromBytes(bytes)) !== undefined
}

function rsaFault(modulus: bigint): PublicKeyFault | undefined {
  return hasRocaFingerprint(modulus) || hasSmallFactor(modulus) ? 'key_unusable' : undefined
}

/** Bytes of a member that `publicJwk` has accepted. */
const octets = (member: string): Uint8Array => decodeBase64url(member) ?? new Uint8Array()

/** The curve library throws a plain `Error` for a point that it refuses; anything else is a bug. */
function decoded<Point>(decode: () => Point): Point | undefined {
  try {
    return decode()
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'Error') return undefined
    throw cause
  }
}
