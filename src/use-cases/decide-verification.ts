import {
  asJsonObject,
  evidenceText,
  readEvidence,
  type DecisionKind,
  type Evidence,
} from '../domain/evidence/evidence.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import {
  DECISION_RETENTION_SECONDS,
  EVIDENCE_REPORT_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_KEPT_DECISIONS,
} from '../domain/limits.ts'
import { utf8 } from '../domain/base64url.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { later } from '../domain/time.ts'
import type { Change } from '../ports/change.ts'
import type { SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'
import { spendChallenge } from './challenge.ts'
import type { World } from './inquiries.ts'
import { isCredentialReport, isPresentationReport } from './kept-report.ts'
import { recording } from './recording.ts'
import { sealEvidence, sealingKey, type SealingKey, type SealingRefusal } from './seal-evidence.ts'
import { verificationContext } from './verification-context.ts'
import {
  verifyCredential,
  type CredentialReport,
  type VerificationContext,
} from './verify-credential.ts'
import {
  judgePresentation,
  type PresentationQuestion,
  type PresentationReport,
  type SpendChallenge,
} from './verify-presentation.ts'

type Needs = Pick<
  Ports,
  | 'clock'
  | 'compression'
  | 'credentialSchemas'
  | 'didResolver'
  | 'digest'
  | 'events'
  | 'guardedFetch'
  | 'issuers'
  | 'publicUrl'
  | 'random'
  | 'signatureVerifier'
  | 'signer'
  | 'spentValues'
  | 'statusLists'
  | 'verifiers'
>

/** What a verifier found, under which policy, and what proves it later. */
export interface Decision<Report> {
  readonly report: Report
  readonly policyVersion: number
  /** Absent where no evidence was asked for. */
  readonly kept: Pick<SealedDecision, 'id' | 'digest' | 'receipt'> | undefined
}

export type DecisionRefusal =
  | SealingRefusal
  /** Nothing was kept, and no challenge was spent. */
  | { readonly reason: 'evidence_too_large' | 'idempotency_key_reused' }
  /** It was decided under this `Idempotency-Key`, and its record is deleted or broken since. */
  | { readonly reason: 'decision_gone' }

/** One thing to be decided, and how. */
interface Case<Report> {
  readonly kind: DecisionKind
  readonly question: JsonObject
  judge(
    world: World,
    context: VerificationContext,
    around: (spend: SpendChallenge) => SpendChallenge,
  ): Promise<Report>
  subject(report: Report): string | undefined
  isReport(value: Json): value is Report & Json
}

type AnyReport = CredentialReport | PresentationReport

/**
 * Decides about a credential: verifies it under the policy of now and says so in an event.
 *
 * @param keep the change under which the evidence is kept; `undefined`: nothing is kept.
 * @param chain accreditations that the caller brings along.
 */
export const decideCredential = (
  needs: Needs,
  verifier: Verifier,
  secured: Json,
  keep: Change | undefined,
  chain?: readonly Json[],
): Promise<Result<Decision<CredentialReport>, DecisionRefusal>> =>
  decide<CredentialReport>(needs, verifier, keep, {
    kind: 'credential',
    question: { verifiableCredential: secured, ...(chain === undefined ? {} : { chain }) },
    judge: (world, context) =>
      verifyCredential({ ...needs, ...world }, secured, { ...context, chain: chain ?? [] }),
    subject: ({ subject }) => subject,
    isReport: isCredentialReport,
  })

/** As `decideCredential`, about a presentation, whose challenge is spent with it. */
export const decidePresentation = (
  needs: Needs,
  verifier: Verifier,
  secured: Json,
  question: PresentationQuestion,
  keep: Change | undefined,
): Promise<Result<Decision<PresentationReport>, DecisionRefusal>> =>
  decide<PresentationReport>(needs, verifier, keep, {
    kind: 'presentation',
    question: { verifiablePresentation: secured, ...question },
    judge: (world, context, around) =>
      judgePresentation(
        { ...needs, ...world },
        around((challenge, times) => spendChallenge(needs, verifier, challenge, times)),
        secured,
        question,
        context,
      ),
    subject: ({ holder }) => holder,
    isReport: isPresentationReport,
  })

async function decide<Report extends AnyReport>(
  needs: Needs,
  verifier: Verifier,
  keep: Change | undefined,
  one: Case<Report>,
): Promise<Result<Decision<Report>, DecisionRefusal>> {
  if (keep !== undefined) return decideOnRecord(needs, verifier, keep, one)
  const context = await verificationContext(needs, verifier)
  const report = await one.judge(needs, context, (spend) => spend)
  tell(needs, verifier, one.kind, report)
  return ok({ report, policyVersion: context.policy.version, kept: undefined })
}

/**
 * Decides with the record running, seals the record and stores it; what cannot be kept is not decided.
 *   key → decided before under this mark? → verify, listening → room for it? → spend → seal → store
 */
async function decideOnRecord<Report extends AnyReport>(
  needs: Needs,
  verifier: Verifier,
  keep: Change,
  one: Case<Report>,
): Promise<Result<Decision<Report>, DecisionRefusal>> {
  const context = await verificationContext(needs, verifier)
  const key = sealingKey(needs, verifier, context.now)
  if (!key.ok) return key
  const before = await needs.verifiers.decisionUnder(verifier.id, keep)
  if (before?.ok === false) return before
  if (before?.ok === true) return decidedBefore(needs, verifier, before.value.value, one)

  const record = recording(needs, needs)
  const decisionId = needs.random.uuid()
  const evidence = async (report: JsonObject): Promise<Evidence> => ({
    decisionId,
    kind: one.kind,
    verifier: { id: verifier.id, did: verifier.did },
    publicUrl: needs.publicUrl,
    at: context.now,
    policy: context.policy,
    question: one.question,
    observations: await record.observations(context.statusLists),
    report,
    receiptKey: receiptKey(key.value),
  })
  const room = { fits: true }
  const report = await one.judge(record.world, context, (spend) => async (challenge, times) => {
    const bytes = utf8(evidenceText(await evidence({}))).length
    room.fits = bytes <= MAX_EVIDENCE_BYTES - EVIDENCE_REPORT_BYTES
    return room.fits && record.spends(spend)(challenge, times)
  })
  if (!room.fits) return refuse({ reason: 'evidence_too_large' })
  const { verdict, trust } = report
  const outcome = { subject: one.subject(report), verdict, trust }
  const all = await evidence(asJsonObject(report))
  const sealed = await sealEvidence(needs, key.value, all, outcome)
  if (utf8(sealed.evidence).length > MAX_EVIDENCE_BYTES)
    return refuse({ reason: 'evidence_too_large' })
  const retention = {
    atMost: MAX_KEPT_DECISIONS,
    since: later(context.now, -DECISION_RETENTION_SECONDS),
  }
  const kept = await needs.verifiers.keepDecision(verifier.id, sealed, retention, keep)
  if (!kept.ok) return kept
  if (kept.value.replayed) return decidedBefore(needs, verifier, kept.value.value, one)
  tell(needs, verifier, one.kind, report)
  return decisionIn(sealed, one)
}

const receiptKey = ({ verificationMethod, publicKeyJwk }: SealingKey) => ({
  kid: verificationMethod,
  publicKeyJwk,
})

/** What was answered when it was decided under this mark. */
async function decidedBefore<Report extends AnyReport>(
  { verifiers }: Pick<Needs, 'verifiers'>,
  verifier: Verifier,
  decisionId: string,
  one: Case<Report>,
): Promise<Result<Decision<Report>, DecisionRefusal>> {
  const kept = await verifiers.decision(verifier.id, decisionId)
  return kept === undefined ? refuse({ reason: 'decision_gone' }) : decisionIn(kept, one)
}

/** The decision as its evidence tells it, the first time and every time: the same bytes. */
function decisionIn<Report extends AnyReport>(
  kept: SealedDecision,
  one: Case<Report>,
): Result<Decision<Report>, DecisionRefusal> {
  const report = readEvidence(kept.evidence)?.report
  return report === undefined || !one.isReport(report)
    ? refuse({ reason: 'decision_gone' })
    : ok({ report, policyVersion: kept.policyVersion, kept })
}

/** Codes of all failed checks, so that a log tells what went wrong and not with what. */
function tell(
  { events }: Pick<Needs, 'events'>,
  { id }: Verifier,
  what: DecisionKind,
  { verdict, trust, checks }: AnyReport,
): void {
  const codes = checks.flatMap(({ code }) => (code === undefined ? [] : [code]))
  events.verified({ verifier: id, what, verdict, trust, codes })
}
