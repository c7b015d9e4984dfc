import type { Json } from '../json/strict-json.ts'
import type { DidDocument, DidService } from './did-document.ts'
import { isWebUrl } from './web-url.ts'

/**
 * Every text in a `serviceEndpoint`, in its order and exactly as written: the endpoint itself, the
 * items of a list, and the values of a map, whatever its members are called (DID Core §5.4 leaves
 * maps open: `{"uri": …}` and `{"origins": […]}` are common).
 */
export function endpointTexts(service: DidService): readonly string[] {
  const found = textsIn(service.serviceEndpoint, 0)
  return [...new Set(found)]
}

/** A list in a map in a list is the deepest form in use. */
const DEEPEST_ENDPOINT = 3

function textsIn(value: Json, depth: number): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth === DEEPEST_ENDPOINT) return []
  const items: readonly Json[] = Object.values(value)
  return items.flatMap((item) => textsIn(item, depth + 1))
}

/** What the DIF specification calls a service that leads to presentations of the DID's subject. */
const LINKED_PRESENTATION = 'LinkedVerifiablePresentation'

/**
 * Where the subject of the document publishes presentations about itself (W128 D3; DIF Linked
 * Verifiable Presentation §3), in the document's order. Whether a URL may be fetched is the guarded
 * fetch's to say: http is not sorted out here, because development hosts speak it.
 */
export function linkedPresentationUrls(document: DidDocument): readonly string[] {
  const services = document.services.filter(({ types }) => types.includes(LINKED_PRESENTATION))
  return [...new Set(services.flatMap(endpointTexts))].filter(isWebUrl)
}
