import type { CredentialStatus } from '../domain/status-list/status.ts'
import type { StatusOutcome } from '../domain/status-list/status-outcome.ts'
import type { Result } from '../domain/result.ts'

/** Credentials that fit every member that is given. With none given it is nothing, never everything. */
export interface StatusSelection {
  /** By `id`, alias or last segment of the URL. */
  readonly names: readonly string[] | undefined
  readonly subject: string | undefined
  readonly type: string | undefined
  /**
   * Place in the order of issue behind which a page of at most `MAX_BATCH_ITEMS` is taken; 0 is before
   * all. Absent: all, or none where they are more.
   */
  readonly after?: number | undefined
}

/** One selected credential and what the change does to it. */
export interface StatusHit {
  readonly cid: string
  readonly credentialId: string
  /** Before the change in a preview, after it where it was made. */
  readonly status: CredentialStatus
  readonly outcome: StatusOutcome
}

export interface StatusReport {
  /** Selected credentials of each outcome. */
  readonly counts: Readonly<Record<StatusOutcome, number>>
  /** In the order of issue. */
  readonly hits: readonly StatusHit[]
  /** Of a page: `after` of the next one; absent where there is none. */
  readonly next?: number | undefined
  /** Positions in `names` of those that no credential has. */
  readonly unknown: readonly number[]
}

export interface TooManyMatched {
  readonly reason: 'too_many_matched'
  readonly matched: number
}

export type StatusesPreviewed = Result<StatusReport, TooManyMatched>

export type StatusesChanged = Result<
  { readonly report: StatusReport; readonly replayed: boolean },
  TooManyMatched | { readonly reason: 'idempotency_key_reused' }
>
