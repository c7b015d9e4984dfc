/** The algorithms of a bench, and what a path names their keys by. */
export type BenchAlgorithm = 'EdDSA' | 'ES256'

/** As much of a JWK (RFC 7517 §4) as these keys need. */
export interface PublicKey {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y?: string
}

/** The public JWK behind a path segment: `x` of Ed25519, or `x.y` of P-256, each base64url. */
export function publicJwkIn(segment: string): PublicKey {
  const [x = '', y] = segment.split('.')
  return y === undefined ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y }
}

/** The segment that `publicJwkIn` reads. */
export const segmentOf = ({ x, y }: PublicKey): string => (y === undefined ? x : `${x}.${y}`)
