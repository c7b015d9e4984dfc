import type { DecisionKind } from '../domain/evidence/evidence.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import { spendChallenge } from './challenge.ts'
import {
  decidedUnder,
  decisionIn,
  decisionOnRecord,
  tellDecision,
  type Decision,
  type DecisionNeeds,
  type DecisionRefusal,
} from './decision-on-record.ts'
import { isCredentialReport, isPresentationReport } from './kept-report.ts'
import { recording } from './recording.ts'
import { retentionAt, sealingKey } from './seal-evidence.ts'
import { verificationContext } from './verification-context.ts'
import {
  verifyCredential,
  type CredentialReport,
  type VerificationContext,
  type VerifyNeeds,
} from './verify-credential.ts'
import {
  verifyPresentation,
  type PresentationQuestion,
  type PresentationReport,
  type SpendChallenge,
} from './verify-presentation.ts'

/** One thing to be decided, and how. */
interface Case<Report> {
  readonly kind: DecisionKind
  readonly question: JsonObject
  judge(
    world: VerifyNeeds,
    context: VerificationContext,
    around: (spend: SpendChallenge) => SpendChallenge,
  ): Promise<Report>
  subject(report: Report): string | undefined
  readonly isReport: (value: Json) => value is Report & Json
}

type AnyReport = CredentialReport | PresentationReport

/**
 * Decides about a credential: verifies it under the policy of now and says so in an event.
 *
 * @param keep the change under which the evidence is kept; `undefined`: nothing is kept.
 * @param chain accreditations that the caller brings along.
 */
export const decideCredential = (
  needs: DecisionNeeds,
  verifier: Verifier,
  secured: Json,
  keep: Change | undefined,
  chain?: readonly Json[],
): Promise<Result<Decision<CredentialReport>, DecisionRefusal>> =>
  decide<CredentialReport>(needs, verifier, keep, {
    kind: 'credential',
    question: { verifiableCredential: secured, ...(chain === undefined ? {} : { chain }) },
    judge: (world, context) =>
      verifyCredential(world, secured, chain === undefined ? context : { ...context, chain }),
    subject: ({ subject }) => subject,
    isReport: isCredentialReport,
  })

/** As `decideCredential`, about a presentation, whose challenge is spent with it. */
export const decidePresentation = (
  needs: DecisionNeeds,
  verifier: Verifier,
  secured: Json,
  question: PresentationQuestion,
  keep: Change | undefined,
): Promise<Result<Decision<PresentationReport>, DecisionRefusal>> =>
  decide<PresentationReport>(needs, verifier, keep, {
    kind: 'presentation',
    question: { verifiablePresentation: secured, ...question },
    judge: (world, context, around) =>
      verifyPresentation(
        world,
        around((challenge, times) => spendChallenge(needs, verifier, challenge, times, keep?.mark)),
        secured,
        question,
        context,
      ),
    subject: ({ holder }) => holder,
    isReport: isPresentationReport,
  })

async function decide<Report extends AnyReport>(
  needs: DecisionNeeds,
  verifier: Verifier,
  keep: Change | undefined,
  one: Case<Report>,
): Promise<Result<Decision<Report>, DecisionRefusal>> {
  if (keep !== undefined) return decideOnRecord(needs, verifier, keep, one)
  const context = await verificationContext(needs, verifier)
  const report = await one.judge(needs, context, (spend) => spend)
  tellDecision(needs, verifier, one.kind, report)
  return ok({ report, policyVersion: context.policy.version, kept: undefined })
}

/**
 * Decides with the record running, seals the record and stores it; what cannot be kept is not decided.
 *   key → decided before under this mark? → verify, listening → room for it? → spend → seal → store
 */
async function decideOnRecord<Report extends AnyReport>(
  needs: DecisionNeeds,
  verifier: Verifier,
  keep: Change,
  one: Case<Report>,
): Promise<Result<Decision<Report>, DecisionRefusal>> {
  const context = await verificationContext(needs, verifier)
  const key = sealingKey(needs, verifier, context.now)
  if (!key.ok) return key
  const decided = () => decidedUnder(needs, verifier, keep, one.isReport)
  const before = await decided()
  if (before !== undefined) return before

  const record = recording(needs, needs)
  const decision = decisionOnRecord(needs, verifier, key.value, context, record, one)
  const report = await one.judge({ ...needs, ...record.world }, context, decision.spends)
  if (!decision.hasRoom()) return refuse({ reason: 'evidence_too_large' })
  const sealed = await decision.seal(report, one.subject(report))
  if (!sealed.ok) return sealed
  const retention = retentionAt(context.now)
  const kept = await needs.verifiers.keepDecision(verifier.id, sealed.value, retention, keep)
  if (!kept.ok) return kept
  if (kept.value.replayed) return (await decided()) ?? refuse({ reason: 'decision_gone' })
  tellDecision(needs, verifier, one.kind, report)
  return decisionIn(sealed.value, one.isReport)
}
