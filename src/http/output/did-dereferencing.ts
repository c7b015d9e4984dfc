import type { Context } from 'hono'
import type { Dereferenced } from '../../domain/did/dereference.ts'
import type { ResolvedDid } from '../../ports/did-resolver.ts'
import type { AppEnv } from '../app-env.ts'
import {
  cacheOf,
  documentText,
  resolutionMetadata,
  retryLater,
  type ResolutionChoice,
} from './did-resolution.ts'
import { CACHE, rendered } from './rendered.ts'
import { resolutionError, type ResolutionErrorRefusal } from './resolution-error.ts'
import { respond } from './respond.ts'

export const DEREFERENCING_RESULT = 'application/did-url-dereferencing'
/** The whole result, the bare resource, or where a service is. */
export const DEREFERENCING_TYPES = [
  DEREFERENCING_RESULT,
  'application/json',
  'text/uri-list',
] as const
export type DereferencingType = (typeof DEREFERENCING_TYPES)[number]

/**
 * What a DID URL leads to (DID Resolution §10, §12.1): a service by a redirect with an empty body, a
 * document or a part of it as wanted.
 */
export function dereferenced(
  c: Context<AppEnv>,
  resolved: ResolvedDid,
  target: Dereferenced,
  choice: ResolutionChoice<DereferencingType>,
): Response {
  const { contentType, expandRelativeUrls } = choice
  if (target.kind === 'service')
    return respond(c, null, 303, {
      Location: target.url,
      'Cache-Control': CACHE[cacheOf(choice)],
      Vary: 'Accept',
    })
  if (contentType === 'text/uri-list')
    return dereferencingRefusal(c, { reason: 'representation_not_supported' })
  const isDocument = target.kind === 'document'
  const content = isDocument
    ? documentText(resolved, expandRelativeUrls)
    : JSON.stringify(target.part)
  const whole = contentType === DEREFERENCING_RESULT
  const body = whole ? result(content, resolutionMetadata(c, resolved, contentType), {}) : content
  const part = isDocument ? (expandRelativeUrls ? '.x' : '') : partName(target.part['id'])
  const etag = `${whole ? 'W/' : ''}"${resolved.digest}.${whole ? 'deref' : 'json'}${part}"`
  return rendered(c, { body, contentType, etag }, cacheOf(choice), { Vary: 'Accept' })
}

const partName = (id: unknown): string => encodeURIComponent(String(id).replace(/^[^#]*/, ''))

/** A refusal as a dereferencing result. */
export function dereferencingRefusal(
  c: Context<AppEnv>,
  refusal: ResolutionErrorRefusal,
): Response {
  const deactivated = refusal.reason === 'did_deactivated'
  const error = deactivated
    ? undefined
    : { ...resolutionError(refusal, c.var.ports.publicUrl), requestId: c.var.requestId }
  const status = error?.status ?? 410
  const metadata = { contentType: DEREFERENCING_RESULT, ...(error === undefined ? {} : { error }) }
  return respond(c, result('null', metadata, deactivated ? { deactivated } : {}), status, {
    ...retryLater(status),
    'Content-Type': DEREFERENCING_RESULT,
    'Cache-Control': 'no-store',
    Vary: 'Accept',
  })
}

/**
 * The members as the function of the specification names them, and again as its example does: texts
 * and test suites disagree.
 */
function result(content: string, metadata: object, contentMetadata: object): string {
  const told = JSON.stringify(metadata)
  return (
    `{"dereferencingMetadata":${told},"contentStream":${content},` +
    `"contentMetadata":${JSON.stringify(contentMetadata)},` +
    `"didUrlDereferencingMetadata":${told},"content":${content}}`
  )
}
