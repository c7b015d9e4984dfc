import { canonicalJson } from '../json/canonical.ts'
import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { ok, refuse, type Result } from '../result.ts'
import { RELATIONSHIPS, type DidDocument, type DidService } from './did-document.ts'
import { absoluteDidUrl, type DidUrl } from './did-url.ts'
import { isWebUrl } from './web-url.ts'

/** What a DID URL leads to (DID Resolution §5.4). */
export type Dereferenced =
  | { readonly kind: 'document' }
  /** A verification method or service of the document, its id made absolute. */
  | { readonly kind: 'part'; readonly part: JsonObject }
  /** Where a service is; never empty. */
  | { readonly kind: 'service'; readonly url: string }

export type DereferencingRefusal =
  | { readonly reason: 'resource_not_found' }
  /** `relativeRef` or fragment do not fit the endpoint. */
  | { readonly reason: 'did_url_invalid' }
  /** `fault` is a fixed phrase of ours. */
  | { readonly reason: 'did_document_invalid'; readonly fault: string }

/** DID parameters that are options of the resolution before (§5.4.1), and were dealt with there. */
const RESOLUTION_PARAMETERS = ['versionId', 'versionTime', 'noCache', 'expandRelativeUrls']

/**
 * Follows a DID URL into the resolved document of its DID: a fragment to the verification method or
 * service of that id, which must be one (row D19), `service` and `serviceType` with an optional
 * `relativeRef` to a URL. Only web addresses are followed, and a `relativeRef` never leaves the
 * endpoint's origin. Paths and other parameters lead nowhere: no DID method that we know gives them a
 * meaning.
 */
export function dereference(
  document: DidDocument,
  didUrl: DidUrl,
): Result<Dereferenced, DereferencingRefusal> {
  const { path, parameters, fragment } = didUrl
  const service = parameters.get('service')
  const serviceType = parameters.get('serviceType')
  if (path === '' && (service !== undefined || serviceType !== undefined))
    return serviceUrl(selectServices(document, service, serviceType), didUrl)
  const others = [...parameters.keys()].filter((name) => !RESOLUTION_PARAMETERS.includes(name))
  if (path !== '' || others.length > 0) return refuse({ reason: 'resource_not_found' })
  if (fragment === undefined) return ok({ kind: 'document' })
  const [part, ...rest] = partsOf(document, `${document.id}#${fragment}`)
  if (part === undefined) return refuse({ reason: 'resource_not_found' })
  const same = rest.every((other) => canonicalJson(other) === canonicalJson(part))
  return same
    ? ok({ kind: 'part', part })
    : refuse({ reason: 'did_document_invalid', fault: 'two of its parts have one id' })
}

function partsOf(document: DidDocument, id: string): readonly JsonObject[] {
  const parts = ['verificationMethod', 'service', ...RELATIONSHIPS].flatMap((name) =>
    listed(document.source[name]),
  )
  return parts
    .filter(isJsonObject)
    .filter(
      (part) => typeof part['id'] === 'string' && absoluteDidUrl(part['id'], document.id) === id,
    )
    .map((part) => ({ ...part, id }))
}

function selectServices(
  document: DidDocument,
  service: string | undefined,
  serviceType: string | undefined,
): readonly DidService[] {
  const ids = service === undefined ? [] : [service, `${document.id}#${service.replace(/^#/, '')}`]
  return document.services.filter(
    ({ id, types }) =>
      (service === undefined || ids.includes(id)) &&
      (serviceType === undefined || types.includes(serviceType)),
  )
}

/** The first web address among the selected; maps are passed over, as the algorithm says. */
function serviceUrl(
  services: readonly DidService[],
  { parameters, fragment }: DidUrl,
): Result<Dereferenced, DereferencingRefusal> {
  const endpoints = services
    .flatMap(({ serviceEndpoint }): readonly unknown[] => [serviceEndpoint].flat())
    .filter((endpoint) => typeof endpoint === 'string')
  const endpoint = endpoints.find(isWebUrl)
  if (endpoint === undefined) return refuse({ reason: 'resource_not_found' })
  const followed = followReference(endpoint, parameters.get('relativeRef'))
  const url = fragment === undefined ? followed : `${followed ?? ''}#${fragment}`
  // A second fragment, and a URL that has become too long, are no web address any more.
  if (followed === undefined || url === undefined || !isWebUrl(url))
    return refuse({ reason: 'did_url_invalid' })
  return ok({ kind: 'service', url })
}

/** RFC 3986 §5 on the endpoint; `undefined` when the result is another origin than the endpoint's. */
function followReference(endpoint: string, reference: string | undefined): string | undefined {
  if (reference === undefined) return endpoint
  if (!URL.canParse(reference, endpoint)) return undefined
  const target = new URL(reference, endpoint)
  return target.origin === new URL(endpoint).origin && isWebUrl(target.href)
    ? target.href
    : undefined
}
