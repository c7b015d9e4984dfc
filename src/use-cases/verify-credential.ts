import {
  readCredentialClaims,
  type CredentialClaims,
} from '../domain/credential/credential-claims.ts'
import { credentialFaults } from '../domain/credential/data-model.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import { lsoFaults, lsoTypeOf } from '../domain/credential/lso-types.ts'
import { validityPeriod } from '../domain/credential/validity-period.ts'
import { isDid } from '../domain/did/did.ts'
import { reportedFaults, type Fault } from '../domain/fault.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import { readCredentialJws } from '../domain/jws.ts'
import { checkJwtTimes } from '../domain/jwt-times.ts'
import type { EpochSeconds } from '../domain/time.ts'
import { anchorFor, type PolicyVersion, type TrustPolicy } from '../domain/trust/policy.ts'
import {
  failed,
  notApplicable,
  passed,
  verdictOf,
  type Availability,
  type Check,
  type Trust,
  type Verdict,
} from '../domain/verification/check.ts'
import type { FetchBudget } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import { checkStatus } from './check-status.ts'
import { verifySignature } from './verify-signature.ts'

type Needs = Pick<
  Ports,
  'credentialSchemas' | 'didResolver' | 'issuers' | 'publicUrl' | 'signatureVerifier'
>

/** Under which policy, at which moment, with how many fetches. */
export interface VerificationContext {
  readonly policy: PolicyVersion
  readonly now: EpochSeconds
  readonly budget: FetchBudget
}

export interface CredentialReport {
  readonly verdict: Verdict
  readonly trust: Trust
  readonly availability: Availability
  readonly checks: readonly Check[]
  /** The credential; present once its signature was verified. */
  readonly credential: JsonObject | undefined
  /** As signed; `undefined` where the token could not be read. */
  readonly subject: string | undefined
}

/**
 * Verifies a credential and says all that it found, not the first fault.
 *
 *   gate → issuer and key → signature → data model, schema → id, subject, dates → status; trust apart
 *
 * Only what is signed counts (V3). Status is asked only once the signature stands (V14). Trust is an
 * axis of its own and changes nothing about the verdict.
 */
export async function verifyCredential(
  needs: Needs,
  secured: Json,
  context: VerificationContext,
): Promise<CredentialReport> {
  const token = compactToken(secured, 'EnvelopedVerifiableCredential')
  if (token === undefined) return unread(failed('token', 'securing_not_supported'))
  const jws = readCredentialJws(token)
  if (!jws.ok) return unread(failed('token', jws.refusal.reason, { evidence: { ...jws.refusal } }))

  const claims = readCredentialClaims(jws.value)
  const { now, budget, policy } = context
  const question = {
    signer: claims.issuer,
    relationship: 'assertionMethod',
    rule: 'R4',
    now,
    budget,
  } as const
  const signature = await verifySignature(needs, jws.value, question)
  const lsoType = lsoTypeOf(claims.types)
  const validity = [
    passed('token'),
    ...signature.checks,
    ...claims.conflicts,
    ...contentChecks(needs, claims),
    ...periodChecks(jws.value.payload, claims, now),
    ...(signature.verified && isDid(claims.issuer)
      ? await checkStatus(
          needs,
          claims,
          claims.issuer,
          lsoType !== undefined && policy.policy.requireStatus,
        )
      : [notApplicable('status', { rule: 'R8' })]),
  ]
  const trust = signature.verified ? judgeTrust(policy.policy, claims, now) : undefined
  return {
    verdict: verdictOf(validity),
    trust:
      trust === undefined ? 'not_evaluated' : trust.outcome === 'pass' ? 'trusted' : 'untrusted',
    availability: signature.availability,
    checks: trust === undefined ? validity : [...validity, trust],
    credential: signature.verified ? claims.credential : undefined,
    subject: claims.subject,
  }
}

const unread = (check: Check): CredentialReport => ({
  verdict: 'invalid',
  trust: 'not_evaluated',
  availability: 'fresh',
  checks: [check],
  credential: undefined,
  subject: undefined,
})

/** Nothing but what the limits say of claims that are there: a credential may live as long as it says. */
const TIMES = { required: [], lifetime: undefined, age: undefined } as const

/** The period of the credential and the registered claims beside it; one finding of each kind. */
function periodChecks(
  payload: JsonObject,
  claims: CredentialClaims,
  now: EpochSeconds,
): readonly Check[] {
  const period = validityPeriod(claims, now)
  const times = checkJwtTimes(payload, TIMES, now)
  if (times.ok) return period
  const found = times.refusal
    .map(({ reason, ...evidence }) => failed('validity_period', reason, { evidence }))
    .filter(({ code }) => !period.some((check) => check.code === code))
  return found.length === 0
    ? period
    : [...period.filter(({ outcome }) => outcome !== 'pass'), ...found]
}

/** What the credential says about itself, whoever signed it. */
function contentChecks(
  { credentialSchemas }: Pick<Needs, 'credentialSchemas'>,
  { credential, model, types, id, subject }: CredentialClaims,
): readonly Check[] {
  const isLso = lsoTypeOf(types) !== undefined
  const schemas = types.flatMap((type) => credentialSchemas.faults(type, credential) ?? [])
  return [
    faultCheck('data_model', 'data_model_invalid', credentialFaults(credential, model)),
    isLso
      ? faultCheck(
          'schema',
          'schema_invalid',
          reportedFaults(lsoFaults(credential, model), schemas),
        )
      : notApplicable('schema'),
    id === undefined && isLso
      ? failed('id', 'id_missing', { rule: 'R7' })
      : passed('id', { rule: 'R7' }),
    subject === undefined && isLso
      ? failed('subject', 'subject_missing', { rule: 'R5' })
      : passed('subject', { rule: 'R5' }),
  ]
}

function faultCheck(
  check: 'data_model' | 'schema',
  code: 'data_model_invalid' | 'schema_invalid',
  faults: readonly Fault[],
): Check {
  return faults.length === 0
    ? passed(check)
    : failed(check, code, { evidence: faults.map((fault) => ({ ...fault })) })
}

/** Does this verifier's policy accept the issuer (rule R6)? Anchors, and self-issue where allowed. */
function judgeTrust(
  policy: TrustPolicy,
  { issuer, subject, types }: CredentialClaims,
  now: EpochSeconds,
): Check {
  const rule = 'R6'
  const anchor = isDid(issuer) ? anchorFor(policy, issuer, types, now) : undefined
  if (anchor !== undefined) return passed('trust', { rule, evidence: { anchor: anchor.did } })
  const selfIssued = issuer !== undefined && issuer === subject
  if (selfIssued && policy.acceptSelfIssued)
    return passed('trust', { rule, evidence: { selfIssued } })
  return failed('trust', 'issuer_untrusted', { rule, evidence: { issuer: issuer ?? null } })
}
