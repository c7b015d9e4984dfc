import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import type { JwsPurpose } from '../jws-purpose.ts'
import { isEpochSeconds, type EpochSeconds } from '../time.ts'
import { RULE_PROFILE, type Trust, type Verdict } from '../verification/check.ts'
import type { Evidence } from './evidence.ts'

/** Media type of a receipt in its header. */
const RECEIPT_TYP = 'lso-receipt+jwt'

/** What a decision came to, in the words of its report. */
export interface Outcome {
  readonly verdict: Verdict
  readonly trust: Trust
}

/**
 * The claims of the receipt over a sealed record. `evidence_digest` is the base64url SHA-256 of the
 * record's canonical text: whoever has both can tell that neither was changed.
 */
const receiptClaims = (
  { verifier, decisionId, policy, at }: Evidence,
  { verdict, trust }: Outcome,
  digest: string,
): JsonObject => ({
  iss: verifier.did,
  sub: decisionId,
  jti: decisionId,
  iat: at,
  evidence_digest: digest,
  verdict,
  trust,
  policy_version: policy.version,
})

/** Media type of a decision about a client in its header: a receipt that says what was granted. */
const DECISION_TYP = 'lso-decision+jwt'

/**
 * The claims of the decision that accepts a client, for whoever relies on it without asking us: those of
 * the receipt, with the client as `sub`, the verifier's audience as `aud`, the end as `exp`, and the
 * client's RFC 7591 metadata. `grant` is that of the report.
 */
const decisionClaims = (
  evidence: Evidence,
  outcome: Outcome,
  digest: string,
  { clientId, client, legalEntity, trustChain, validUntil }: ToldGrant,
): JsonObject => ({
  ...receiptClaims(evidence, outcome, digest),
  sub: clientId,
  aud: evidence.question['domain'] ?? null,
  exp: validUntil,
  outcome: 'accepted',
  profile: RULE_PROFILE,
  client,
  legal_entity: legalEntity,
  trust_chain: trustChain,
})

/** What a client was granted, as the report of its registration tells it. */
export interface ToldGrant {
  readonly clientId: string
  /** RFC 7591 metadata. */
  readonly client: JsonObject
  readonly legalEntity: JsonObject
  readonly trustChain: readonly JsonObject[]
  readonly validUntil: EpochSeconds
}

/** The grant in a report that was written as JSON; `undefined` where there is none. */
export function grantIn(report: JsonObject): ToldGrant | undefined {
  const { grant } = report
  if (!isJsonObject(grant)) return undefined
  const { clientId, client, legalEntity, trustChain, validUntil } = grant
  const steps = listed(trustChain).filter(isJsonObject)
  return typeof clientId === 'string' &&
    isJsonObject(client) &&
    isJsonObject(legalEntity) &&
    isEpochSeconds(validUntil)
    ? { clientId, client, legalEntity, trustChain: steps, validUntil }
    : undefined
}

/** What the verifier signs over a decision: the decision itself where a client is accepted, else a receipt. */
export function sealClaims(
  evidence: Evidence,
  outcome: Outcome,
  digest: string,
): { readonly typ: string; readonly purpose: SealPurpose; readonly claims: JsonObject } {
  const grant = evidence.kind === 'registration' ? grantIn(evidence.report) : undefined
  return grant === undefined
    ? {
        typ: RECEIPT_TYP,
        purpose: 'decision-receipt',
        claims: receiptClaims(evidence, outcome, digest),
      }
    : {
        typ: DECISION_TYP,
        purpose: 'client-decision',
        claims: decisionClaims(evidence, outcome, digest, grant),
      }
}

type SealPurpose = Extract<JwsPurpose, 'decision-receipt' | 'client-decision'>
