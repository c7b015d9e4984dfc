import type { JsonObject, JsonRefusal } from './json/strict-json.ts'
import type { SignatureAlgorithm } from './jwk.ts'

/** A compact JWS (RFC 7515 §7.1) that is well-formed and of an allowed shape, and not verified. */
export interface UnverifiedJws {
  readonly compact: string
  readonly header: JsonObject
  readonly alg: SignatureAlgorithm
  /** Absolute DID URL for participants; absent only where the purpose allows it. */
  readonly kid: string | undefined
  readonly payload: JsonObject
}

export type JwsRefusal =
  | JsonRefusal
  | { readonly reason: 'token_too_large' }
  | { readonly reason: 'token_malformed' }
  | { readonly reason: 'alg_not_allowed' }
  | { readonly reason: 'header_not_allowed'; readonly header: string }
  | { readonly reason: 'typ_mismatch' }
  | { readonly reason: 'kid_missing' }
