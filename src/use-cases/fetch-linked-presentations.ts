import type { DidDocument } from '../domain/did/did-document.ts'
import { linkedPresentationUrls } from '../domain/did/service-endpoints.ts'
import { MAX_LINKED_PRESENTATION_BYTES, MAX_LINKED_PRESENTATIONS } from '../domain/limits.ts'
import type { FetchBudget } from '../ports/did-resolver.ts'
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
 * `MAX_LINKED_PRESENTATIONS` of it and no more than the budget allows, one after another. Nothing is
 * verified here, and a failing endpoint does not hide the next.
 */
export async function fetchLinkedPresentations(
  { guardedFetch }: Needs,
  document: DidDocument,
  budget: FetchBudget,
): Promise<readonly LinkedPresentation[]> {
  const presentations: LinkedPresentation[] = []
  for (const url of linkedPresentationUrls(document).slice(0, MAX_LINKED_PRESENTATIONS)) {
    const fetched = await guardedFetch.get({
      url,
      mediaTypes: MEDIA_TYPES,
      maxBytes: MAX_LINKED_PRESENTATION_BYTES,
      budget,
    })
    if (!fetched.ok) {
      presentations.push({ url, found: false, reason: fetched.refusal.reason })
      continue
    }
    const text = decoded(fetched.value.bytes)
    presentations.push(
      text === undefined
        ? { url, found: false, reason: 'utf8_invalid' }
        : { url, found: true, text, mediaType: fetched.value.mediaType },
    )
  }
  return presentations
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}
