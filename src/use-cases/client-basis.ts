import type { Did } from '../domain/did/did.ts'
import type { Evidence } from '../domain/evidence/evidence.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { readPresentationClaims } from '../domain/presentation/presentation-claims.ts'
import { signedPresentation } from '../domain/presentation/signed-presentation.ts'
import type { ResolvedDid } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import { openEvidence } from './open-evidence.ts'
import { NotOnRecord, playback } from './playback.ts'

type Needs = Pick<
  Ports,
  'compression' | 'digest' | 'keyArithmetic' | 'signatureVerifier' | 'signer' | 'verifiers'
>

/** What a client was accepted for. */
export interface ClientBasis {
  /** The credentials that it presented, secured as they came. */
  readonly credentials: readonly Json[]
  /** Its document as it was then; `undefined` where the evidence does not hold it. */
  readonly document: ResolvedDid | undefined
  readonly policyVersion: number
}

/**
 * What the decision about a client rested on, from its sealed evidence. `undefined` when there is no
 * such evidence any more, or its seal is broken.
 */
export async function clientBasis(
  needs: Needs,
  verifier: Verifier,
  { clientId, decisionId }: { readonly clientId: Did; readonly decisionId: string },
): Promise<ClientBasis | undefined> {
  const sealed = await needs.verifiers.decision(verifier.id, decisionId)
  if (sealed === undefined) return undefined
  const opened = await openEvidence(needs, verifier, sealed)
  if (!opened.ok) return undefined
  const { evidence } = opened.value
  return {
    credentials: presented(evidence),
    document: await documentOf(needs, evidence, clientId),
    policyVersion: evidence.policy.version,
  }
}

function presented({ question }: Evidence): readonly Json[] {
  const secured = question['presentation'] ?? question['verifiablePresentation'] ?? null
  const jws = signedPresentation(secured)
  return jws === undefined ? [] : readPresentationClaims(jws).credentials
}

async function documentOf(
  needs: Needs,
  evidence: Evidence,
  clientId: Did,
): Promise<ResolvedDid | undefined> {
  const { world } = await playback(needs, evidence, undefined)
  try {
    const resolved = await world.didResolver.resolve(clientId)
    return resolved.ok ? resolved.value : undefined
  } catch (fault) {
    if (fault instanceof NotOnRecord) return undefined
    throw fault
  }
}
