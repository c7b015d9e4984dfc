import type { UnverifiedJws } from '../domain/jws.ts'
import type { PublicJwk } from '../domain/jwk.ts'
import type { Result } from '../domain/result.ts'

export interface SignatureRefusal {
  readonly reason: 'signature_invalid' | 'key_alg_mismatch' | 'key_unusable' | 'key_small_order'
}

export interface SignatureVerifier {
  /**
   * Verifies the signature of `jws` under `key`. The algorithm is pinned by the key (row J4); a key
   * that is weak, malformed or not on its curve is refused before it is used (rows J26–J29).
   * Looks at nothing but the signature: header rules and claims are the domain's.
   */
  verify(
    jws: Pick<UnverifiedJws, 'compact' | 'alg' | 'signature'>,
    key: PublicJwk,
  ): Promise<Result<true, SignatureRefusal>>
}
