import type { Result } from '../domain/result.ts'
import type { EpochSeconds } from '../domain/time.ts'

/** An `Idempotency-Key` with a digest of the request it came with (row H13). */
export interface IdempotencyMark {
  /** The caller, and the key that it sent: nobody meets another's (row H13). */
  readonly key: string
  /** base64url SHA-256 over method, path and body. */
  readonly request: string
}

/** Who changes something, when, and under which `Idempotency-Key`. Goes into the audit record. */
export interface Change {
  readonly actor: string
  readonly at: EpochSeconds
  readonly mark: IdempotencyMark | undefined
}

/**
 * The outcome of a change. The same mark again answers the first outcome, `replayed`, and changes
 * nothing; the same key with another request is refused. Outcome, audit record and mark are written
 * in the transaction of the change.
 */
export type Applied<Value> = Result<
  { readonly value: Value; readonly replayed: boolean },
  { readonly reason: 'idempotency_key_reused' }
>

/**
 * Thrown by a store that cannot answer now (busy, overloaded, disk, reset). The caller must neither
 * take it for a "no" nor for a "yes"; over HTTP it is 503 with `Retry-After` (row H15).
 */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable'
}
