import type { Did } from '../domain/did/did.ts'
import type { DecisionKind } from '../domain/evidence/evidence.ts'
import type { Outcome } from '../domain/evidence/receipt.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import type { Granted } from '../domain/registration/granted-terms.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Applied, Change } from './change.ts'
import type { Page, PageRequest } from './page.ts'

/** A decision as listings show it. */
export interface DecisionSummary extends Outcome {
  readonly id: string
  readonly kind: DecisionKind
  readonly at: EpochSeconds
  /** Whom it was about, as far as that could be read. */
  readonly subject: string | undefined
  readonly policyVersion: number
  /** base64url SHA-256 of the evidence. */
  readonly digest: string
}

/** A decision with its evidence, sealed. */
export interface SealedDecision extends DecisionSummary {
  /** Canonical JSON, as it was hashed. */
  readonly evidence: string
  /** A compact JWS of the verifier over the digest. */
  readonly receipt: string
}

/** Which decisions a verifier keeps, beside those that its clients rest on, which it always keeps. */
export interface Retention {
  /** At most so many: the oldest go first. */
  readonly atMost: number
  /** Of registrations of one DID at most so many: its oldest go first. */
  readonly atMostOfOneClient: number
  /** None that was made before. */
  readonly since: EpochSeconds
}

/** The decisions of a verifier that were kept with their evidence. None is ever rewritten. */
export interface Decisions {
  /**
   * Stores a decision, and lets those go that `retention` no longer keeps, in one transaction with the
   * audit records. Answers with the `id` that was stored under this mark: another one than the
   * decision's where it was replayed.
   */
  keepDecision(
    id: InstanceId,
    decision: SealedDecision,
    retention: Retention,
    change: Change,
  ): Promise<Applied<string>>
  /** What `keepDecision` came to under the mark of this change; `undefined`: nothing yet. */
  decisionUnder(id: InstanceId, change: Change): Promise<Applied<string> | undefined>
  decision(id: InstanceId, decisionId: string): Promise<SealedDecision | undefined>
  /** Oldest first. */
  decisions(id: InstanceId, page: PageRequest): Promise<Page<DecisionSummary>>
  /** With their evidence, newest first. A page may end early when its text grows large. */
  latestDecisions(id: InstanceId, page: PageRequest): Promise<Page<SealedDecision>>
  /**
   * What the kept registrations of a client granted, by their evidence, oldest first: the newest `limit`. Seals
   * are not looked at.
   */
  grants(id: InstanceId, clientId: Did, limit: number): Promise<readonly Granted[]>
  /**
   * Forgets a decision and its evidence; the audit record of its making stays. `in_use`: a client rests
   * on it.
   */
  deleteDecision(
    id: InstanceId,
    decisionId: string,
    change: Change,
  ): Promise<Applied<'deleted' | 'not_found' | 'in_use'>>
}
