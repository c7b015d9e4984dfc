import { ok, refuse, type Result } from '../result.ts'
import type { EpochSeconds } from '../time.ts'
import type { PublicJwk } from '../jwk.ts'
import type { DidDocument, VerificationMethod, VerificationRelationship } from './did-document.ts'

export interface VerificationMethodRefusal {
  readonly reason:
    | 'kid_missing'
    | 'kid_not_found'
    | 'kid_ambiguous'
    | 'kid_not_authorized'
    | 'controller_mismatch'
    | 'key_unusable'
    | 'key_small_order'
}

/** A method that may verify now: its key is there. */
export type UsableMethod = VerificationMethod & { readonly publicKeyJwk: PublicJwk }

/**
 * The one verification method that `kid` names, for one purpose (rows K1, K2, D19, D22). `kid` is an
 * absolute DID URL of this very document, compared byte for byte; no other key is ever tried (D18).
 * The method must be listed under `relationship`, be controlled by the DID itself, have neither
 * expired nor been revoked at `now`, and hold a key that is sound.
 */
export function verificationMethodFor(
  document: DidDocument,
  relationship: VerificationRelationship,
  kid: string | undefined,
  now: EpochSeconds,
): Result<UsableMethod, VerificationMethodRefusal> {
  if (kid === undefined || kid === '') return refuse({ reason: 'kid_missing' })
  const method = document.verificationMethods.get(kid)
  if (method === undefined) return refuse({ reason: 'kid_not_found' })
  if (method.ambiguous === true) return refuse({ reason: 'kid_ambiguous' })
  if (method.controller !== document.id) return refuse({ reason: 'controller_mismatch' })
  if (!document.relationships[relationship].includes(kid))
    return refuse({ reason: 'kid_not_authorized' })
  if (method.smallOrder === true) return refuse({ reason: 'key_small_order' })
  return hasKey(method) && !hasEnded(method, now) ? ok(method) : refuse({ reason: 'key_unusable' })
}

const hasKey = (method: VerificationMethod): method is UsableMethod =>
  method.publicKeyJwk !== undefined

/** From the very second of `expires` or `revoked` on, a method counts as absent (CID 1.0 §2.2). */
const hasEnded = ({ expires, revoked }: VerificationMethod, now: EpochSeconds): boolean =>
  (expires !== undefined && expires <= now) || (revoked !== undefined && revoked <= now)
