import type { DecisionKind } from '../domain/evidence/evidence.ts'
import type { InstanceKind } from '../domain/instance/instance.ts'

/**
 * What happened, one member per business event. Labels have few values (`reason`, `verdict`,
 * `codes`); ids and DIDs tell which. Never a token, a credential or a key (row H18).
 */
export interface Events {
  /** Absent where nobody reads it: of all events the one that each request would pay for. */
  readonly requestAnswered?: (event: {
    readonly requestId: string
    readonly method: string
    /** The route's pattern, not the path. */
    readonly route: string
    readonly status: number
    readonly milliseconds: number
  }) => void
  requestFailed(event: { readonly requestId: string; readonly fault: string }): void
  authorizationRefused(event: { readonly requestId: string; readonly reason: string }): void
  instanceChanged(event: {
    readonly kind: InstanceKind
    readonly id: string
    readonly action: 'created' | 'changed' | 'retired' | 'token_replaced' | 'keys_rotated'
  }): void
  credentialIssued(event: {
    readonly issuer: string
    /** Last segment of its URL; its `id` may be any text of the caller. */
    readonly cid: string
    readonly lsoType: string | undefined
    readonly format: string
  }): void
  statusChanged(event: { readonly issuer: string; readonly status: string }): void
  policyChanged(event: { readonly verifier: string; readonly version: number }): void
  /** A token that a client sent to its authorization server. */
  clientTokenJudged(event: {
    readonly verifier: string
    readonly what: string
    readonly client: string | undefined
    readonly verdict: string
    /** Codes of all failed checks. */
    readonly codes: readonly string[]
  }): void
  /** How a registered client stands has changed. */
  clientFollowed(event: {
    readonly verifier: string
    readonly client: string
    readonly status: string
    readonly reason: string | undefined
  }): void
  /** A registered client could not be looked at; it stays due. */
  clientNotFollowed(event: {
    readonly verifier: string
    readonly client: string
    readonly fault: string
  }): void
  verified(event: {
    readonly verifier: string
    readonly what: DecisionKind
    readonly verdict: string
    readonly trust: string
    /** Codes of all failed checks. */
    readonly codes: readonly string[]
  }): void
}
