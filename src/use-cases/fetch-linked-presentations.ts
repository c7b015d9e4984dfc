import { utf8Text } from '../domain/base64url.ts'
import type { DidDocument } from '../domain/did/did-document.ts'
import { linkedPresentationUrls } from '../domain/did/service-endpoints.ts'
import { MAX_LINKED_PRESENTATION_BYTES, MAX_LINKED_PRESENTATIONS } from '../domain/limits.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { FetchRefusal } from '../ports/guarded-fetch.ts'
import type { Ports } from '../ports/index.ts'

type Needs = Pick<Ports, 'guardedFetch'>

/** Forms in which somebody may publish a presentation, or a single credential. */
const MEDIA_TYPES = [
  'application/vp+jwt',
  'application/vc+jwt',
  'application/vp',
  'application/vc',
  'application/jwt',
  'application/json',
  'application/ld+json',
  'text/plain',
]

/** What is at one endpoint: a text that nothing is known of yet, or why there is none. */
export type LinkedPresentation =
  | {
      readonly url: string
      readonly found: true
      readonly text: string
      readonly mediaType: string
    }
  | {
      readonly url: string
      readonly found: false
      readonly reason: FetchRefusal['reason'] | 'utf8_invalid'
    }

/**
 * Fetches what the subject of a document publishes about itself (W128 D3, R7), at most
 * `MAX_LINKED_PRESENTATIONS` of it and no more than the budget allows, all at the same time, so that
 * together they take no longer than the slowest. Nothing is verified here, and a failing endpoint does
 * not hide the next.
 */
export async function fetchLinkedPresentations(
  { guardedFetch }: Needs,
  document: DidDocument,
  budget: FetchBudget,
): Promise<readonly LinkedPresentation[]> {
  const urls = linkedPresentationUrls(document).slice(0, MAX_LINKED_PRESENTATIONS)
  return Promise.all(
    urls.map(async (url): Promise<LinkedPresentation> => {
      const fetched = await guardedFetch.get({
        url,
        mediaTypes: MEDIA_TYPES,
        maxBytes: MAX_LINKED_PRESENTATION_BYTES,
        budget,
      })
      if (!fetched.ok) return { url, found: false, reason: fetched.refusal.reason }
      const { bytes, mediaType } = fetched.value
      const text = utf8Text(bytes)
      return text === undefined
        ? { url, found: false, reason: 'utf8_invalid' }
        : { url, found: true, text, mediaType }
    }),
  )
}
