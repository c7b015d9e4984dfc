import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { DereferenceDidUrlRefusal } from '../../use-cases/dereference-did-url.ts'
import { FINDINGS } from '../../domain/verification/findings.ts'
import type { ResolutionRequestRefusal } from '../input/resolution-request.ts'
import { problemOf } from './problem.ts'

export type ResolutionErrorRefusal =
  | DereferenceDidUrlRefusal
  | ResolutionRequestRefusal
  | { readonly reason: 'representation_not_supported' }

/** An RFC 9457 object, as DID Resolution §11 puts it into its metadata. */
export interface ResolutionError {
  readonly type: string
  readonly title: string
  readonly status: ContentfulStatusCode
  /** Our own, finer name of the reason. */
  readonly code: string
  readonly detail: string
}

const W3C = 'https://www.w3.org/ns/did#'

/** The errors of DID Resolution §11 that are answered here, with the status of §12.1. */
const RESOLUTION_ERRORS = {
  INVALID_DID: { status: 400, title: 'Invalid DID' },
  INVALID_DID_URL: { status: 400, title: 'Invalid DID URL' },
  INVALID_OPTIONS: { status: 400, title: 'Invalid options' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  REPRESENTATION_NOT_SUPPORTED: { status: 406, title: 'Representation not supported' },
  INVALID_DID_DOCUMENT: { status: 500, title: 'Invalid DID document' },
  METHOD_NOT_SUPPORTED: { status: 501, title: 'DID method not supported' },
  FEATURE_NOT_SUPPORTED: { status: 501, title: 'Feature not supported' },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }>

type NotDeactivated = Exclude<ResolutionErrorRefusal, { reason: 'did_deactivated' }>

/**
 * The error for a refusal; a deactivated DID is none (§4.4). What a host did wrong has no name in the
 * specification: those are problems of ours, by `publicUrl`. Nothing of the input or of a host's answer is in it (D26).
 */
export function resolutionError(refusal: NotDeactivated, publicUrl: string): ResolutionError {
  switch (refusal.reason) {
    case 'did_invalid':
      return w3c('INVALID_DID', refusal.reason, 'This is no DID of its method in canonical form.')
    case 'destination_not_allowed':
      return w3c('INVALID_DID', refusal.reason, 'The DID points at a host that is not public.')
    case 'did_url_invalid':
      return w3c('INVALID_DID_URL', refusal.reason, 'It is no DID URL, or leads off its endpoint.')
    case 'options_invalid':
      return w3c('INVALID_OPTIONS', refusal.reason, `At fault: ${refusal.option}.`)
    case 'did_not_found':
      return w3c('NOT_FOUND', refusal.reason, 'There is no document of this DID.')
    case 'resource_not_found':
      return w3c('NOT_FOUND', refusal.reason, 'Nothing in the document has this name.')
    case 'representation_not_supported':
      return w3c('REPRESENTATION_NOT_SUPPORTED', refusal.reason, 'Accept another media type.')
    case 'did_document_invalid':
      return w3c('INVALID_DID_DOCUMENT', refusal.reason, `The document: ${refusal.fault}.`)
    case 'did_method_not_supported':
      return w3c('METHOD_NOT_SUPPORTED', refusal.reason, 'Supported are did:web, did:key, did:jwk.')
    case 'key_type_not_supported':
      return w3c('FEATURE_NOT_SUPPORTED', refusal.reason, 'The key is of a type not known here.')
    case 'feature_not_supported':
      return w3c('FEATURE_NOT_SUPPORTED', refusal.reason, `Not on offer: ${refusal.feature}.`)
    case 'redirect_not_followed':
    case 'did_host_failed':
    case 'did_host_timeout':
      return problemOf(publicUrl, refusal.reason)
    case 'fetch_budget_spent':
      return problemOf(publicUrl, 'rate_limited')
  }
}

/** The cause, and the mend in the words that reports use for the same code. */
const w3c = (
  name: keyof typeof RESOLUTION_ERRORS,
  code: string,
  cause: string,
): ResolutionError => {
  const mend = HINTS[code]
  const detail = mend === undefined ? cause : `${cause} ${mend}`
  return { type: `${W3C}${name}`, ...RESOLUTION_ERRORS[name], code, detail }
}

const HINTS: Readonly<Record<string, string>> = FINDINGS
