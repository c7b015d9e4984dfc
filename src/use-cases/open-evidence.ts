import { readEvidence, type Evidence } from '../domain/evidence/evidence.ts'
import { sealClaims } from '../domain/evidence/receipt.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import { readCompactJws } from '../domain/jws.ts'
import { sameKey, type PublicJwk } from '../domain/jwk.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'
import { evidenceDigest } from './seal-evidence.ts'

type Needs = Pick<Ports, 'digest' | 'signatureVerifier' | 'signer'>

/** Evidence whose seal holds. */
export interface OpenedEvidence {
  readonly evidence: Evidence
  /**
   * Whose word the receipt's key rests on: `configured`, the operator has it still; `recorded`, it is
   * configured no more, and what the record says of it is all there is here.
   */
  readonly receiptKey: 'configured' | 'recorded'
}

export interface BrokenSeal {
  readonly reason: 'evidence_broken'
  /** What does not fit: text and digest, digest and receipt, or the record and what was decided. */
  readonly fault: 'digest' | 'receipt' | 'record'
}

/**
 * Opens the evidence of a decision of `verifier`, when nothing of it was changed.
 *   text → digest → receipt → key → every claim of the receipt → what is stored beside them
 */
export async function openEvidence(
  needs: Needs,
  verifier: Verifier,
  sealed: SealedDecision,
): Promise<Result<OpenedEvidence, BrokenSeal>> {
  if (evidenceDigest(needs, sealed.evidence) !== sealed.digest) return broken('digest')
  const evidence = readEvidence(sealed.evidence)
  if (evidence === undefined || !isOf(sealed, evidence, verifier)) return broken('record')

  const { purpose, claims } = sealClaims(evidence, sealed, sealed.digest)
  const jws = readCompactJws(sealed.receipt, purpose)
  if (!jws.ok) return broken('receipt')
  const { kid, publicKeyJwk } = evidence.receiptKey
  const configured = configuredKey(needs, verifier, kid)
  if (jws.value.kid !== kid || (configured !== undefined && !sameKey(configured, publicKeyJwk)))
    return broken('receipt')
  const signed = await needs.signatureVerifier.verify(jws.value, publicKeyJwk)
  if (!signed.ok || canonicalJson(jws.value.payload) !== canonicalJson(claims))
    return broken('receipt')
  return ok({ evidence, receiptKey: configured === undefined ? 'recorded' : 'configured' })
}

const broken = (fault: BrokenSeal['fault']): Result<never, BrokenSeal> =>
  refuse({ reason: 'evidence_broken', fault })

/** True when the columns beside the evidence, and the place it was found in, are its own. */
const isOf = (sealed: SealedDecision, evidence: Evidence, verifier: Verifier): boolean =>
  evidence.decisionId === sealed.id &&
  evidence.kind === sealed.kind &&
  evidence.at === sealed.at &&
  evidence.policy.version === sealed.policyVersion &&
  evidence.verifier.id === verifier.id &&
  evidence.verifier.did === verifier.did

/** The operator's key behind one of the verifier's methods. */
function configuredKey(
  { signer }: Pick<Ports, 'signer'>,
  verifier: Verifier,
  method: string,
): PublicJwk | undefined {
  const named = verifier.keys.find(({ verificationMethod }) => verificationMethod === method)
  return signer.keys.find(({ kid }) => kid === named?.kid)?.publicKeyJwk
}
