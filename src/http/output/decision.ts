import type { Context } from 'hono'
import type { Difference } from '../../domain/evidence/differences.ts'
import type { Evidence } from '../../domain/evidence/evidence.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import type { DecisionSummary, SealedDecision } from '../../ports/decisions.ts'
import type { Decision, DecisionRefusal } from '../../use-cases/decision-on-record.ts'
import type { DryRun } from '../../use-cases/dry-run-policy.ts'
import { isCredentialReport, isPresentationReport } from '../../use-cases/kept-report.ts'
import type { BrokenSeal } from '../../use-cases/open-evidence.ts'
import type { Replay } from '../../use-cases/replay-decision.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from './problem.ts'
import { credentialReport, presentationReport } from './report.ts'

/** What proves a decision later; nothing where it was not kept. */
export const proofOf = (kept: Decision<unknown>['kept']) =>
  kept === undefined
    ? {}
    : { decisionId: kept.id, evidenceDigest: kept.digest, receipt: kept.receipt }

const named = ({
  id,
  kind,
  at,
  subject,
}: Pick<DecisionSummary, 'id' | 'kind' | 'at' | 'subject'>) => ({
  decisionId: id,
  kind,
  at: dateTimeStamp(at),
  ...(subject === undefined ? {} : { subject }),
})

/** A decision as listings show it. */
export const decisionSummary = (decision: DecisionSummary) => ({
  ...named(decision),
  verdict: decision.verdict,
  trust: decision.trust,
  policyVersion: decision.policyVersion,
  evidenceDigest: decision.digest,
})

/**
 * A decision with all that seals it, as JSON text. The evidence stands in it letter by letter as it was
 * hashed, so that a reader who knows no canonical JSON can cut it out.
 */
export function decisionText(decision: SealedDecision): string {
  const { evidence, receipt } = decision
  const rest = JSON.stringify({ ...decisionSummary(decision), receipt })
  return `${rest.slice(0, -1)},"evidence":${evidence}}`
}

/** The report of a decision as it was answered, with what seals it. */
export function decidedReport({ report, policy, publicUrl }: Evidence, sealed: SealedDecision) {
  const told = isPresentationReport(report)
    ? presentationReport(report, policy.version, publicUrl)
    : isCredentialReport(report)
      ? credentialReport(report, policy.version, publicUrl)
      : {}
  return { ...told, ...proofOf(sealed) }
}

/** What came of deciding again. */
export const replayView = (id: string, { receiptKey, after, ...replay }: Replay) => ({
  decisionId: id,
  receiptKey,
  outcome: replay.outcome,
  before: replay.before,
  ...(after === undefined ? {} : { after }),
  differences: replay.differences.map(differenceView),
  missing: replay.missing,
})

/** What a draft policy would have changed. */
export const dryRunView = ({ decisions, unchanged, changed, untried }: DryRun) => ({
  decisions,
  counts: { unchanged, changed: changed.length, untried: untried.length },
  changed: changed.map(({ before, after, differences, ...decision }) => ({
    ...named(decision),
    before,
    after,
    differences: differences.map(differenceView),
  })),
  untried: untried.map(({ reason, missing, ...decision }) => ({
    ...named(decision),
    reason,
    missing,
  })),
})

const differenceView = ({ credential, before, after }: Difference) => ({
  ...(credential === undefined ? {} : { credential }),
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
})

export function decisionRefusal(
  c: Context<AppEnv>,
  refusal: DecisionRefusal | BrokenSeal | { readonly reason: 'not_found' },
): Response {
  switch (refusal.reason) {
    case 'verifier_without_keys':
      return problem(c, refusal.reason, {
        detail:
          'Create a verifier with "keys", each the kid of a key in SIGNING_KEYS, or verify without keepEvidence',
      })
    case 'evidence_too_large':
      return problem(c, refusal.reason, {
        detail:
          'Nothing was kept and no challenge was spent. Verify fewer credentials at once, or without keepEvidence',
      })
    case 'decision_gone':
      return problem(c, refusal.reason, { detail: 'Verify again under another Idempotency-Key' })
    case 'evidence_broken':
      return problem(c, refusal.reason, { detail: BROKEN[refusal.fault] })
    default:
      return problem(c, refusal.reason)
  }
}

const BROKEN: Readonly<Record<BrokenSeal['fault'], string>> = {
  digest: 'The evidence is not what its digest was taken of',
  receipt: 'The receipt is not of this verifier, or not about this evidence and outcome',
  record: 'The evidence does not belong to this decision',
}
