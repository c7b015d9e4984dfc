import { isDid, type Did } from '../did/did.ts'
import { isInstanceId, type InstanceId } from '../instance/instance.ts'
import { canonicalJson } from '../json/canonical.ts'
import * as json from '../json/decode.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { publicJwk, type PublicJwk } from '../jwk.ts'
import { MAX_URL_CHARACTERS } from '../limits.ts'
import { isEpochSeconds, type EpochSeconds } from '../time.ts'
import { POLICY, withDefaults, type PolicyVersion } from '../trust/policy.ts'
import { OBSERVATION, type Observation } from './observation.ts'

/** What was decided about. */
export const DECISION_KINDS = ['credential', 'presentation', 'registration'] as const
export type DecisionKind = (typeof DECISION_KINDS)[number]

/** Name of the form of the record; another form gets another name. */
const FORMAT = 'lso-evidence-1'

/**
 * All that a decision rested on: what was shown, what was asked, what the world answered, the policy
 * and the one look at the clock; and what came of it. Enough to decide again without asking anybody.
 * Holds no secret: no private key, no bearer token, not what seals challenges.
 */
export interface Evidence {
  readonly decisionId: string
  readonly kind: DecisionKind
  readonly verifier: { readonly id: InstanceId; readonly did: Did }
  /** Whose status lists and documents were those of this deployment. */
  readonly publicUrl: string
  readonly at: EpochSeconds
  readonly policy: PolicyVersion
  /** The token as it came, with what was expected of it. */
  readonly question: JsonObject
  readonly observations: readonly Observation[]
  readonly report: JsonObject
  /** Whose receipt seals the record. */
  readonly receiptKey: { readonly kid: string; readonly publicKeyJwk: PublicJwk }
}

/** The text that is hashed and stored: canonical JSON (RFC 8785), the same for the same evidence. */
export const evidenceText = (evidence: Evidence): string =>
  canonicalJson(asJson({ format: FORMAT, ...evidence }))

/** What a value is once it was written as JSON: members that are `undefined` are gone. */
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

/** As `asJson`, for an object. */
export function asJsonObject(value: object): JsonObject {
  const read = asJson(value)
  return isJsonObject(read) ? read : {}
}

const SOME_TEXT = json.text(MAX_URL_CHARACTERS)
const MAX_OBSERVATIONS = 10_000

const instanceId = json.where(isInstanceId, 'an id')
const instant: json.Decoder<EpochSeconds> = json.where(isEpochSeconds, 'epoch seconds')
const key: json.Decoder<PublicJwk & Json> = json.where(
  (value): value is PublicJwk & Json => publicJwk(value).ok,
  'a public key',
)

const EVIDENCE = json.object({
  format: json.oneOf(FORMAT),
  decisionId: SOME_TEXT,
  kind: json.oneOf(...DECISION_KINDS),
  verifier: json.object({
    id: instanceId,
    did: json.where((value): value is Did => isDid(value), 'a DID'),
  }),
  publicUrl: SOME_TEXT,
  at: instant,
  policy: json.object({
    version: json.wholeNumber(0, Number.MAX_SAFE_INTEGER),
    policy: POLICY,
    at: instant,
    actor: SOME_TEXT,
  }),
  question: json.anyObject,
  observations: json.list(OBSERVATION, 0, MAX_OBSERVATIONS),
  report: json.anyObject,
  receiptKey: json.object({ kid: SOME_TEXT, publicKeyJwk: key }),
})

/** Reads what `evidenceText` wrote; `undefined` for any other text. */
export function readEvidence(text: string): Evidence | undefined {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return undefined
  }
  const read = json.decode(EVIDENCE, value)
  if (!read.ok) return undefined
  const { format: _, policy, ...rest } = read.value
  return { ...rest, policy: { ...policy, policy: withDefaults(policy.policy) } }
}
