import { differences, type Difference } from '../domain/evidence/differences.ts'
import type { Outcome } from '../domain/evidence/receipt.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { PolicyVersion, TrustPolicy } from '../domain/trust/policy.ts'
import type { SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'
import { couldBeSpent } from './challenge.ts'
import { judgeAgain, type JudgingNeeds } from './judge-again.ts'
import { openEvidence } from './open-evidence.ts'
import type { MissingObservation } from './playback.ts'
import { outcomeOf, reportIn } from './replay-decision.ts'

type Needs = JudgingNeeds & Pick<Ports, 'digest' | 'signer' | 'verifiers'>

type Named = Pick<SealedDecision, 'id' | 'kind' | 'at' | 'subject'>

/** A decision that the draft would have decided otherwise. */
export interface ChangedDecision extends Named {
  readonly before: Outcome
  readonly after: Outcome
  readonly differences: readonly Difference[]
}

/** A decision that the draft cannot be tried on. */
export interface UntriedDecision extends Named {
  /** `not_on_record`: the draft needs what was not asked for then. `evidence_broken`: its seal does not hold. */
  readonly reason: 'not_on_record' | 'evidence_broken'
  readonly missing: readonly MissingObservation[]
}

export interface DryRun {
  /** How many decisions were looked at. */
  readonly decisions: number
  readonly unchanged: number
  /** Newest first. */
  readonly changed: readonly ChangedDecision[]
  readonly untried: readonly UntriedDecision[]
}

/** The draft is no version yet. */
const DRAFT_VERSION = 0

/** Rows that one call to the store asks for: evidence is large. */
const ROWS = 50

/**
 * Tries a draft policy on the last decisions that were kept, each at its own moment and in its own
 * world, and says which verdict or trust would have been another. Stores nothing. A challenge that was
 * not looked at then counts as one that could have been spent, but for one that claims to be ours and is
 * not, or that had ended.
 */
export async function dryRunPolicy(
  needs: Needs,
  verifier: Verifier,
  draft: TrustPolicy,
  last: number,
): Promise<DryRun> {
  const changed: ChangedDecision[] = []
  const untried: UntriedDecision[] = []
  let decisions = 0
  let cursor: string | undefined
  do {
    const limit = Math.min(ROWS, last - decisions)
    const page = await needs.verifiers.latestDecisions(verifier.id, { cursor, limit })
    for (const sealed of page.rows) {
      const tried = await tryOn(needs, verifier, sealed, draft)
      if (tried === undefined) continue
      if ('reason' in tried) untried.push(tried)
      else changed.push(tried)
    }
    decisions += page.rows.length
    cursor = page.cursor
  } while (cursor !== undefined && decisions < last)
  const unchanged = decisions - changed.length - untried.length
  return { decisions, unchanged, changed, untried }
}

/** `undefined`: the draft would have come to the same. */
async function tryOn(
  needs: Needs,
  verifier: Verifier,
  sealed: SealedDecision,
  draft: TrustPolicy,
): Promise<ChangedDecision | UntriedDecision | undefined> {
  const { id, kind, at, subject } = sealed
  const named = { id, kind, at, subject }
  const opened = await openEvidence(needs, verifier, sealed)
  const told = opened.ok ? reportIn(opened.value.evidence) : undefined
  if (!opened.ok || told === undefined) return { ...named, reason: 'evidence_broken', missing: [] }
  const { evidence } = opened.value
  const policy: PolicyVersion = { ...evidence.policy, version: DRAFT_VERSION, policy: draft }
  const { challenge } = evidence.question
  const unspent =
    evidence.kind !== 'presentation' ||
    (typeof challenge === 'string' && couldBeSpent(needs, verifier, challenge, evidence.at))
  const again = await judgeAgain(needs, evidence, policy, unspent)
  if (!again.ok) {
    const missing = again.refusal.reason === 'not_on_record' ? again.refusal.missing : []
    return { ...named, reason: 'not_on_record', missing }
  }
  const [before, after] = [outcomeOf(told), outcomeOf(again.value)]
  if (before.verdict === after.verdict && before.trust === after.trust) return undefined
  return { ...named, before, after, differences: differences(told, again.value) }
}
