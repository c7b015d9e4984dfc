import { presentationFaults } from '../domain/credential/data-model.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import type { Verifier } from '../domain/instance/instance.ts'
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
  type Availability,
  type Check,
  type Trust,
  type Verdict,
} from '../domain/verification/check.ts'
import type { Ports } from '../ports/index.ts'
import { spendChallenge } from './challenge.ts'
import {
  verifyCredential,
  type CredentialReport,
  type VerificationContext,
} from './verify-credential.ts'
import { verifySignature } from './verify-signature.ts'

type Needs = Pick<
  Ports,
  | 'credentialSchemas'
  | 'didResolver'
  | 'digest'
  | 'issuers'
  | 'publicUrl'
  | 'signatureVerifier'
  | 'spentValues'
>

/** What the caller expects to be signed. */
export interface PresentationQuestion {
  readonly challenge: string
  readonly domain: string
}

export interface PresentationReport {
  readonly verdict: Verdict
  readonly trust: Trust
  readonly availability: Availability
  readonly checks: readonly Check[]
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
  needs: Needs,
  verifier: Verifier,
  secured: Json,
  question: PresentationQuestion,
  context: VerificationContext,
): Promise<PresentationReport> {
  const token = compactToken(secured, 'EnvelopedVerifiablePresentation')
  if (token === undefined) return unread(failed('token', 'securing_not_supported'))
  const jws = readPresentationJws(token)
  if (!jws.ok) return unread(failed('token', jws.refusal.reason, { evidence: { ...jws.refusal } }))

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
  const credentials = signature.verified ? await verifyEach(needs, claims, context) : []
  const checks = [
    passed('token'),
    holder === undefined
      ? failed('holder', 'holder_missing', { rule: 'R10' })
      : passed('holder', { rule: 'R10' }),
    ...claims.conflicts,
    ...signature.checks,
    dataModelCheck(claims),
    ...(times.ok
      ? [passed('validity_period')]
      : times.refusal.map(({ reason, ...evidence }) =>
          failed('validity_period', reason, { evidence }),
        )),
    claims.aud === question.domain
      ? passed('audience', { rule: RULE })
      : failed('audience', 'aud_mismatch', { rule: RULE }),
    ...countChecks(claims),
    ...credentials.flatMap((report, at) => bindingChecks(report, holder, at)),
  ]
  const ends = times.ok ? times.value.exp : undefined
  const nonce = await checkNonce(needs, verifier, claims.nonce, question.challenge, {
    good: verdictOf(checks) === 'valid',
    now,
    ends,
  })
  const all = [...checks, nonce]
  return {
    verdict: verdictOf(all),
    trust: trustOf(credentials),
    availability: worst([
      signature.availability,
      ...credentials.map(({ availability }) => availability),
    ]),
    checks: all,
    holder: signature.verified ? holder : undefined,
    credentials,
  }
}

const unread = (check: Check): PresentationReport => ({
  verdict: 'invalid',
  trust: 'not_evaluated',
  availability: 'fresh',
  checks: [check],
  holder: undefined,
  credentials: [],
})

/** One after another: the fetch budget is one, and a document is fetched once for all of them. */
async function verifyEach(
  needs: Needs,
  { credentials }: PresentationClaims,
  context: VerificationContext,
): Promise<readonly CredentialReport[]> {
  const reports: CredentialReport[] = []
  if (credentials.length > MAX_CREDENTIALS_IN_PRESENTATION) return reports
  for (const credential of credentials)
    reports.push(await verifyCredential(needs, credential, context))
  return reports
}

function countChecks({ credentials }: PresentationClaims): readonly Check[] {
  if (credentials.length === 0)
    return [failed('credentials', 'credentials_missing', { rule: RULE })]
  return credentials.length > MAX_CREDENTIALS_IN_PRESENTATION
    ? [failed('credentials', 'too_many_credentials', { evidence: { count: credentials.length } })]
    : []
}

/** An embedded credential counts when it is valid and is about the holder (rows V4, V5). */
function bindingChecks(
  report: CredentialReport,
  holder: string | undefined,
  at: number,
): readonly Check[] {
  const evidence = { credential: at }
  const check = 'credential'
  const verified =
    report.verdict === 'valid'
      ? passed(check, { evidence })
      : report.verdict === 'invalid'
        ? failed(check, 'credential_invalid', { evidence })
        : unanswered(check, 'credential_indeterminate', { evidence })
  const bound = report.subject !== undefined && report.subject === holder
  return [
    verified,
    bound
      ? passed('holder_binding', { rule: 'R5', evidence })
      : failed('holder_binding', 'holder_binding_failed', { rule: 'R5', evidence }),
  ]
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
  needs: Pick<Needs, 'digest' | 'spentValues'>,
  verifier: Verifier,
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
  const spent = await spendChallenge(needs, verifier, challenge, { now, presentationEnds: ends })
  return spent ? passed('nonce', { rule }) : failed('nonce', 'nonce_invalid', { rule })
}

/** Trusted when every credential is. */
function trustOf(credentials: readonly CredentialReport[]): Trust {
  if (credentials.length === 0 || credentials.some(({ trust }) => trust === 'not_evaluated'))
    return 'not_evaluated'
  return credentials.every(({ trust }) => trust === 'trusted') ? 'trusted' : 'untrusted'
}

function worst(all: readonly Availability[]): Availability {
  if (all.includes('unavailable')) return 'unavailable'
  return all.includes('stale') ? 'stale' : 'fresh'
}
