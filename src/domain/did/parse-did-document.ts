import type { JsonObject } from '../json/strict-json.ts'
import { ok, refuse, type Result } from '../result.ts'
import type { DidDocument } from './did-document.ts'
import type { Did } from './did.ts'
import type { KeyArithmetic } from './method-key.ts'
import { holdsPrivateKey } from './private-key.ts'
import { parseServices } from './parse-services.ts'
import { parseVerificationMethods } from './parse-verification-methods.ts'

export interface DidDocumentRefusal {
  readonly reason: 'did_document_invalid'
  /** A fixed phrase of ours, never text of the document (row D26). */
  readonly fault: string
}

/** The fault of a document whose keys nobody can rely on (rows J29, K5). */
export const HOLDS_PRIVATE_KEY = 'it holds a private key'

/**
 * Reads the document of `did` into the form that decisions are made on (DID Core §5, CID 1.0 §2):
 * relative ids made absolute, one entry per verification method, keys read and judged. Refuses a
 * document whose parts are of the wrong kind or too many (rows D18, D21), a service id that occurs
 * twice, and any private key wherever it is (row K5). Follows no `controller`, no `alsoKnownAs` and no foreign
 * reference (row D20). Whether `id` is the DID that was asked for is checked by the resolver.
 */
export function parseDidDocument(
  source: JsonObject,
  did: Did,
  arithmetic: KeyArithmetic,
): Result<DidDocument, DidDocumentRefusal> {
  if (holdsPrivateKey(source))
    return refuse({ reason: 'did_document_invalid', fault: HOLDS_PRIVATE_KEY })
  const methods = parseVerificationMethods(source, did, arithmetic)
  if (!methods.ok) return refuse({ reason: 'did_document_invalid', fault: methods.refusal })
  const services = parseServices(source['service'], did)
  if (!services.ok) return refuse({ reason: 'did_document_invalid', fault: services.refusal })
  return ok({ id: did, ...methods.value, services: services.value, source })
}
