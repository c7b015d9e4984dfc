import type { PublicJwk, SignatureAlgorithm } from '../../domain/jwk.ts'

/** One signature algorithm in the words of Web Cryptography. */
interface WebCryptoAlgorithm {
  readonly key: SubtleCryptoImportKeyAlgorithm
  /** A name alone where that says all: the platform reads it in no time, and an object member by member. */
  readonly signature: SubtleCryptoSignAlgorithm | string
}

/** RFC 7518 §3.4, §3.5 (the salt is as long as the hash) and RFC 8037 §3.1. */
export const WEB_CRYPTO: Readonly<Record<SignatureAlgorithm, WebCryptoAlgorithm>> = {
  EdDSA: { key: { name: 'Ed25519' }, signature: 'Ed25519' },
  ES256: {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    signature: { name: 'ECDSA', hash: 'SHA-256' },
  },
  ES384: {
    key: { name: 'ECDSA', namedCurve: 'P-384' },
    signature: { name: 'ECDSA', hash: 'SHA-384' },
  },
  PS256: {
    key: { name: 'RSA-PSS', hash: 'SHA-256' },
    signature: { name: 'RSA-PSS', saltLength: 32 },
  },
}

/** Bytes of a JWS signature: fixed for the curves, the modulus' own length for RSA. */
export function signatureBytes(jwk: PublicJwk, alg: SignatureAlgorithm): number {
  if (jwk.kty === 'RSA') return Math.floor((jwk.n.length * 6) / 8)
  return alg === 'ES384' ? 96 : 64
}

/** The JWK as a key that does one thing and cannot be exported. Throws what the platform throws. */
export const importKey = async (
  jwk: Readonly<Record<string, string>> | PublicJwk,
  alg: SignatureAlgorithm,
  usage: 'sign' | 'verify',
): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', { ...jwk } as JsonWebKey, WEB_CRYPTO[alg].key, false, [usage])
