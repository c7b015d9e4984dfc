import type { ClientChange } from '../registration/client-change.ts'
import type { ClientFollowing, DocumentSnapshot } from '../registration/client-following.ts'
import type { RedirectHold } from '../registration/redirect-holds.ts'
import type { RegisteredClient } from '../registration/registered-client.ts'
import type { PolicyVersion } from '../trust/policy.ts'
import type { Trust, Verdict } from '../verification/check.ts'
import type { DecisionKind } from '../evidence/evidence.ts'
import type { EpochSeconds } from '../time.ts'
import type { AuditRow } from './archive-row.ts'

/** Kinds of rows, in the order in which an export lists them: the feed and the audit chain come last. */
export const VERIFIER_ARCHIVE_KINDS = [
  'policy',
  'client',
  'client_following',
  'client_hold',
  'client_snapshot',
  'decision',
  'client_change',
  'audit',
] as const
export type VerifierArchiveKind = (typeof VERIFIER_ARCHIVE_KINDS)[number]

export interface PolicyRow extends PolicyVersion {
  readonly kind: 'policy'
}

export interface ClientRow {
  readonly kind: 'client'
  readonly sequence: number
  readonly client: RegisteredClient
}

export interface ClientFollowingRow {
  readonly kind: 'client_following'
  readonly revision: number
  readonly following: ClientFollowing
}

export interface ClientHoldRow {
  readonly kind: 'client_hold'
  readonly sequence: number
  readonly hold: RedirectHold
}

export interface ClientSnapshotRow {
  readonly kind: 'client_snapshot'
  readonly sequence: number
  readonly snapshot: DocumentSnapshot
}

/** A decision as it was sealed. */
export interface DecisionRow {
  readonly kind: 'decision'
  readonly sequence: number
  readonly decision: {
    readonly id: string
    readonly kind: DecisionKind
    readonly at: EpochSeconds
    readonly subject: string | undefined
    readonly verdict: Verdict
    readonly trust: Trust
    readonly policyVersion: number
    readonly digest: string
    readonly evidence: string
    readonly receipt: string
  }
}

export interface ClientChangeRow {
  readonly kind: 'client_change'
  readonly change: ClientChange
}

/** One row of a verifier's export. Nothing in it opens anything: no token hash, no mark, no challenge secret. */
export type VerifierArchiveRow =
  | PolicyRow
  | ClientRow
  | ClientFollowingRow
  | ClientHoldRow
  | ClientSnapshotRow
  | DecisionRow
  | ClientChangeRow
  | AuditRow
