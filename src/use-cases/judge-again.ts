import type { Evidence } from '../domain/evidence/evidence.ts'
import { listed } from '../domain/json/values.ts'
import { readRegistrationQuestion } from '../domain/registration/registration-question.ts'
import { refuse, ok, type Result } from '../domain/result.ts'
import type { PolicyVersion } from '../domain/trust/policy.ts'
import type { Ports } from '../ports/index.ts'
import { fetchBudget } from './fetch-budget.ts'
import { judgeRegistration } from './judge-registration.ts'
import { NotOnRecord, playback, type MissingObservation, type Playback } from './playback.ts'
import {
  verifyCredential,
  type CredentialReport,
  type VerificationContext,
} from './verify-credential.ts'
import { verifyPresentation, type PresentationReport } from './verify-presentation.ts'

/** What decides without knowing anything of the world. */
export type JudgingNeeds = Pick<
  Ports,
  'compression' | 'credentialSchemas' | 'keyArithmetic' | 'signatureVerifier'
>

export type NotJudged =
  | { readonly reason: 'not_on_record'; readonly missing: readonly MissingObservation[] }
  /** The question is not one that this release would put. */
  | { readonly reason: 'question_unreadable' }

/**
 * Decides again about what evidence holds, at the moment and in the world of then, under `policy`.
 * Nothing is fetched, read or spent: what the policy would need that nobody asked for then is refused.
 *
 * @param unspent as for `playback`.
 */
export async function judgeAgain(
  needs: JudgingNeeds,
  evidence: Evidence,
  policy: PolicyVersion,
  unspent: boolean | undefined,
): Promise<Result<CredentialReport | PresentationReport, NotJudged>> {
  const played = await playback(needs, evidence, unspent)
  const context: VerificationContext = {
    policy,
    now: evidence.at,
    budget: fetchBudget(undefined),
    statusLists: played.statusListsOfRequest,
  }
  try {
    const report = await judge(needs, evidence, played, context)
    if (played.missing.length > 0)
      return refuse({ reason: 'not_on_record', missing: played.missing })
    return report === undefined ? refuse({ reason: 'question_unreadable' }) : ok(report)
  } catch (fault) {
    if (fault instanceof NotOnRecord)
      return refuse({ reason: 'not_on_record', missing: played.missing })
    throw fault
  }
}

async function judge(
  { compression, credentialSchemas, signatureVerifier }: JudgingNeeds,
  { kind, question, publicUrl }: Evidence,
  { world, statusLists, spend, spendStatement }: Playback,
  context: VerificationContext,
): Promise<CredentialReport | PresentationReport | undefined> {
  // Named one by one: a port that the record does not stand in for must not slip in.
  const then = {
    compression,
    credentialSchemas,
    signatureVerifier,
    publicUrl,
    statusLists,
    ...world,
  }
  const { verifiableCredential, verifiablePresentation, challenge, domain, chain } = question
  switch (kind) {
    case 'credential':
      return verifiableCredential === undefined
        ? undefined
        : verifyCredential(then, verifiableCredential, { ...context, chain: listed(chain) })
    case 'presentation':
      return verifiablePresentation === undefined ||
        typeof challenge !== 'string' ||
        typeof domain !== 'string'
        ? undefined
        : verifyPresentation(then, spend, verifiablePresentation, { challenge, domain }, context)
    case 'registration': {
      const asked = readRegistrationQuestion(question)
      const spending = { challenge: spend, statement: spendStatement }
      return asked && (await judgeRegistration(then, spending, asked, context)).report
    }
  }
}
