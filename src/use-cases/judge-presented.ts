import type { CredentialClaims } from '../domain/credential/credential-claims.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { ACCREDITATION } from '../domain/trust/accreditation.ts'
import {
  DELEGATION,
  delegationFaults,
  delegatorOf,
  LEGAL_ENTITY,
  scopeOf,
  trustDomainOf,
} from '../domain/trust/delegation.ts'
import {
  failed,
  notApplicable,
  passed,
  verdictOf,
  type Check,
  type Trust,
} from '../domain/verification/check.ts'
import { examineKnown, type KnownFirst } from './examine-known.ts'
import type { ExaminedCredential, Findings } from './examined-credential.ts'
import { denied, judgeTrust, unknownIssuer, type TrustJudgement } from './judge-trust.ts'
import {
  bindingIn,
  chainFinderFor,
  credentialReport,
  examineCredential,
  type CredentialReport,
  type VerificationContext,
  type VerifyNeeds,
} from './verify-credential.ts'

/**
 * What a credential is to the presentation that it stands in. `holder`: it is about the holder. `delegator`:
 * about somebody whose allowed delegation is presented with it. `link`: an accreditation of the issuer
 * of one of these. `stranger`: none of that, and so no business of the holder (row V4).
 */
export type Role = 'holder' | 'delegator' | 'link' | 'stranger'

export interface Presented {
  /** In the order of the presentation, as `roles` is. */
  readonly credentials: readonly CredentialReport[]
  readonly roles: readonly Role[]
  readonly trust: Trust
  /** Findings of trust about the presentation as a whole: its delegations. */
  readonly checks: readonly Check[]
}

interface One {
  readonly at: number
  readonly examined: ExaminedCredential
  readonly report: CredentialReport
}

/**
 * Verifies the credentials of a presentation by `holder` and judges each by the policy, among the others:
 * what vouches for whom is looked for here before anything is fetched, and a delegation is held
 * against both legal entities (rules R6, R58). What each needs for itself, its issuer's document and its
 * status, is asked for at the same time, so that slow hosts do not add up.
 */
export async function judgePresented(
  needs: VerifyNeeds,
  credentials: readonly Json[],
  holder: string | undefined,
  context: VerificationContext,
): Promise<Presented> {
  const { now } = context
  const { policy } = context.policy
  const binding = bindingIn(context)
  const known =
    context.knownOnly === true
      ? await examineKnown(needs, credentials, holder, context)
      : await examineAll(needs, credentials, context)
  const brought = credentials.filter((_, at) => known[at]?.asked === true)
  const findChain = chainFinderFor(needs, context, [...brought, ...(context.chain ?? [])])
  const judgements: (TrustJudgement | undefined)[] = []
  // One after another: they share what was found about a chain.
  for (const { examined, asked } of known)
    judgements.push(
      asked
        ? await judgeTrust(needs, examined, { policy, now, findChain })
        : unknownIssuer(examined.claims?.issuer),
    )
  const all = await Promise.all(
    known.map(async ({ examined }, at): Promise<One> => {
      const judged = judgements[at]
      const one =
        context.knownOnly === true && judged?.vouched !== true
          ? { ...examined, status: async () => NOT_ASKED }
          : examined
      return { at, examined, report: await credentialReport(one, judged, binding) }
    }),
  )
  const delegators = new Set<string>()
  const findings: Check[] = []
  const settled: One[] = []
  for (const one of all) {
    const claims = signedAs(one, DELEGATION)
    if (claims === undefined || claims.subject !== holder) {
      settled.push(one)
      continue
    }
    const { judgement, report } = await settleDelegation(one, claims, all, context)
    const delegator = delegatorOf(claims)
    if (judgement.trusted && delegator !== undefined) delegators.add(delegator)
    findings.push(...judgement.checks)
    settled.push({ ...one, report })
  }
  findings.push(...undelegated(settled, holder))
  const roles = rolesOf(settled, holder, delegators)
  return {
    credentials: settled.map(({ report }) => report),
    roles,
    trust: trustOf(settled, roles, findings),
    checks: findings,
  }
}

const examineAll = (
  needs: VerifyNeeds,
  credentials: readonly Json[],
  context: VerificationContext,
): Promise<readonly KnownFirst[]> =>
  Promise.all(
    credentials.map(async (secured) => ({
      examined: await examineCredential(needs, secured, context, bindingIn(context)),
      asked: true,
    })),
  )

/** The status of what a stranger shows and nobody vouches for. */
const NOT_ASKED: Findings = {
  checks: [notApplicable('status', { rule: 'R8' })],
  availability: 'fresh',
}

