import type { Did } from '../did/did.ts'
import * as json from '../json/decode.ts'
import { MAX_TEXT_CHARACTERS } from '../limits.ts'
import { parseDateTimeStamp, type EpochSeconds } from '../time.ts'

/** An issuer that a verifier trusts by itself (rule R6), for some credential types and some time. */
export interface TrustAnchor {
  readonly did: Did
  readonly types: readonly string[]
  /** `dateTimeStamp`s; absent: since ever, for ever. */
  readonly validFrom: string | undefined
  readonly validUntil: string | undefined
}

/**
 * Whom a verifier trusts. Trust is per verifier, never global (W128 §7.1).
 *
 * Absent means refused: what is left out is the strict choice. `issuerBinding: "relaxed"` lets pass what
 * another DID than the issuer signed, and nothing of that is ever trusted (docs/adr/0015).
 */
export interface TrustPolicy {
  readonly anchors: readonly TrustAnchor[]
  readonly maxChainDepth: number
  readonly acceptSelfIssued: boolean
  readonly requireStatus: boolean
  readonly statusGraceSeconds: number
  readonly delegation: 'deny' | 'allow'
  readonly trustDomain: string | undefined
  readonly issuerBinding: 'strict' | 'relaxed'
}

/** A policy as stored: versions count from 1 and are never rewritten. */
export interface PolicyVersion {
  readonly version: number
  readonly policy: TrustPolicy
  readonly at: EpochSeconds
  readonly actor: string
}

/** What a verifier starts with: nobody is trusted. */
export const DEFAULT_POLICY: TrustPolicy = {
  anchors: [],
  maxChainDepth: 3,
  acceptSelfIssued: false,
  requireStatus: true,
  statusGraceSeconds: 0,
  delegation: 'deny',
  trustDomain: undefined,
  issuerBinding: 'strict',
}

const MAX_ANCHORS = 1_000
const MAX_CHAIN_DEPTH = 8
const MAX_GRACE_SECONDS = 90 * 24 * 60 * 60

const shortText = json.text(MAX_TEXT_CHARACTERS)

const ANCHOR = json.object<{ [Member in keyof TrustAnchor]: TrustAnchor[Member] }>({
  did: json.did,
  types: json.list(shortText, 1, MAX_ANCHORS),
  validFrom: json.optional(json.dateTime),
  validUntil: json.optional(json.dateTime),
})

/** As `ANCHOR`, of which there is a moment at which it counts. */
const ANCHOR_OF_SOME_TIME: typeof ANCHOR = (value, pointer, faults) => {
  const before = faults.length
  const anchor = ANCHOR(value, pointer, faults)
  // With a fault its members are not what their types say.
  if (faults.length > before || typeof anchor === 'symbol') return anchor
  const [from, until] = [anchor.validFrom, anchor.validUntil].map((date) =>
    date === undefined ? undefined : parseDateTimeStamp(date),
  )
  if (from !== undefined && until !== undefined && until <= from)
    faults.push({
      pointer: `${pointer}/validUntil`,
      detail: 'must lie after validFrom: the anchor would never count',
    })
  return anchor
}

const policyWith = (anchor: typeof ANCHOR) =>
  json.object({
    anchors: json.optional(json.list(anchor, 0, MAX_ANCHORS)),
    maxChainDepth: json.optional(json.wholeNumber(0, MAX_CHAIN_DEPTH)),
    acceptSelfIssued: json.optional(json.boolean),
    requireStatus: json.optional(json.boolean),
    statusGraceSeconds: json.optional(json.wholeNumber(0, MAX_GRACE_SECONDS)),
    delegation: json.optional(json.oneOf('deny', 'allow')),
    trustDomain: json.optional(shortText),
    issuerBinding: json.optional(json.oneOf('strict', 'relaxed')),
  })

/** A policy as it was kept, whatever callers may write today: what is absent gets its default. */
export const POLICY = policyWith(ANCHOR)
/** The same as callers write it. */
export const GIVEN_POLICY = policyWith(ANCHOR_OF_SOME_TIME)

type PolicyInput = typeof POLICY extends json.Decoder<infer Value> ? Value : never

/** The whole policy. Defaults are the strict choice. */
export const withDefaults = (given: PolicyInput | undefined): TrustPolicy => ({
  anchors: given?.anchors ?? DEFAULT_POLICY.anchors,
  maxChainDepth: given?.maxChainDepth ?? DEFAULT_POLICY.maxChainDepth,
  acceptSelfIssued: given?.acceptSelfIssued ?? DEFAULT_POLICY.acceptSelfIssued,
  requireStatus: given?.requireStatus ?? DEFAULT_POLICY.requireStatus,
  statusGraceSeconds: given?.statusGraceSeconds ?? DEFAULT_POLICY.statusGraceSeconds,
  delegation: given?.delegation ?? DEFAULT_POLICY.delegation,
  trustDomain: given?.trustDomain,
  issuerBinding: given?.issuerBinding ?? DEFAULT_POLICY.issuerBinding,
})

/** What a credential is, beside being one. A credential of no other type is of that type. */
export const specificTypes = (types: readonly string[]): readonly string[] => {
  const specific = types.filter((type) => type !== 'VerifiableCredential')
  return specific.length === 0 ? types : specific
}

/** The anchor that vouches for `issuer` and all of `types` at `now`; undefined: nobody does. */
export function anchorFor(
  policy: TrustPolicy,
  issuer: Did,
  types: readonly string[],
  now: EpochSeconds,
): TrustAnchor | undefined {
  const specific = specificTypes(types)
  // Nobody vouches for what is of no type at all.
  if (specific.length === 0) return undefined
  return policy.anchors.find(
    (anchor) =>
      anchor.did === issuer &&
      specific.every((type) => anchor.types.includes(type)) &&
      countsAt(anchor, now),
  )
}

/** The anchors that count at `now`, for whatever types. */
export const activeAnchors = (policy: TrustPolicy, now: EpochSeconds): readonly TrustAnchor[] =>
  policy.anchors.filter((anchor) => countsAt(anchor, now))

/** From `validFrom` on, and before `validUntil`. */
export const countsAt = ({ validFrom, validUntil }: TrustAnchor, now: EpochSeconds): boolean =>
  (validFrom === undefined || (parseDateTimeStamp(validFrom) ?? 0) <= now) &&
  (validUntil === undefined || (parseDateTimeStamp(validUntil) ?? Infinity) > now)
