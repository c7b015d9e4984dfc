import type { Verifier } from '../domain/instance/instance.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'
import { openEvidence, type BrokenSeal, type OpenedEvidence } from './open-evidence.ts'

/** A decision as it was kept, whose seal holds. */
export interface ReadDecision extends OpenedEvidence {
  readonly sealed: SealedDecision
}

/** Reads a decision; one of which anything was changed is refused, not shown. */
export async function readDecision(
  needs: Pick<Ports, 'digest' | 'signatureVerifier' | 'signer' | 'verifiers'>,
  verifier: Verifier,
  decisionId: string,
): Promise<Result<ReadDecision, BrokenSeal | { readonly reason: 'not_found' }>> {
  const sealed = await needs.verifiers.decision(verifier.id, decisionId)
  if (sealed === undefined) return refuse({ reason: 'not_found' })
  const opened = await openEvidence(needs, verifier, sealed)
  return opened.ok ? ok({ ...opened.value, sealed }) : opened
}
