import { utf8 } from '../domain/base64url.ts'
import {
  asJsonObject,
  evidenceText,
  readEvidence,
  type DecisionKind,
  type Evidence,
} from '../domain/evidence/evidence.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import { EVIDENCE_REPORT_BYTES, MAX_EVIDENCE_BYTES } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { codesOf, type Check, type Trust, type Verdict } from '../domain/verification/check.ts'
import type { Change } from '../ports/change.ts'
import type { SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'
import type { Recording } from './recording.ts'
import { sealEvidence, type SealingKey, type SealingRefusal } from './seal-evidence.ts'
import type { VerificationContext } from './verify-credential.ts'
import type { SpendChallenge } from './verify-presentation.ts'

/** What a decision touches that is kept with its evidence. */
export type DecisionNeeds = Pick<
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
  /** Absent where no evidence was asked for, and where nobody was accepted. */
  readonly kept: Pick<SealedDecision, 'id' | 'digest' | 'receipt'> | undefined
}

export type DecisionRefusal =
  | SealingRefusal
  /** Nothing was kept, and no challenge was spent. */
  | { readonly reason: 'evidence_too_large' | 'idempotency_key_reused' }
  /** It was decided under this `Idempotency-Key`, and its record is deleted or broken since. */
  | { readonly reason: 'decision_gone' }

interface AnyReport {
  readonly verdict: Verdict
  readonly trust: Trust
  readonly checks: readonly Check[]
}

/** A decision while it is made: what cannot be kept spends nothing, and is not decided. */
export interface DecisionOnRecord {
  readonly id: string
  /** As `spend`, noted, while the evidence leaves room for a report; without room nothing is spent. */
  readonly spends: (spend: SpendChallenge) => SpendChallenge
  /** False once something was to be spent and there was no room. */
  hasRoom(): boolean
  seal(
    report: AnyReport,
    subject: string | undefined,
  ): Promise<Result<SealedDecision, { readonly reason: 'evidence_too_large' }>>
}

/** Begins a decision of `kind` about `question`, on what `record` hears. */
export function decisionOnRecord(
  needs: Pick<DecisionNeeds, 'digest' | 'publicUrl' | 'random' | 'signer'>,
  verifier: Verifier,
  key: SealingKey,
  context: VerificationContext,
  record: Recording,
  { kind, question }: Pick<Evidence, 'kind' | 'question'>,
): DecisionOnRecord {
  const id = needs.random.uuid()
  const evidence = async (report: JsonObject): Promise<Evidence> => ({
    decisionId: id,
    kind,
    verifier: { id: verifier.id, did: verifier.did },
    publicUrl: needs.publicUrl,
    at: context.now,
    policy: context.policy,
    question,
    observations: await record.observations(context.statusLists),
    report,
    receiptKey: { kid: key.verificationMethod, publicKeyJwk: key.publicKeyJwk },
  })
  let fits = true
  return {
    id,
    spends: (spend) => async (value, times) => {
      const bytes = utf8(evidenceText(await evidence({}))).length
      fits = bytes <= MAX_EVIDENCE_BYTES - EVIDENCE_REPORT_BYTES
      return fits && record.spends(spend)(value, times)
    },
    hasRoom: () => fits,
    async seal(report, subject) {
      const { verdict, trust } = report
      const all = await evidence(asJsonObject(report))
      const sealed = await sealEvidence(needs, key, all, { subject, verdict, trust })
      return utf8(sealed.evidence).length > MAX_EVIDENCE_BYTES
        ? refuse({ reason: 'evidence_too_large' })
        : ok(sealed)
    },
  }
}

/** What was answered under this mark; `undefined`: nothing yet. */
export async function decidedUnder<Report>(
  { verifiers }: Pick<DecisionNeeds, 'verifiers'>,
  verifier: Verifier,
  change: Change,
  isReport: (value: Json) => value is Report & Json,
): Promise<Result<Decision<Report>, DecisionRefusal> | undefined> {
  const before = await verifiers.decisionUnder(verifier.id, change)
  if (before?.ok !== true) return before
  const kept = await verifiers.decision(verifier.id, before.value.value)
  return kept === undefined ? refuse({ reason: 'decision_gone' }) : decisionIn(kept, isReport)
}

/** The decision as its evidence tells it, the first time and every time: the same bytes. */
export function decisionIn<Report>(
  kept: SealedDecision,
  isReport: (value: Json) => value is Report & Json,
): Result<Decision<Report>, DecisionRefusal> {
  const report = readEvidence(kept.evidence)?.report
  return report === undefined || !isReport(report)
    ? refuse({ reason: 'decision_gone' })
    : ok({ report, policyVersion: kept.policyVersion, kept })
}

/** Codes of all failed checks, so that a log tells what went wrong and not with what. */
export function tellDecision(
  { events }: Pick<DecisionNeeds, 'events'>,
  { id }: Verifier,
  what: DecisionKind,
  { verdict, trust, checks }: AnyReport,
): void {
  events.verified({ verifier: id, what, verdict, trust, codes: codesOf(checks) })
}
