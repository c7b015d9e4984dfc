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

/** JWS algorithms that this service knows (rules F6, D10; ES384 for verification only). */
export const SIGNATURE_ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number]

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
export const sameKey = (a: PublicJwk, b: PublicJwk): boolean =>
  thumbprintInput(a) === thumbprintInput(b)
