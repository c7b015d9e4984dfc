import type { Did } from '../domain/did/did.ts'
import { hostedInstance } from '../domain/instance/instance.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { MAX_CHAIN_STEPS } from '../domain/limits.ts'
import type { Accreditation } from '../domain/trust/accreditation.ts'
import {
  acceptsChains,
  anchorStanding,
  linkFaults,
  type ChainFault,
  type Leaf,
} from '../domain/trust/chain.ts'
import type { TrustPolicy } from '../domain/trust/policy.ts'
import {
  failed,
  unanswered,
  verdictOf,
  worstAvailability,
  type Availability,
  type Check,
} from '../domain/verification/check.ts'
import {
  publishedBy,
  shownAbout,
  type AccreditationNeeds,
  type Shown,
  type ShownAccreditation,
} from './accreditations-of.ts'
import type { Examine } from './examined-credential.ts'
import { isRetired } from './is-retired.ts'
import type { SignatureQuestion } from './verify-signature.ts'

/** Under which policy, with what at hand, chains are sought. */
export interface ChainQuestion extends Pick<SignatureQuestion, 'now' | 'budget'> {
  readonly policy: TrustPolicy
  /** Credentials that the caller brought along: looked at first, and before anything is fetched. */
  readonly brought: readonly Json[]
  /** A stranger asks: nothing is fetched, so only issuers hosted here have published anything. */
  readonly knownOnly: boolean
}

export type FoundChain =
  | {
      readonly found: true
      /** From the issuer's own accreditation up to the one that the anchor signed. */
      readonly links: readonly Accreditation[]
      readonly availability: Availability
    }
  | { readonly found: false; readonly findings: readonly Check[] }

export type FindChain = (leaf: Leaf) => Promise<FoundChain>

/**
 * Seeks chains of accreditations (rule R6, row V12) for one request: what a DID publishes is fetched
 * once, and only under a policy that accepts chains (V14). Each way up is followed to its first broken
 * condition; the first way that reaches an anchor with all links good is the answer, else all that was
 * found in the way. Nothing of it outlives the request (V17).
 */
export function chainFinder(
  needs: AccreditationNeeds,
  examine: Examine,
  { policy, now, budget, brought, knownOnly }: ChainQuestion,
): FindChain {
  const known = new Map<Did, Shown>()
  const published = new Map<Did, Shown>()
  let mayFetch: boolean | undefined
  let steps = 0

  return async (leaf) => {
    const findings: Check[] = []
    const chain = await climb(leaf.issuer, [], leaf, findings)
    return chain ?? { found: false, findings: distinct(findings) }
  }

  /** The ways up from `did`, above the links `below`. */
  async function climb(
    did: Did,
    below: readonly Accreditation[],
    leaf: Leaf,
    findings: Check[],
  ): Promise<Extract<FoundChain, { found: true }> | undefined> {
    let seen = 0
    for (const source of [atHand, publishedOnce]) {
      const shown = await source(did, below)
      findings.push(...shown.findings)
      seen += shown.accreditations.length + shown.findings.length
      for (const one of anchorsFirst(shown.accreditations)) {
        const chain = await follow(one, below, leaf, findings)
        if (chain !== undefined) return chain
      }
    }
    if (seen === 0 && below.length > 0)
      findings.push(faulty({ code: 'chain_incomplete', evidence: { subject: did } }))
    return undefined
  }

  async function follow(
    { accreditation: link, examined }: ShownAccreditation,
    below: readonly Accreditation[],
    leaf: Leaf,
    findings: Check[],
  ): Promise<Extract<FoundChain, { found: true }> | undefined> {
    const evidence = { credential: link.credentialId, issuer: link.issuer, subject: link.subject }
    steps++
    if (steps > MAX_CHAIN_STEPS) {
      findings.push(faulty({ code: 'chain_search_ended', evidence }))
      return undefined
    }
    const standing = anchorStanding(policy, link.issuer, now)
    const isAnchor = standing === 'accredits'
    const faults = [...linkFaults(link, below, leaf, isAnchor)]
    if (below.length + (isAnchor ? 1 : 2) > policy.maxChainDepth && !faults.some(isEndless))
      faults.push({ code: aboveTheLast[standing], evidence })
    if (await isRetired(needs, link.subject))
      faults.push({ code: 'chain_issuer_retired', evidence })
    if (faults.length > 0) {
      findings.push(...faults.map(faulty))
      return undefined
    }
    if (isAnchor && (await isRetired(needs, link.issuer))) {
      findings.push(failed('trust', 'issuer_untrusted', { rule: 'R6', evidence }))
      return undefined
    }

    const found = await examined()
    const problems = linkFindings(found.checks, evidence)
    if (problems.length > 0) {
      findings.push(...problems)
      return undefined
    }
    const links = [...below, link]
    const above = isAnchor
      ? ({ found: true, links, availability: 'fresh' } as const)
      : await climb(link.issuer, links, leaf, findings)
    if (above === undefined) {
      if (standing !== 'no_anchor')
        findings.push(faulty({ code: aboveTheLast[standing], evidence }))
      return undefined
    }
    // Only now is its issuer known to be trusted.
    const status = await found.status(true)
    const stopped = linkFindings(status.checks, evidence)
    findings.push(...stopped)
    const availability = [above.availability, found.availability, status.availability]
    return stopped.length > 0
      ? undefined
      : { ...above, availability: worstAvailability(availability) }
  }

  function atHand(did: Did): Promise<Shown> {
    const shown = known.get(did) ?? shownAbout(did, brought, examine)
    known.set(did, shown)
    return Promise.resolve(shown)
  }

  async function publishedOnce(did: Did, below: readonly Accreditation[]): Promise<Shown> {
    if (below.length >= policy.maxChainDepth) return NOTHING_SHOWN
    mayFetch ??= acceptsChains(policy, now)
    if (!mayFetch) return NOTHING_SHOWN
    if (knownOnly && hostedInstance(needs.publicUrl, did)?.kind !== 'issuer') return NOTHING_SHOWN
    const shown = published.get(did) ?? (await publishedBy(needs, did, examine, { now, budget }))
    published.set(did, shown)
    return shown
  }

  function anchorsFirst(shown: readonly ShownAccreditation[]): readonly ShownAccreditation[] {
    const endsHere = ({ accreditation: { issuer } }: ShownAccreditation) =>
      anchorStanding(policy, issuer, now) === 'accredits'
    return [...shown.filter(endsHere), ...shown.filter((one) => !endsHere(one))]
  }
}