/** The claims of a credential of this type that its issuer signed. */
const signedAs = (
  { examined: { claims, signed, bound } }: One,
  type: string,
): CredentialClaims | undefined =>
  signed && bound && claims?.types.includes(type) ? claims : undefined

/** Judges a delegation to the holder by what is presented beside it. */
async function settleDelegation(
  { at, examined }: One,
  delegation: CredentialClaims,
  all: readonly One[],
  context: VerificationContext,
): Promise<{ readonly judgement: TrustJudgement; readonly report: CredentialReport }> {
  const { policy } = context.policy
  const binding = bindingIn(context)
  const delegator = delegatorOf(delegation)
  const entities = (subject: string | undefined) =>
    all.flatMap((one) => {
      const claims = signedAs(one, LEGAL_ENTITY)
      const good = one.report.verdict === 'valid' && one.report.trust === 'trusted'
      return good && claims !== undefined && claims.subject === subject ? [claims] : []
    })
  const faults = delegationFaults(
    {
      delegation,
      delegate: entities(delegation.subject),
      delegator: entities(delegator),
      delegatorIsDelegate: all.some((one) => signedAs(one, DELEGATION)?.subject === delegator),
    },
    policy,
  )
  const evidence = {
    credential: at,
    delegator: delegator ?? null,
    scope: scopeOf(delegation),
    trustDomain: trustDomainOf(delegation) ?? null,
  }
  const valid = verdictOf(examined.checks) === 'valid'
  const broken = valid ? faults : [...faults, 'delegation_invalid' as const]
  if (broken.length > 0) {
    const judgement = denied(broken, evidence)
    return { judgement, report: await credentialReport(examined, judgement, binding) }
  }
  const judgement: TrustJudgement = {
    trusted: true,
    vouched: true,
    checks: [passed('trust', { rule: 'R58', evidence })],
    availability: 'fresh',
    chain: [],
  }
  const report = await credentialReport(examined, judgement, binding)
  if (report.verdict === 'valid') return { judgement, report }
  // Its status says no, or cannot be had.
  const refused = denied(['delegation_invalid'], evidence)
  const checks = report.checks.filter(({ check }) => check !== 'trust')
  return {
    judgement: refused,
    report: { ...report, trust: 'untrusted', checks: [...checks, ...refused.checks] },
  }
}

/** A participant that shows its own legal entity and another's claims to act for it (Model 2). */
function undelegated(all: readonly One[], holder: string | undefined): readonly Check[] {
  const entities = all.flatMap((one) => {
    const claims = signedAs(one, LEGAL_ENTITY)
    return claims === undefined ? [] : [{ at: one.at, subject: claims.subject }]
  })
  if (!entities.some(({ subject }) => subject === holder)) return []
  const named = all.flatMap((one) => {
    const claims = signedAs(one, DELEGATION)
    return claims === undefined || claims.subject !== holder ? [] : [delegatorOf(claims)]
  })
  return entities.flatMap(({ at, subject }) =>
    subject === holder || named.includes(subject)
      ? []
      : [
          failed('trust', 'delegation_denied', {
            rule: 'R58',
            evidence: { conditions: ['delegation_missing'], credential: at },
          }),
        ],
  )
}

function rolesOf(
  all: readonly One[],
  holder: string | undefined,
  delegators: ReadonlySet<string>,
): readonly Role[] {
  const roles = all.map((one): Role => {
    const subject = one.report.subject
    if (subject !== undefined && subject === holder) return 'holder'
    const entity = signedAs(one, LEGAL_ENTITY)?.subject
    return entity !== undefined && delegators.has(entity) ? 'delegator' : 'stranger'
  })
  const issuers = new Set(
    all.flatMap(({ examined, at }) =>
      roles[at] === 'stranger' || !examined.bound ? [] : [examined.claims?.issuer],
    ),
  )
  // Each round finds the next links up; there are no more rounds than credentials.
  for (const one of all.flatMap(() => all)) {
    const link = signedAs(one, ACCREDITATION)
    if (roles[one.at] !== 'stranger' || link === undefined || !issuers.has(link.subject)) continue
    roles[one.at] = 'link'
    issuers.add(link.issuer)
  }
  return roles
}

/** Trusted when every credential is that the presentation is about; links only help others. */
function trustOf(all: readonly One[], roles: readonly Role[], findings: readonly Check[]): Trust {
  const counted = all.filter(({ at }) => roles[at] !== 'link').map(({ report }) => report.trust)
  if (counted.length === 0 || counted.includes('not_evaluated')) return 'not_evaluated'
  const good = counted.every((trust) => trust === 'trusted')
  return good && findings.every(({ outcome }) => outcome === 'pass') ? 'trusted' : 'untrusted'
}
