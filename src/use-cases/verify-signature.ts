import { isDid } from '../domain/did/did.ts'
import { HOLDS_PRIVATE_KEY } from '../domain/did/parse-did-document.ts'
import type { VerificationRelationship } from '../domain/did/did-document.ts'
import { verificationMethodFor } from '../domain/did/verification-method.ts'
import type { UnverifiedJws } from '../domain/jws.ts'
import type { EpochSeconds } from '../domain/time.ts'
import {
  failed,
  notApplicable,
  passed,
  unanswered,
  type Availability,
  type Check,
} from '../domain/verification/check.ts'
import type { ResolutionRefusal } from '../ports/did-resolver.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { Ports } from '../ports/index.ts'
import { resolveForKey } from './resolve-for-key.ts'

type Needs = Pick<Ports, 'didResolver' | 'signatureVerifier'>

/** Longest text of somebody else's that a finding repeats. */
const MAX_EVIDENCE_CHARACTERS = 256

export interface SignatureQuestion {
  /** Who must have signed: the issuer of a credential, the holder of a presentation. */
  readonly signer: string | undefined
  readonly relationship: VerificationRelationship
  readonly rule: string
  readonly now: EpochSeconds
  readonly budget: FetchBudget
}

export interface SignatureAnswer {
  /** Checks `key` and `signature`. */
  readonly checks: readonly Check[]
  readonly availability: Availability
  /** True only when the signature of the right key was verified. */
  readonly verified: boolean
}

/**
 * Did `signer` sign this, with a key of its own that is meant for it?
 *
 *   kid names the signer → resolve → find the one method → verify
 *
 * Only the key that `kid` names is tried (rows K1, K2). A key that the cached document lacks is looked
 * for once in a fresh one (D25).
 */
export async function verifySignature(
  needs: Needs,
  jws: UnverifiedJws,
  { signer, relationship, rule, now, budget }: SignatureQuestion,
): Promise<SignatureAnswer> {
  const { kid } = jws
  if (!isDid(signer))
    return stop(failed('key', signer === undefined ? 'issuer_missing' : 'did_invalid', { rule }))
  if (kid === undefined) return stop(failed('key', 'kid_missing', { rule }))
  if (!kid.startsWith(`${signer}#`))
    return stop(
      failed('key', 'kid_mismatch', {
        rule,
        evidence: { kid: kid.slice(0, MAX_EVIDENCE_CHARACTERS) },
      }),
    )

  const resolved = await resolveForKey(needs, signer, kid, budget)
  if (!resolved.ok) return stop(unresolved(resolved.refusal, rule))
  const method = verificationMethodFor(resolved.value.document, relationship, kid, now)
  if (!method.ok) return stop(failed('key', method.refusal.reason, { rule, evidence: { kid } }))

  const verified = await needs.signatureVerifier.verify(jws, method.value.publicKeyJwk)
  if (verified.ok) {
    const checks = [passed('key', { rule, evidence: { kid } }), passed('signature', { rule })]
    return { checks, availability: 'fresh', verified: true }
  }
  const { reason } = verified.refusal
  const checks =
    reason === 'signature_invalid'
      ? [passed('key', { rule, evidence: { kid } }), failed('signature', reason, { rule })]
      : [failed('key', reason, { rule, evidence: { kid } }), notApplicable('signature')]
  return { checks, availability: 'fresh', verified: false }
}

const stop = (check: Check): SignatureAnswer => ({
  checks: [check, notApplicable('signature')],
  availability: check.outcome === 'indeterminate' ? 'unavailable' : 'fresh',
  verified: false,
})

/** A host that is away answers nothing; everything else is an answer. */
function unresolved(refusal: ResolutionRefusal, rule: string): Check {
  const { reason } = refusal
  switch (reason) {
    case 'did_host_failed':
    case 'did_host_timeout':
    case 'fetch_budget_spent':
      return unanswered('key', reason, { rule })
    case 'did_invalid':
      return failed('key', refusal.fault ?? reason, { rule })
    case 'did_document_invalid':
      // Whose private key is public has none (row J29).
      return refusal.fault === HOLDS_PRIVATE_KEY
        ? failed('key', 'key_unusable', { rule, evidence: { fault: refusal.fault } })
        : failed('key', reason, { rule })
    default:
      return failed('key', reason, { rule })
  }
}
