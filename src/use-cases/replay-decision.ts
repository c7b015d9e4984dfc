import { differences, sameReport, type Difference } from '../domain/evidence/differences.ts'
import type { Evidence } from '../domain/evidence/evidence.ts'
import type { Outcome } from '../domain/evidence/receipt.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Ports } from '../ports/index.ts'
import { judgeAgain, type JudgingNeeds } from './judge-again.ts'
import { isCredentialReport, isPresentationReport } from './kept-report.ts'
import type { BrokenSeal, OpenedEvidence } from './open-evidence.ts'
import type { MissingObservation } from './playback.ts'
import { readDecision } from './read-decision.ts'
import type { CredentialReport } from './verify-credential.ts'
import type { PresentationReport } from './verify-presentation.ts'

type Needs = JudgingNeeds & Pick<Ports, 'digest' | 'signer' | 'verifiers'>

/** A decision, decided again as of then. */
export interface Replay extends Pick<OpenedEvidence, 'receiptKey'> {
  /** `not_on_record`: this release asks for something that was not asked for then. */
  readonly outcome: 'same' | 'different' | 'not_on_record'
  readonly before: Outcome
  /** Absent when it could not be decided again. */
  readonly after: Outcome | undefined
  readonly differences: readonly Difference[]
  readonly missing: readonly MissingObservation[]
}

/**
 * Decides again what was decided, from its sealed evidence alone and under the policy of then, once its
 * seal was found whole. Stores nothing, spends nothing.
 */
export async function replayDecision(
  needs: Needs,
  verifier: Verifier,
  decisionId: string,
): Promise<Result<Replay, BrokenSeal | { readonly reason: 'not_found' }>> {
  const read = await readDecision(needs, verifier, decisionId)
  if (!read.ok) return read
  const { evidence, receiptKey } = read.value
  const told = reportIn(evidence)
  if (told === undefined) return refuse({ reason: 'evidence_broken', fault: 'record' })
  const before = outcomeOf(told)
  const again = await judgeAgain(needs, evidence, evidence.policy, undefined)
  if (!again.ok) {
    const missing = again.refusal.reason === 'not_on_record' ? again.refusal.missing : []
    const outcome = 'not_on_record'
    return ok({ receiptKey, outcome, before, after: undefined, differences: [], missing })
  }
  return ok({
    receiptKey,
    outcome: sameReport(told, again.value) ? 'same' : 'different',
    before,
    after: outcomeOf(again.value),
    differences: differences(told, again.value),
    missing: [],
  })
}

/** The report as it was told then; `undefined` for none of its kind. */
export function reportIn({
  kind,
  report,
}: Evidence): CredentialReport | PresentationReport | undefined {
  switch (kind) {
    case 'credential':
      return isCredentialReport(report) ? report : undefined
    case 'presentation':
    case 'registration':
      return isPresentationReport(report) ? report : undefined
  }
}

export const outcomeOf = ({ verdict, trust }: Outcome): Outcome => ({ verdict, trust })
