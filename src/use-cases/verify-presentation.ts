import { presentationFaults } from '../domain/credential/data-model.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { readPresentationJws } from '../domain/jws.ts'
import { checkJwtTimes } from '../domain/jwt-times.ts'
import {
  MAX_CREDENTIALS_IN_PRESENTATION,
  MAX_PRESENTATION_LIFETIME_SECONDS,
} from '../domain/limits.ts'
import {
  readPresentationClaims,
  type PresentationClaims,
} from '../domain/presentation/presentation-claims.ts'
import type { EpochSeconds } from '../domain/time.ts'
import {
  failed,
  notApplicable,
  passed,
  unanswered,
  verdictOf,
  withoutContradiction,
  worstAvailability,
  type Availability,
  type Check,
  type Trust,
  type Verdict,
} from '../domain/verification/check.ts'
import { judgePresented, type Presented, type Role } from './judge-presented.ts'
import {
  bindingIn,
  gateChecks,
  type CredentialReport,
  type VerificationContext,
  type VerifyNeeds,
} from './verify-credential.ts'
import { verifySignature } from './verify-signature.ts'

/** Spends a challenge and says whether it could be: see `spendChallenge`. */
export type SpendChallenge = (
  challenge: string,
  times: { readonly now: EpochSeconds; readonly presentationEnds: EpochSeconds },
) => Promise<boolean>

/** What the caller expects to be signed. */
export interface PresentationQuestion {
  readonly challenge: string
  readonly domain: string
  /** Nothing is spent: a presentation without a nonce is looked at as well. */
  readonly dryRun?: true
}

export interface PresentationReport {
  readonly verdict: Verdict
  readonly trust: Trust
  readonly availability: Availability
  readonly checks: readonly Check[]
  readonly issuerBinding: CredentialReport['issuerBinding']
  readonly holder: string | undefined
  readonly credentials: readonly CredentialReport[]
}

const RULE = 'R9'

const TIMES = {
  required: ['exp'],
  lifetime: { from: 'iat', maxSeconds: MAX_PRESENTATION_LIFETIME_SECONDS },
  age: undefined,
} as const

/**
 * Verifies a presentation with all its credentials and says all that it found.
 *
 *   gate → holder and key → signature → data model → times, audience, nonce → each credential and
 *   its binding to the holder → spend the challenge
 *
 * The challenge is spent last and only by a presentation that is good otherwise, so that a refused
 * one can be mended and sent again; of simultaneous uses one is accepted.
 */
export async function verifyPresentation(
  needs: VerifyNeeds,
  spend: SpendChallenge,
  secured: Json,
  question: PresentationQuestion,
  context: VerificationContext,
): Promise<PresentationReport> {
  const token = compactToken(secured, 'EnvelopedVerifiablePresentation')
  const issuerBinding = bindingIn(context)
  if (token === undefined) return unread([failed('token', 'securing_not_supported')], issuerBinding)
  const jws = readPresentationJws(token)
  if (!jws.ok) return unread(gateChecks(jws.refusal), issuerBinding)

  const { now, budget } = context
  const claims = readPresentationClaims(jws.value)
  const { holder } = claims
  const signature = await verifySignature(needs, jws.value, {
    signer: holder,
    relationship: 'authentication',
    rule: RULE,
    now,
    budget,
  })
  const times = checkJwtTimes(jws.value.payload, TIMES, now)
  const meantForUs =
    times.ok &&
    claims.aud === question.domain &&
    (claims.nonce ?? '') === question.challenge &&
    (question.challenge !== '' || question.dryRun === true)
  const presented =
    signature.verified &&
    (meantForUs || context.knownOnly !== true) &&
    claims.credentials.length <= MAX_CREDENTIALS_IN_PRESENTATION
      ? await judgePresented(needs, claims.credentials, holder, context)
      : NOTHING_PRESENTED
  const { credentials, roles } = presented
  const checks = [
    passed('token'),
    ...withoutContradiction([
      holder === undefined
        ? failed('holder', 'holder_missing', { rule: 'R10' })
        : passed('holder', { rule: 'R10' }),
      ...claims.conflicts,
    ]),
    ...signature.checks,
    dataModelCheck(claims),
    ...(times.ok
      ? [passed('validity_period')]
      : times.refusal.map(({ reason, ...evidence }) =>
          failed('validity_period', reason, { evidence }),
        )),
    claims.aud === question.domain
      ? passed('audience', { rule: RULE })
      : failed('audience', 'aud_mismatch', {
          rule: RULE,
          evidence: { expected: question.domain },
        }),
    ...countChecks(claims),
    ...credentials.flatMap((report, at) => bindingChecks(report, roles[at] ?? 'stranger', at)),
  ]
  const ends = times.ok ? times.value.exp : undefined
  const nonce = await checkNonce(spend, claims.nonce, question.challenge, {
    good: verdictOf(checks) === 'valid',
    now,
    ends,
  })
  const all = [...checks, nonce]
  return {
    verdict: verdictOf(all),
    trust: presented.trust,
    availability: worstAvailability([
      signature.availability,
      ...credentials.map(({ availability }) => availability),
    ]),
    checks: [...all, ...presented.checks],
    issuerBinding,
    holder: signature.verified ? holder : undefined,
    credentials,
  }
}

