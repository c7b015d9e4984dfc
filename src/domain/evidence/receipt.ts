import type { JsonObject } from '../json/strict-json.ts'
import type { Trust, Verdict } from '../verification/check.ts'
import type { Evidence } from './evidence.ts'

/** Media type of a receipt in its header. */
export const RECEIPT_TYP = 'lso-receipt+jwt'

/** What a decision came to, in the words of its report. */
export interface Outcome {
  readonly verdict: Verdict
  readonly trust: Trust
}

/**
 * The claims of the receipt over a sealed record. `evidence_digest` is the base64url SHA-256 of the
 * record's canonical text: whoever has both can tell that neither was changed.
 */
export const receiptClaims = (
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
