import type { PublicJwk, SignatureAlgorithm } from '../domain/jwk.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'

/** The public side of one key of the secret `SIGNING_KEYS`. */
export interface SigningKey {
  /** The name that instances refer to in `keys`. */
  readonly kid: string
  readonly alg: SignatureAlgorithm
  readonly publicKeyJwk: PublicJwk
}

export interface Signer {
  /** The operator's keys, in the order of the secret. */
  readonly keys: readonly SigningKey[]
  /**
   * A compact JWS over `payload`, signed with the operator's key `kid`. `header` is taken as it is and
   * gets `alg` of that key. Throws when there is no such key: callers check against `keys` first.
   */
  sign(kid: string, header: JsonObject, payload: JsonObject): Promise<string>
}
