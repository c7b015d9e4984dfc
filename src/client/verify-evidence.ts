import type { JwkSet } from './answers.ts'
import { encodeBase64url, utf8 } from './base64url.ts'
import type { Decision } from './decisions.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { textOf, type FindingCode, type ProblemCode } from './reasons.ts'
import { signedClaims } from './signed-token.ts'

/** The claims of the receipt that the evidence fits, or why it does not. */
export type VerifiedEvidence =
  | { readonly valid: true; readonly claims: JsonObject }
  | { readonly valid: false; readonly code: FindingCode | ProblemCode; readonly hint: string }

/** A receipt by itself; where a client was accepted, the decision about it is the receipt. */
const RECEIPT_TYPS = ['lso-receipt+jwt', 'lso-decision+jwt']

/**
 * Verifies a kept decision without asking anybody, as an auditor would: the evidence has the digest that the
 * receipt names, the verifier has signed the receipt, and what is written beside them is what was signed.
 * `jwks` are the verifier's keys of then. Says nothing about whether the decision was right: `replayDecision`
 * does. Example: at `replayDecision`.
 */
export async function verifyEvidence(
  decision: Decision,
  { jwks, issuer }: { readonly jwks: JwkSet; readonly issuer: string },
): Promise<VerifiedEvidence> {
  const claims = await signedClaims(decision.receipt, RECEIPT_TYPS, jwks)
  if (typeof claims === 'string') return refused(claims)
  if (claims['iss'] !== issuer) return refused('issuer_mismatch')
  const { decisionId, verdict, trust, policyVersion, evidenceDigest, evidence } = decision
  const fits =
    claims['jti'] === decisionId &&
    claims['verdict'] === verdict &&
    claims['trust'] === trust &&
    claims['policy_version'] === policyVersion &&
    claims['evidence_digest'] === evidenceDigest &&
    evidence['decisionId'] === decisionId &&
    (await digestOf(evidence)) === evidenceDigest
  return fits ? { valid: true, claims } : refused('evidence_broken')
}

const refused = (code: FindingCode | ProblemCode): VerifiedEvidence => ({
  valid: false,
  code,
  hint: textOf(code).hint ?? code,
})

async function digestOf(value: Json): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', utf8(canonical(value)))
  return encodeBase64url(new Uint8Array(hash))
}

/** RFC 8785. */
function canonical(value: Json): string {
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`)
    return `{${members.join(',')}}`
  }
  return Array.isArray(value)
    ? `[${(value as readonly Json[]).map(canonical).join(',')}]`
    : JSON.stringify(value)
}
