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
import { jwsFaults, readCredentialJws, type JwsRefusal } from '../domain/jws.ts'
import { checkJwtTimes } from '../domain/jwt-times.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { PolicyVersion, TrustPolicy } from '../domain/trust/policy.ts'
import {
  failed,
  notApplicable,
  passed,
  verdictOf,
  withoutContradiction,
  worstAvailability,
  type Availability,
  type Check,
  type Trust,
  type Verdict,
} from '../domain/verification/check.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'
import { checkStatus } from './check-status.ts'
import type { ExaminedCredential, Findings } from './examined-credential.ts'
import { chainFinder, type FindChain } from './find-chain.ts'
import { judgeTrust, type TrustJudgement, type TrustStep } from './judge-trust.ts'
import type { StatusListsOfRequest } from './read-status-list.ts'
import { verifySignature } from './verify-signature.ts'

/** What verifying a credential may touch. */
export type VerifyNeeds = Pick<
  VerificationPorts,
  | 'compression'
  | 'credentialSchemas'
  | 'didResolver'
  | 'guardedFetch'
  | 'issuers'
  | 'publicUrl'
  | 'signatureVerifier'
  | 'statusLists'
>

/** Under which policy, at which moment, with how many fetches. */
export interface VerificationContext {
  readonly policy: PolicyVersion
  readonly now: EpochSeconds
  readonly budget: FetchBudget
  /** The foreign status lists that this request has asked for, so that each is asked for once. */
  readonly statusLists: StatusListsOfRequest
  /** Credentials that the caller brought along, for a chain of accreditations to be found among. */
  readonly chain?: readonly Json[]
  /**
   * A stranger asks: no document and no status list is fetched of anybody but the holder, before an
   * anchor of the policy vouches for him (rows V14, D23). Nothing is relaxed then.
   */
  readonly knownOnly?: true
}

/** How strictly a signature is bound to the issuer in this verification. */
export const bindingIn = ({
  policy,
  knownOnly,
}: VerificationContext): TrustPolicy['issuerBinding'] =>
  knownOnly === true ? 'strict' : policy.policy.issuerBinding

export interface CredentialReport {
  readonly verdict: Verdict
  readonly trust: Trust
  readonly availability: Availability
  readonly checks: readonly Check[]
  /** The credential; present once its signature was verified. */
  readonly credential: JsonObject | undefined
  /** As signed; `undefined` where the token could not be read. */
  readonly subject: string | undefined
  /** From the issuer up to the anchor that vouches for it; empty where none does. */
  readonly trustChain: readonly TrustStep[]
  /** As the policy has it: what `relaxed` let pass is no proof of the issuer. */
  readonly issuerBinding: TrustPolicy['issuerBinding']
}

/**
 * Verifies a credential and says all that it found, not the first fault.
 *
 *   gate → issuer and key → signature → data model, schema → id, subject, dates → trust → status
 *
 * Only what is signed counts (V3). Status is asked only once the signature stands, and where it takes a
 * fetch of the issuer's choice, only when the issuer is trusted (V14). Trust is an axis of its own: it
 * changes the verdict in no other way.
 */
export async function verifyCredential(
  needs: VerifyNeeds,
  secured: Json,
  context: VerificationContext,
): Promise<CredentialReport> {
  const { policy } = context.policy
  const examined = await examineCredential(needs, secured, context, policy.issuerBinding)
  const findChain = chainFinderFor(needs, context, context.chain ?? [])
  const judgement = await judgeTrust(needs, examined, { policy, now: context.now, findChain })
  return credentialReport(examined, judgement, policy.issuerBinding)
}

/** Seeks chains among `brought`, and then among what issuers publish. Their links are never relaxed. */
export const chainFinderFor = (
  needs: VerifyNeeds,
  context: VerificationContext,
  brought: readonly Json[],
): FindChain =>
  chainFinder(needs, (secured) => examineCredential(needs, secured, context, 'strict'), {
    policy: context.policy.policy,
    now: context.now,
    budget: context.budget,
    brought,
    knownOnly: context.knownOnly === true,
  })

/** All of it that asks nobody whom the policy must know first: the status is asked when trust is judged. */
export async function examineCredential(
  needs: VerifyNeeds,
  secured: Json,
  context: VerificationContext,
  binding: TrustPolicy['issuerBinding'],
): Promise<ExaminedCredential> {
  const token = compactToken(secured, 'EnvelopedVerifiableCredential')
  if (token === undefined) return unread(failed('token', 'securing_not_supported'))
  const jws = readCredentialJws(token)
  if (!jws.ok) return unread(...gateChecks(jws.refusal))

  const claims = readCredentialClaims(jws.value)
  const { now, budget, policy } = context
  const { issuer } = claims
  const signer = binding === 'relaxed' ? keyOwner(jws.value.kid, issuer) : issuer
  const question = {
    signer,
    relationship: 'assertionMethod',
    rule: 'R4',
    now,
    budget,
  } as const
  const signature = await verifySignature(needs, jws.value, question)
  const required = lsoTypeOf(claims.types) !== undefined && policy.policy.requireStatus
  return {
    claims,
    signed: signature.verified,
    bound: signer === issuer,
    availability: signature.availability,
    checks: withoutContradiction([
      passed('token'),
      ...signature.checks,
      ...claims.conflicts,
      ...contentChecks(needs, claims),
      ...periodChecks(jws.value.payload, claims, now),
    ]),
    status: async (trusted) =>
      signature.verified && isDid(issuer)
        ? await checkStatus(needs, claims, { issuer, required, trusted }, context)
        : NO_STATUS,
  }
}

/**
 * Whose key `issuerBinding: "relaxed"` asks for: that of the DID in `kid`, whoever is the issuer, as long
 * as that is a DID too. What it lets pass is trusted by nobody.
 */
function keyOwner(kid: string | undefined, issuer: string | undefined): string | undefined {
  const owner = kid?.slice(0, Math.max(kid.indexOf('#'), 0))
  return isDid(issuer) && isDid(owner) ? owner : issuer
}

const NO_STATUS: Findings = {
  checks: [notApplicable('status', { rule: 'R8' })],
  availability: 'fresh',
}

/** The whole answer about a credential; `undefined`: nobody signed it, and trust was not judged. */
export async function credentialReport(
  { claims, signed, checks, availability, status }: ExaminedCredential,
  judgement: TrustJudgement | undefined,
  issuerBinding: TrustPolicy['issuerBinding'],
): Promise<CredentialReport> {
  const asked = await status(judgement?.vouched === true)
  const validity = claims === undefined ? checks : [...checks, ...asked.checks]
  return {
    verdict: verdictOf(validity),
    trust: judgement === undefined ? 'not_evaluated' : judgement.trusted ? 'trusted' : 'untrusted',
    availability: worstAvailability([
      availability,
      asked.availability,
      judgement?.availability ?? 'fresh',
    ]),
    checks: [...validity, ...(judgement?.checks ?? [])],
    credential: signed ? claims?.credential : undefined,
    subject: claims?.subject,
    trustChain: judgement?.chain ?? [],
    issuerBinding,
  }
}

/** What the gate found, each fault as a finding of its own. */
export const gateChecks = (refusal: JwsRefusal): readonly Check[] =>
  jwsFaults(refusal).map((fault) => failed('token', fault.reason, { evidence: { ...fault } }))

const unread = (...checks: readonly Check[]): ExaminedCredential => ({
  claims: undefined,
  signed: false,
  bound: false,
  availability: 'fresh',
  checks,
  status: async () => NO_STATUS,
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
  { credentialSchemas }: Pick<VerifyNeeds, 'credentialSchemas'>,
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