const unread = (
  checks: readonly Check[],
  issuerBinding: PresentationReport['issuerBinding'],
): PresentationReport => ({
  issuerBinding,
  verdict: 'invalid',
  trust: 'not_evaluated',
  availability: 'fresh',
  checks,
  holder: undefined,
  credentials: [],
})

const NOTHING_PRESENTED: Presented = {
  credentials: [],
  roles: [],
  trust: 'not_evaluated',
  checks: [],
}

function countChecks({ credentials }: PresentationClaims): readonly Check[] {
  if (credentials.length === 0)
    return [failed('credentials', 'credentials_missing', { rule: RULE })]
  return credentials.length > MAX_CREDENTIALS_IN_PRESENTATION
    ? [failed('credentials', 'too_many_credentials', { evidence: { count: credentials.length } })]
    : []
}

/** An embedded credential counts when it is valid and is the holder's business (rows V4, V5). */
function bindingChecks(report: CredentialReport, role: Role, at: number): readonly Check[] {
  const evidence = { credential: at }
  const check = 'credential'
  const verified =
    report.verdict === 'valid'
      ? passed(check, { evidence })
      : report.verdict === 'invalid'
        ? failed(check, 'credential_invalid', { evidence })
        : unanswered(check, 'credential_indeterminate', { evidence })
  return [verified, bindingCheck(role, at)]
}

function bindingCheck(role: Role, at: number): Check {
  const check = 'holder_binding'
  const evidence = { credential: at }
  switch (role) {
    case 'holder':
      return passed(check, { rule: 'R5', evidence })
    case 'delegator':
      return passed(check, { rule: 'R58', evidence })
    case 'link':
      return notApplicable(check, { rule: 'R6', evidence })
    case 'stranger':
      return failed(check, 'holder_binding_failed', { rule: 'R5', evidence })
  }
}

function dataModelCheck({ presentation, model }: PresentationClaims): Check {
  const faults = presentationFaults(presentation, model)
  return faults.length === 0
    ? passed('data_model')
    : failed('data_model', 'data_model_invalid', {
        evidence: faults.map((fault) => ({ ...fault })),
      })
}

async function checkNonce(
  spend: SpendChallenge,
  nonce: Json | undefined,
  challenge: string,
  {
    good,
    now,
    ends,
  }: {
    readonly good: boolean
    readonly now: EpochSeconds
    readonly ends: EpochSeconds | undefined
  },
): Promise<Check> {
  const rule = RULE
  if (challenge === '' || nonce !== challenge) return failed('nonce', 'nonce_invalid', { rule })
  if (!good || ends === undefined) return notApplicable('nonce', { rule })
  const spent = await spend(challenge, { now, presentationEnds: ends })
  return spent ? passed('nonce', { rule }) : failed('nonce', 'nonce_invalid', { rule })
}
