import { ed25519 } from '@noble/curves/ed25519'
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
 * generator and has no small factor. X25519: every 32 bytes are a key (RFC 7748 §5).
 *
 * Costs up to half a millisecond, so callers remember the answer.
 */
export function publicKeyFault(jwk: PublicJwk): PublicKeyFault | undefined {
  if (!publicJwk(jwk).ok) return 'key_unusable'
  switch (jwk.kty) {
    case 'OKP':
      return jwk.crv === 'Ed25519' ? ed25519Fault(octets(jwk.x)) : undefined
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
