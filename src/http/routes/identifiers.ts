import { Hono, type Context } from 'hono'
import { dereferenceDidUrl } from '../../use-cases/dereference-did-url.ts'
import { resolveDid } from '../../use-cases/resolve-did.ts'
import type { AppEnv } from '../app-env.ts'
import { accepted } from '../input/accept.ts'
import { identifierFromPath, type PathIdentifier } from '../input/identifier-path.ts'
import { namesDidUrl, readDereferencing, readResolution } from '../input/resolution-request.ts'
import {
  dereferenced,
  DEREFERENCING_RESULT,
  DEREFERENCING_TYPES,
  dereferencingRefusal,
  type DereferencingType,
} from '../output/did-dereferencing.ts'
import {
  DID_DOCUMENT_TYPES,
  resolution,
  RESOLUTION_RESULT,
  resolutionRefusal,
  type ResolutionType,
} from '../output/did-resolution.ts'

const OFFERS = [RESOLUTION_RESULT, ...DID_DOCUMENT_TYPES, ...DEREFERENCING_TYPES] as const

/** DID Resolution §12.1, the HTTP(S) binding: the media type that the caller accepts chooses the function. */
export const identifiers = new Hono<AppEnv>().get('/*', async (c) => {
  const identifier = identifierFromPath(c.req.url, '/1.0/identifiers/', '')
  if (identifier === undefined) return resolutionRefusal(c, { reason: 'did_invalid' })
  const choice = accepted(c.req.header('Accept'), OFFERS)
  if (choice === undefined) return resolutionRefusal(c, { reason: 'representation_not_supported' })
  // Who takes anything and names a DID URL can only want it dereferenced.
  if (!choice.named && namesDidUrl(identifier, queryOf(c)))
    return dereference(c, identifier, DEREFERENCING_RESULT)
  const { mediaType } = choice
  return isDereferencing(mediaType)
    ? dereference(c, identifier, mediaType)
    : resolve(c, identifier, mediaType)
})

const isDereferencing = (mediaType: string): mediaType is DereferencingType =>
  DEREFERENCING_TYPES.some((known) => known === mediaType)

async function resolve(
  c: Context<AppEnv>,
  identifier: PathIdentifier,
  contentType: ResolutionType,
): Promise<Response> {
  const request = readResolution(identifier, queryOf(c))
  if (!request.ok) return resolutionRefusal(c, request.refusal)
  const { wish, expandRelativeUrls } = request.value
  const resolved = await resolveDid(c.get('ports'), identifier.text, wish, c.get('caller'))
  return resolved.ok
    ? resolution(c, resolved.value, { contentType, expandRelativeUrls, noCache: wish.noCache })
    : resolutionRefusal(c, resolved.refusal)
}

async function dereference(
  c: Context<AppEnv>,
  identifier: PathIdentifier,
  contentType: DereferencingType,
): Promise<Response> {
  const request = readDereferencing(identifier, queryOf(c))
  if (!request.ok) return dereferencingRefusal(c, request.refusal)
  const { didUrl, wish, expandRelativeUrls } = request.value
  const { noCache } = wish
  const found = await dereferenceDidUrl(c.get('ports'), didUrl, wish, c.get('caller'))
  if (!found.ok) return dereferencingRefusal(c, found.refusal)
  const { resolved, target } = found.value
  return dereferenced(c, resolved, target, { contentType, expandRelativeUrls, noCache })
}

function queryOf(c: Context<AppEnv>): string {
  const query = c.req.url.indexOf('?')
  return query === -1 ? '' : c.req.url.slice(query + 1)
}
