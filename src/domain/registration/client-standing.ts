import { CLIENT_DEGRADED_SECONDS } from '../limits.ts'
import type { EpochSeconds } from '../time.ts'
import type { Check } from '../verification/check.ts'
import type { FindingCode } from '../verification/findings.ts'
import type { ClientState } from './registered-client.ts'

/** What a registration is worth when everything it rests on has answered. */
export interface SettledState {
  readonly status: 'active' | 'suspended' | 'revoked'
  readonly reason: string | undefined
  readonly since: EpochSeconds
  /** When everything last answered. */
  readonly at: EpochSeconds
}

/** What one evaluation found: codes, the first found first. */
export interface ClientFindings {
  /** Ended for good by who may end it. */
  readonly ended: readonly FindingCode[]
  /** Answered, and against the client; it can be mended. */
  readonly against: readonly FindingCode[]
  /** Not answered, or answered in a way that any broken host would. */
  readonly open: readonly FindingCode[]
}

/** Said by the issuer or the client itself, under its own signature or in its own store. */
const ENDED: ReadonlySet<FindingCode> = new Set([
  'revoked',
  'chain_link_revoked',
  'did_deactivated',
])

/**
 * Failures that say something about a host and nothing about the client: an error page, a list that
 * is empty or too short for the entry, a document that is gone.
 */
export const OPEN: ReadonlySet<FindingCode> = new Set([
  'chain_presentation_invalid',
  'destination_not_allowed',
  'did_document_invalid',
  'did_not_found',
  'redirect_not_followed',
  'status_index_invalid',
  'status_issuer_mismatch',
  'status_list_mismatch',
  'status_list_not_authentic',
])

/** Sorts the findings of an evaluation; `isOpen` names further failures that leave a question open. */
export function sortFindings(
  checks: readonly Check[],
  isOpen: (check: Check) => boolean,
): ClientFindings {
  const codes = (wanted: (check: Check, code: FindingCode) => boolean): readonly FindingCode[] =>
    checks.flatMap((check) =>
      check.code !== undefined && wanted(check, check.code) ? [check.code] : [],
    )
  const leavesOpen = (check: Check, code: FindingCode): boolean =>
    check.outcome === 'indeterminate' ||
    (check.outcome === 'fail' && (OPEN.has(code) || isOpen(check)))
  return {
    ended: codes(({ outcome }, code) => outcome === 'fail' && ENDED.has(code)),
    against: codes(
      (check, code) => check.outcome === 'fail' && !ENDED.has(code) && !leavesOpen(check, code),
    ),
    open: codes(leavesOpen),
  }
}

export interface Standing {
  readonly state: ClientState
  readonly settled: SettledState
}

/**
 * What a client is worth after an evaluation (docs/operations.md, "Following clients").
 *
 * A revocation is final for its decision. What cannot be asked never revokes and never suspends: the
 * client is `degraded` while the last full answer was good and is at most `CLIENT_DEGRADED_SECONDS` old,
 * `unknown` otherwise.
 */
export function nextStanding(
  { state, settled }: Standing,
  { ended, against, open }: ClientFindings,
  now: EpochSeconds,
): Standing {
  if (settled.status === 'revoked')
    return { state: moved(state, 'revoked', settled.reason, now), settled }
  const [reason] = [...ended, ...against]
  const status = ended.length > 0 ? 'revoked' : against.length > 0 ? 'suspended' : 'active'
  if (status === 'active' && open.length > 0) {
    const lasts = settled.status === 'active' && now - settled.at <= CLIENT_DEGRADED_SECONDS
    return { state: moved(state, lasts ? 'degraded' : 'unknown', open[0], now), settled }
  }
  const since = settled.status === status ? settled.since : now
  return {
    state: moved(state, status, reason, now),
    settled: { status, reason, since, at: now },
  }
}

const moved = (
  before: ClientState,
  status: ClientState['status'],
  reason: string | undefined,
  now: EpochSeconds,
): ClientState => ({
  status,
  reason,
  since: before.status === status ? before.since : now,
  evaluatedAt: now,
})
