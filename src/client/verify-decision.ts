import { isSignatureAlg } from './algorithms.ts'
import type { JwkSet } from './answers.ts'
import { decodeBase64url, utf8, utf8Text } from './base64url.ts'
import { isJsonObject, parsedJson, type JsonObject } from './json.ts'
import { platformNow, type EpochSeconds } from './platform.ts'
import { hintOf, type FindingCode } from './reasons.ts'
import { verifiedBy } from './signature.ts'

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
const MAX_TOKEN_CHARACTERS = 64 * 1024
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
  const read = readToken(decisionJwt)
  if (typeof read === 'string') return refused(read)
  const { header, claims, signature } = read
  const { typ, alg, kid } = header
  if (typ !== DECISION_TYP) return refused('typ_mismatch')
  if (!isSignatureAlg(alg)) return refused('alg_not_allowed')
  if (Object.keys(header).some((name) => !HEADER.includes(name)))
    return refused('header_not_allowed')
  if (typeof kid !== 'string') return refused('kid_missing')
  const [key, ...others] = jwks.keys.filter((jwk) => jwk['kid'] === kid)
  if (key === undefined) return refused('kid_not_found')
  if (others.length > 0) return refused('kid_ambiguous')
  const good = await verifiedBy(key, alg, read.input, signature)
  if (good !== true) return refused(good)
  return claimsFault(claims, issuer, audience, now) ?? { valid: true, claims }
}

/** Every other parameter asks for something that is not done here (RFC 7515 §4.1.11). */
const HEADER = ['typ', 'alg', 'kid', 'cty']

const refused = (code: FindingCode): VerifiedDecision => ({
  valid: false,
  code,
  hint: hintOf(code),
})

function readToken(token: string) {
  if (token.length > MAX_TOKEN_CHARACTERS) return 'token_too_large'
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  const parts = [header, payload, signature].map(decodeBase64url)
  if (more.length > 0 || parts.some((part) => part === undefined || part.length === 0))
    return 'token_malformed'
  const [head, claims] = parts.map((part) => parsedJson(utf8Text(part ?? new Uint8Array()) ?? ''))
  if (!isJsonObject(head) || !isJsonObject(claims)) return 'json_invalid'
  return {
    header: head,
    claims,
    input: utf8(`${header}.${payload}`),
    signature: parts[2] ?? new Uint8Array(),
  }
}

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
