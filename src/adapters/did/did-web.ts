import { didWebUrl } from '../../domain/did/did-web.ts'
import { isJsonObject, parseStrictJson } from '../../domain/json/strict-json.ts'
import {
  DID_WEB_CACHE_SECONDS,
  INSTANCE_CACHE_SECONDS,
  MAX_DID_DOCUMENT_BYTES,
} from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import type { ResolutionRefusal } from '../../ports/did-resolver.ts'
import type { FetchRefusal, GuardedFetch } from '../../ports/guarded-fetch.ts'
import type { HostedDocuments } from '../../ports/hosted-documents.ts'
import type { DidMethod, FoundDocument } from './method.ts'

/** Media types of a DID document, in representations of DID Core, DID 1.1 and plain JSON (row D12). */
const MEDIA_TYPES = [
  'application/did+json',
  'application/did+ld+json',
  'application/did',
  'application/json',
  'application/ld+json',
]

/**
 * did:web (W3C CCG): the document is fetched from the host that the DID names, or taken from the
 * store when that host is this deployment itself.
 */
export function createDidWeb(fetch: GuardedFetch, hosted: HostedDocuments): DidMethod {
  return {
    timeToLiveSeconds: (did) =>
      hosted.hosts(did) ? INSTANCE_CACHE_SECONDS : DID_WEB_CACHE_SECONDS,
    async find(did, budget) {
      const url = didWebUrl(did)
      if (!url.ok) return url
      if (hosted.hosts(did)) {
        const source = await hosted.documentOf(did)
        return source === undefined ? refuse({ reason: 'did_not_found' }) : found(source)
      }
      const fetched = await fetch.get({
        url: url.value,
        mediaTypes: MEDIA_TYPES,
        maxBytes: MAX_DID_DOCUMENT_BYTES,
        budget,
      })
      if (!fetched.ok) return refuse(toResolutionRefusal(fetched.refusal))
      const json = parseStrictJson(fetched.value.bytes)
      if (!json.ok) return badDocument('the body is not strict JSON in UTF-8')
      return isJsonObject(json.value)
        ? found(json.value)
        : badDocument('the body is not a JSON object')
    },
  }
}

const found = (source: FoundDocument['source']): Result<FoundDocument, never> => ok({ source })

const badDocument = (fault: string): Result<never, ResolutionRefusal> =>
  refuse({ reason: 'did_document_invalid', fault })

function toResolutionRefusal({ reason }: FetchRefusal): ResolutionRefusal {
  switch (reason) {
    case 'destination_not_allowed':
    case 'fetch_budget_spent':
    case 'redirect_not_followed':
      return { reason }
    case 'not_found':
      return { reason: 'did_not_found' }
    case 'host_failed':
      return { reason: 'did_host_failed' }
    case 'host_timeout':
      return { reason: 'did_host_timeout' }
    case 'body_incomplete':
      return { reason: 'did_document_invalid', fault: 'the answer is not complete' }
    case 'media_type_not_accepted':
      return {
        reason: 'did_document_invalid',
        fault: 'it is served as another media type than application/did+json',
      }
    case 'body_too_large':
      return { reason: 'did_document_invalid', fault: 'the document is too large' }
  }
}