const NOTHING_SHOWN: Shown = { accreditations: [], findings: [] }

/** Says more than that the chain is too long. */
const isEndless = ({ code }: ChainFault): boolean =>
  code === 'chain_cycle' || code === 'chain_self_issued'

/** What is wrong with the issuer of a link above which no other may come. */
const aboveTheLast = {
  accredits: 'chain_too_long',
  no_anchor: 'chain_too_long',
  other_types: 'chain_anchor_type',
  other_time: 'chain_anchor_time',
} as const

const faulty = ({ code, evidence }: ChainFault): Check =>
  failed('trust', code, { rule: 'R6', evidence })

/** What findings about the credential of a link mean for the chain. */
const LINK_CODES: Readonly<Record<string, ChainFault['code']>> = {
  revoked: 'chain_link_revoked',
  suspended: 'chain_link_suspended',
  expired: 'chain_link_expired',
  not_yet_valid: 'chain_link_not_yet_valid',
}

function linkFindings(
  checks: readonly Check[],
  evidence: Readonly<Record<string, Json>>,
): readonly Check[] {
  const verdict = verdictOf(checks)
  if (verdict === 'valid') return []
  const outcome = verdict === 'invalid' ? 'fail' : 'indeterminate'
  const codes = checks.flatMap((check) =>
    check.outcome === outcome && check.code !== undefined ? [check.code] : [],
  )
  if (verdict === 'indeterminate')
    return [
      unanswered('trust', 'chain_unavailable', { rule: 'R6', evidence: { ...evidence, codes } }),
    ]
  const known = codes.flatMap((code) => LINK_CODES[code] ?? [])
  const others = codes.filter((code) => LINK_CODES[code] === undefined)
  return [
    ...known.map((code) => faulty({ code, evidence })),
    ...(others.length === 0
      ? []
      : [faulty({ code: 'chain_link_invalid', evidence: { ...evidence, codes: others } })]),
  ]
}

/** Two ways up may share what is wrong with both. */
const distinct = (findings: readonly Check[]): readonly Check[] => [
  ...new Map(findings.map((check) => [JSON.stringify(check), check])).values(),
]
