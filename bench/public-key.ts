/** The algorithms that both did-jwt-vc and the profile know. */
export type BenchAlgorithm = 'EdDSA' | 'ES256'

/** As much of a JWK (RFC 7517 §4) as these keys need. */
export interface PublicKey {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y?: string
}

/** The public JWK behind a segment of a path: `x` of Ed25519, or `x.y` of P-256, each base64url. */
export function publicJwkIn(keySegment: string): PublicKey {
  const [x = '', y] = keySegment.split('.')
  return y === undefined ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y }
}

/** What `publicJwkIn` reads. */
export const keySegmentOf = ({ x, y }: PublicKey): string => (y === undefined ? x : `${x}.${y}`)
