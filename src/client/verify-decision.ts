import type { JwkSet } from './answers.ts'
import type { JsonObject } from './json.ts'
import { platformNow, type EpochSeconds } from './platform.ts'
import { hintOf, type FindingCode } from './reasons.ts'
import { signedClaims } from './signed-token.ts'

/** What a decision must be, for whoever relies on it. */
export interface ExpectedDecision {
  /** Keys of the verifier: `verifier(id).keys()`, kept for as long as you like. */
  readonly jwks: JwkSet
  /** DID of the verifier. */
  readonly issuer: string
  /** Whom the decision is for: the `audience` of the verifier. Absent: whomever it names. */
  readonly audience?: string
  /** Your clock; the platform's where absent. */
  readonly now?: EpochSeconds
}

/** The claims of a decision that holds, or why it does not. */
export type VerifiedDecision =
  | { readonly valid: true; readonly claims: JsonObject }
  | { readonly valid: false; readonly code: FindingCode; readonly hint: string }

/** Media type of a decision in its header. */
const DECISION_TYP = 'lso-decision+jwt'
/** How far a decision may seem to be of the future, and how long it counts past its end, in seconds. */
const [FUTURE_SKEW_SECONDS, EXPIRY_SKEW_SECONDS] = [60, 10]

/**
 * Verifies a decision JWT without asking anybody: `typ`, `alg`, the key that `kid` names, the signature,
 * `iss`, `aud`, `iat`, `nbf` and `exp`. EdDSA, ES256, PS256 and ES384. A decision says what was decided
 * then; whether the client is still active, only `clientStatus` says.
 *
 * @example
 * const jwks = await createTrustClient({ url }).verifier('seller').keys()
 * const decision = await verifyDecision(decisionJwt, { jwks, issuer: verifierDid, audience })
 * decision.valid // → true
 * const tampered = await verifyDecision(decisionJwt + 'A', { jwks, issuer: verifierDid, audience })
 * tampered.valid // → false
 */
export async function verifyDecision(
  decisionJwt: string,
  { jwks, issuer, audience, now = platformNow() }: ExpectedDecision,
): Promise<VerifiedDecision> {
  const claims = await signedClaims(decisionJwt, [DECISION_TYP], jwks)
  if (typeof claims === 'string') return refused(claims)
  return claimsFault(claims, issuer, audience, now) ?? { valid: true, claims }
}

const refused = (code: FindingCode): VerifiedDecision => ({
  valid: false,
  code,
  hint: hintOf(code),
})

function claimsFault(
  { iss, aud, iat, nbf, exp }: JsonObject,
  issuer: string,
  audience: string | undefined,
  now: EpochSeconds,
): VerifiedDecision | undefined {
  if (iss !== issuer) return refused('issuer_mismatch')
  if (audience !== undefined && aud !== audience) return refused('aud_mismatch')
  if (!isInstant(iat) || !isInstant(exp) || !(nbf === undefined || isInstant(nbf)))
    return refused('time_invalid')
  if (Math.max(iat, nbf ?? 0) > now + FUTURE_SKEW_SECONDS) return refused('not_yet_valid')
  return exp + EXPIRY_SKEW_SECONDS <= now ? refused('expired') : undefined
}

const isInstant = (value: unknown): value is EpochSeconds => Number.isSafeInteger(value)
