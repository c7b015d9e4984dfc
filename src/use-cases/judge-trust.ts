import type { CredentialClaims } from '../domain/credential/credential-claims.ts'
import { isDid } from '../domain/did/did.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import type { Accreditation } from '../domain/trust/accreditation.ts'
import { readLeaf } from '../domain/trust/chain.ts'
import { DELEGATION, LEGAL_ENTITY, trustDomainOf } from '../domain/trust/delegation.ts'
import { anchorFor, type TrustPolicy } from '../domain/trust/policy.ts'
import type { EpochSeconds } from '../domain/time.ts'
import { failed, passed, type Availability, type Check } from '../domain/verification/check.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'
import type { ExaminedCredential } from './examined-credential.ts'
import type { FindChain } from './find-chain.ts'
import { isRetired } from './is-retired.ts'

/** One step of a trust chain: who, and the credential by which the next one vouches for it. */
export interface TrustStep extends JsonObject {
  readonly did: string
  /** `null` for the anchor, which needs none. */
  readonly accreditation: string | null
}

/** What a verifier's policy says of one credential. An axis of its own: it changes no verdict. */
export interface TrustJudgement {
  readonly trusted: boolean
  /** The issuer is accepted, whatever else may be wrong: its status lists may be fetched (row V14). */
  readonly vouched: boolean
  readonly checks: readonly Check[]
  readonly availability: Availability
  /** From the issuer up to the anchor; empty where no anchor vouches. */
  readonly chain: readonly TrustStep[]
}

const RULE = 'R6'

type Needs = Pick<VerificationPorts, 'issuers' | 'publicUrl'>

/**
 * Does the policy accept what its issuer says (rule R6)? By an anchor, by a chain of accreditations up to
 * one, or by itself where that is allowed; a legal entity is of the policy's trust domain beside that.
 * Not what a retired issuer of this deployment issued (row V11), nor what somebody else signed than the
 * issuer. A delegation is accepted in a presentation of its delegate and nowhere else (rule R58).
 * `undefined`: nobody signed it, and there is nothing to judge.
 */
export async function judgeTrust(
  needs: Needs,
  { claims, signed, bound }: Pick<ExaminedCredential, 'bound' | 'claims' | 'signed'>,
  {
    policy,
    now,
    findChain,
  }: {
    readonly policy: TrustPolicy
    readonly now: EpochSeconds
    readonly findChain: FindChain
  },
): Promise<TrustJudgement | undefined> {
  if (claims === undefined || !signed) return undefined
  if (!bound) return untrusted([failed('trust', 'issuer_binding_relaxed', { rule: RULE })])
  if (claims.types.includes(DELEGATION)) return denied(['presentation_missing'])
  const judged = await judgeIssuer(needs, claims, { policy, now, findChain })
  const domain = claims.types.includes(LEGAL_ENTITY) ? domainFindings(claims, policy) : []
  if (domain.length === 0) return judged
  const checks = [...judged.checks.filter(({ outcome }) => outcome !== 'pass'), ...domain]
  return { ...judged, trusted: false, checks, chain: [] }
}

/** What the policy says of a credential whose issuer was not even asked. */
export const unknownIssuer = (issuer: string | undefined): TrustJudgement =>
  untrusted([unaccredited(issuer ?? null)])

/** A delegation that does not count, and why. */
export const denied = (conditions: readonly string[], more: JsonObject = {}): TrustJudgement => ({
  trusted: false,
  vouched: false,
  checks: [
    failed('trust', 'delegation_denied', { rule: 'R58', evidence: { conditions, ...more } }),
  ],
  availability: 'fresh',
  chain: [],
})

async function judgeIssuer(
  needs: Needs,
  claims: CredentialClaims,
  { policy, now, findChain }: Parameters<typeof judgeTrust>[2],
): Promise<TrustJudgement> {
  const { issuer, subject, types } = claims
  if (!isDid(issuer)) return untrusted([unaccredited(issuer ?? null)])
  const retired = await isRetired(needs, issuer)
  const anchor = retired ? undefined : anchorFor(policy, issuer, types, now)
  if (anchor !== undefined) return trusted([], anchor.did, 'fresh')
  if (issuer === subject && policy.acceptSelfIssued && !retired) {
    const check = passed('trust', { rule: RULE, evidence: { selfIssued: true } })
    return { trusted: true, vouched: true, checks: [check], availability: 'fresh', chain: [] }
  }
  const chain = await findChain(readLeaf(claims, issuer))
  const last = chain.found ? chain.links.at(-1) : undefined
  if (chain.found && last !== undefined)
    return trusted(chain.links, last.issuer, chain.availability)
  const findings = chain.found ? [] : chain.findings
  return untrusted(findings.length > 0 ? findings : [unaccredited(issuer)])
}

const unaccredited = (issuer: Json): Check =>
  failed('trust', 'issuer_untrusted', { rule: RULE, evidence: { issuer } })

function trusted(
  links: readonly Accreditation[],
  anchor: string,
  availability: Availability,
): TrustJudgement {
  const chain = [
    ...links.map(({ subject, credentialId }) => ({ did: subject, accreditation: credentialId })),
    { did: anchor, accreditation: null },
  ]
  const check = passed('trust', { rule: RULE, evidence: { anchor, chain } })
  return { trusted: true, vouched: true, checks: [check], availability, chain }
}

const untrusted = (checks: readonly Check[]): TrustJudgement => ({
  trusted: false,
  vouched: false,
  checks,
  availability: checks.some(({ outcome }) => outcome === 'indeterminate') ? 'unavailable' : 'fresh',
  chain: [],
})

function domainFindings(claims: CredentialClaims, policy: TrustPolicy): readonly Check[] {
  const { trustDomain: expected } = policy
  const found = trustDomainOf(claims)
  if (expected === undefined || found === expected) return []
  const evidence = { trustDomain: found ?? null, expected }
  return [failed('trust', 'trust_domain_mismatch', { rule: 'R58', evidence })]
}
