import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import { checkDpopProof } from '../domain/client-auth/dpop-proof.ts'
import { normalHttpUri } from '../domain/client-auth/http-uri.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import { thumbprintInput } from '../domain/jwk.ts'
import { readCompactJws } from '../domain/jws.ts'
import { MAX_DPOP_AGE_SECONDS } from '../domain/limits.ts'
import { isEpochSeconds, later } from '../domain/time.ts'
import {
  failed,
  notApplicable,
  passed,
  verdictOf,
  type Check,
} from '../domain/verification/check.ts'
import type { Ports } from '../ports/index.ts'
import { gateFindings, spendOnce, stopped, type ClientTokenReport } from './client-token.ts'

type Needs = Pick<Ports, 'clock' | 'digest' | 'signatureVerifier' | 'spentValues'>

/** A proof, and the request that it came with. */
export interface DpopProof {
  readonly proof: string
  readonly htm: string
  readonly htu: string
  /** The access token beside the proof. */
  readonly accessToken: string | undefined
  /** Thumbprint of the key that something else is bound to. */
  readonly jkt: string | undefined
  /** The nonce that the server gave out. */
  readonly nonce: string | undefined
}

export interface DpopReport extends ClientTokenReport {
  /** RFC 7638 thumbprint of the key in the proof; present once its signature was verified. */
  readonly jkt: string | undefined
}

const RULE = 'F2'

/**
 * Judges a DPoP proof (RFC 9449 §4.3). The key is the one in its header, so that nobody is asked for
 * it; a `jti` counts once for this key and URI, so that nobody can use up another's (row A11).
 *
 *   gate → signature → claims, token, key and nonce → spend the jti
 */
export async function verifyDpopProof(
  needs: Needs,
  verifier: Verifier,
  asked: DpopProof,
): Promise<DpopReport> {
  const jws = readCompactJws(asked.proof, 'dpop-proof')
  if (!jws.ok) return { ...stopped(gateFindings(jws.refusal, RULE), undefined), jkt: undefined }
  const { jwk, payload: claims } = jws.value
  if (jwk === undefined) throw new Error('the gate let a proof without a key pass')
  const { clock, digest } = needs
  const sha256 = (text: string): string => encodeBase64url(digest.sha256(utf8(text)))
  const jkt = sha256(thumbprintInput(jwk))
  const { htm, htu, accessToken, nonce } = asked
  const ath = accessToken === undefined ? undefined : sha256(accessToken)

  const verified = await needs.signatureVerifier.verify(jws.value, jwk)
  const now = clock.now()
  const checks: readonly Check[] = [
    passed('token'),
    ...(verified.ok
      ? [passed('key', { rule: RULE }), passed('signature', { rule: RULE })]
      : verified.refusal.reason === 'signature_invalid'
        ? [passed('key', { rule: RULE }), failed('signature', 'signature_invalid', { rule: RULE })]
        : [failed('key', verified.refusal.reason, { rule: RULE }), notApplicable('signature')]),
    ...checkDpopProof(claims, { htm, htu, ath, boundTo: asked.jkt, jkt, nonce, now }),
  ]
  const { iat, jti } = claims
  const replay = await spendOnce(needs, checks, {
    namespace: `dpop-proof ${verifier.id} ${jkt}`,
    value: JSON.stringify([jti, normalHttpUri(htu)]),
    ends: isEpochSeconds(iat) ? later(iat, MAX_DPOP_AGE_SECONDS) : undefined,
    rule: RULE,
  })
  const all = [...checks, replay]
  return {
    verdict: verdictOf(all),
    clientId: undefined,
    claims: verified.ok ? claims : undefined,
    checks: all,
    jkt: verified.ok ? jkt : undefined,
  }
}
