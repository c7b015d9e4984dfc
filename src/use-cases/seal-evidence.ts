import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import { evidenceText, type Evidence } from '../domain/evidence/evidence.ts'
import { sealClaims, type Outcome } from '../domain/evidence/receipt.ts'
import type { InstanceKey, Verifier } from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import type { PublicJwk } from '../domain/jwk.ts'
import {
  DECISION_RETENTION_SECONDS,
  MAX_KEPT_DECISIONS,
  MAX_KEPT_REGISTRATIONS_OF_ONE_CLIENT,
} from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { later, type EpochSeconds } from '../domain/time.ts'
import type { Retention, SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'

/** The key that seals a verifier's decisions, with what others verify it by. */
export interface SealingKey extends Pick<InstanceKey, 'kid' | 'verificationMethod'> {
  readonly publicKeyJwk: PublicJwk
}

export interface SealingRefusal {
  /** It was created without keys; or none of its keys is configured any more. */
  readonly reason: 'verifier_without_keys' | 'signing_key_missing'
}

/** The key that signs for the verifier now. Look for it before anything is spent. */
export function sealingKey(
  { signer }: Pick<Ports, 'signer'>,
  verifier: Verifier,
  now: EpochSeconds,
): Result<SealingKey, SealingRefusal> {
  if (verifier.keys.length === 0) return refuse({ reason: 'verifier_without_keys' })
  const key = signingKey(verifier, signer.keys, now)
  const configured = signer.keys.find(({ kid }) => kid === key?.kid)
  if (key === undefined || configured === undefined)
    return refuse({ reason: 'signing_key_missing' })
  const { kid, verificationMethod } = key
  return ok({ kid, verificationMethod, publicKeyJwk: configured.publicKeyJwk })
}

/** What a verifier still keeps at `now`. */
export const retentionAt = (now: EpochSeconds): Retention => ({
  atMost: MAX_KEPT_DECISIONS,
  atMostOfOneClient: MAX_KEPT_REGISTRATIONS_OF_ONE_CLIENT,
  since: later(now, -DECISION_RETENTION_SECONDS),
})

/** How the text of evidence is named: base64url of its SHA-256. */
export const evidenceDigest = ({ digest }: Pick<Ports, 'digest'>, text: string): string =>
  encodeBase64url(digest.sha256(utf8(text)))

/** Seals evidence: its canonical text, the digest of that, and the verifier's receipt over the digest. */
export async function sealEvidence(
  needs: Pick<Ports, 'digest' | 'signer'>,
  key: SealingKey,
  evidence: Evidence,
  { subject, verdict, trust }: Outcome & { readonly subject: string | undefined },
): Promise<SealedDecision> {
  const text = evidenceText(evidence)
  const digest = evidenceDigest(needs, text)
  const { typ, claims } = sealClaims(evidence, { verdict, trust }, digest)
  const receipt = await needs.signer.sign(key.kid, { typ, kid: key.verificationMethod }, claims)
  const { decisionId: id, kind, at, policy } = evidence
  return {
    id,
    kind,
    at,
    subject,
    verdict,
    trust,
    policyVersion: policy.version,
    digest,
    evidence: text,
    receipt,
  }
}
