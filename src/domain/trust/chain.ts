import type { CredentialClaims } from '../credential/credential-claims.ts'
import type { Did } from '../did/did.ts'
import { isJsonObject, type Json } from '../json/strict-json.ts'
import type { EpochSeconds } from '../time.ts'
import type { FindingCode } from '../verification/findings.ts'
import {
  ACCREDITATION,
  readAccreditation,
  subjectOf,
  type Accreditation,
  type Period,
} from './accreditation.ts'
import { countsAt, specificTypes, type TrustPolicy } from './policy.ts'

/** What a chain is sought for. */
export interface Leaf extends Period {
  readonly issuer: Did
  /** What every link must be accredited for: the credential's types, or what an accreditation passes on. */
  readonly types: readonly string[]
  /** Where its subject is registered, or what an accreditation passes on; `undefined`: it does not say, so anywhere. */
  readonly countries: readonly string[] | undefined
  /** True when it is an accreditation itself. */
  readonly accredits: boolean
  /** The most accreditations that may follow it. */
  readonly maxDepth: number
}

/** One broken condition of a chain; `evidence` names the link. */
export interface ChainFault {
  readonly code: Extract<FindingCode, `chain_${string}`>
  readonly evidence: Readonly<Record<string, Json>>
}

/** The credential as what a chain must carry. */
export function readLeaf(claims: CredentialClaims, issuer: Did): Leaf {
  const { types, validFrom, validUntil } = claims
  const accreditation = readAccreditation(claims)
  return {
    issuer,
    validFrom,
    validUntil,
    types: accreditation?.accreditedFor ?? specificTypes(types),
    countries: accreditation === undefined ? countriesOf(claims) : accreditation.jurisdictions,
    accredits: accreditation !== undefined,
    maxDepth: accreditation?.mayAccredit === true ? (accreditation.maxDepth ?? Infinity) : 0,
  }
}

function countriesOf(claims: CredentialClaims): readonly string[] | undefined {
  const address = subjectOf(claims)['registeredAddress']
  const country = isJsonObject(address) ? address['country'] : undefined
  return typeof country === 'string' ? [country] : undefined
}

/**
 * What keeps `link` from vouching for a leaf through the links `below` it, the nearest to the leaf
 * first (rule R6, row V12): all of it, and nothing for a good link. Whether the link itself is valid,
 * and who vouches for its issuer, is asked elsewhere.
 */
export function linkFaults(
  link: Accreditation,
  below: readonly Accreditation[],
  leaf: Leaf,
  isAnchor: boolean,
): readonly ChainFault[] {
  const child = below.at(-1) ?? leaf
  const following = below.length + (leaf.accredits ? 1 : 0)
  const passed = [leaf.issuer, ...below.map(({ issuer }) => issuer)]
  const selfIssued = link.issuer === link.subject
  const codes: readonly (readonly [ChainFault['code'], boolean])[] = [
    ['chain_type_not_accredited', !coversTypes(link, leaf, following)],
    ['chain_may_not_accredit', following > 0 && !link.mayAccredit],
    [
      'chain_depth_exceeded',
      link.maxDepth !== undefined && following + leaf.maxDepth > link.maxDepth,
    ],
    ['chain_jurisdiction', !coversCountries(link, leaf)],
    ['chain_validity', !isInside(child, link)],
    ['chain_self_issued', selfIssued && !isAnchor],
    ['chain_cycle', !selfIssued && passed.includes(link.issuer)],
  ]
  const evidence = { credential: link.credentialId, issuer: link.issuer, subject: link.subject }
  return codes.flatMap(([code, broken]) => (broken ? [{ code, evidence }] : []))
}

/** Who accredits others needs what they issue, or the right to issue accreditations as such. */
function coversTypes({ accreditedFor }: Accreditation, leaf: Leaf, following: number): boolean {
  if (following > 0 && accreditedFor.includes(ACCREDITATION)) return true
  const granted = new Set(accreditedFor)
  return leaf.types.length > 0 && leaf.types.every((type) => granted.has(type))
}

function coversCountries({ jurisdictions }: Accreditation, { countries }: Leaf): boolean {
  if (jurisdictions === undefined) return true
  const granted = new Set(jurisdictions)
  return countries?.every((country) => granted.has(country)) ?? false
}

function isInside(child: Period, parent: Period): boolean {
  const begins = (child.validFrom ?? -Infinity) >= (parent.validFrom ?? -Infinity)
  return begins && (child.validUntil ?? Infinity) <= (parent.validUntil ?? Infinity)
}

/** How a DID stands as the upper end of a chain. */
export type AnchorStanding = 'accredits' | 'other_types' | 'other_time' | 'no_anchor'

/** An anchor ends a chain when it is one for accreditations, now: absent means refused. */
export function anchorStanding(
  { anchors }: Pick<TrustPolicy, 'anchors'>,
  did: Did,
  now: EpochSeconds,
): AnchorStanding {
  const named = anchors.filter((anchor) => anchor.did === did)
  const accrediting = named.filter(({ types }) => types.includes(ACCREDITATION))
  if (accrediting.some((anchor) => countsAt(anchor, now))) return 'accredits'
  if (accrediting.length > 0) return 'other_time'
  return named.length > 0 ? 'other_types' : 'no_anchor'
}

/** Whether any chain at all could be accepted now: where none could, nothing is fetched for one (V14). */
export const acceptsChains = (policy: TrustPolicy, now: EpochSeconds): boolean =>
  policy.maxChainDepth > 0 &&
  policy.anchors.some((anchor) => anchor.types.includes(ACCREDITATION) && countsAt(anchor, now))
