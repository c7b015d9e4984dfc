import type { Context } from 'hono'
import { expandRelativeUrls } from '../../domain/did/expand-relative-urls.ts'
import { listed } from '../../domain/json/values.ts'
import { dateTimeStamp, type EpochSeconds } from '../../domain/time.ts'
import type { ResolvedDid } from '../../ports/did-resolver.ts'
import type { AppEnv } from '../app-env.ts'
import { rendered, type Rendered } from './rendered.ts'
import { resolutionError, type ResolutionErrorRefusal } from './resolution-error.ts'
import { respond } from './respond.ts'

/** Media types of a resolution: the whole result, or the document alone in one of its representations. */
export const RESOLUTION_RESULT = 'application/did-resolution'
export const DID_DOCUMENT_TYPES = [
  'application/did',
  'application/did+json',
  'application/did+ld+json',
] as const
export type ResolutionType = typeof RESOLUTION_RESULT | (typeof DID_DOCUMENT_TYPES)[number]

/** What a caller chose about the answer. */
export interface ResolutionChoice<ContentType> {
  readonly contentType: ContentType
  readonly expandRelativeUrls: boolean
  /** The caller wanted it new: nobody keeps it. */
  readonly noCache: boolean
}

/** How long others may keep what was chosen so. */
export const cacheOf = ({ noCache }: { readonly noCache: boolean }): 'fresh' | 'minute' =>
  noCache ? 'fresh' : 'minute'

/** The document as text, as it came or with its relative DID URLs written out. */
export const documentText = ({ document, json }: ResolvedDid, expanded: boolean): string =>
  expanded ? JSON.stringify(expandRelativeUrls(document.source, document.id)) : json

/** A resolved document as the caller wants it (DID Resolution §9, §12.1). */
export function resolution(
  c: Context<AppEnv>,
  resolved: ResolvedDid,
  choice: ResolutionChoice<ResolutionType>,
): Response {
  if (choice.contentType === 'application/did+ld+json' && !hasContext(resolved.document))
    return resolutionRefusal(c, { reason: 'representation_not_supported' })
  return rendered(c, writtenNow(c, resolved, choice), cacheOf(choice), VARY)
}

const VARY = { Vary: 'Accept' }

interface Written extends Rendered {
  readonly second: EpochSeconds
  readonly expanded: boolean
}

/** The last answer about each document that is in memory: an answer tells its age and so holds for a second. */
const last = new WeakMap<ResolvedDid, Written>()

function writtenNow(
  c: Context<AppEnv>,
  resolved: ResolvedDid,
  choice: ResolutionChoice<ResolutionType>,
): Rendered {
  const { contentType, expandRelativeUrls: expanded } = choice
  const second = c.get('ports').clock.now()
  const known = last.get(resolved)
  if (known?.second === second && known.contentType === contentType && known.expanded === expanded)
    return known
  const text = documentText(resolved, expanded)
  const whole = contentType === RESOLUTION_RESULT
  const body = whole
    ? `{"didDocument":${text},"didResolutionMetadata":${metadata(c, resolved, contentType)},"didDocumentMetadata":{}}`
    : text
  const variant = `${expanded ? 'x' : ''}${contentType.slice('application/'.length)}`
  const etag = `${whole ? 'W/' : ''}"${resolved.digest}.${variant}"`
  const written = { body, contentType, etag, second, expanded }
  last.set(resolved, written)
  return written
}

/** Without one it is no JSON-LD (DID Core §6.3). */
const hasContext = ({ source }: ResolvedDid['document']): boolean =>
  listed(source['@context'] ?? undefined).length > 0

/** What is known about this answer rather than about the document; `age` is in seconds. */
export function resolutionMetadata(
  c: Context<AppEnv>,
  { digest, retrieved }: ResolvedDid,
  contentType: string,
): Readonly<Record<string, string | number | boolean>> {
  return {
    contentType,
    retrieved: dateTimeStamp(retrieved),
    age: Math.max(0, c.get('ports').clock.now() - retrieved),
    documentDigest: digest,
  }
}

const metadata = (...what: Parameters<typeof resolutionMetadata>): string =>
  JSON.stringify(resolutionMetadata(...what))

/** A refusal as a resolution result (DID Resolution §4.4): always the whole result, whatever was asked for. */
export function resolutionRefusal(c: Context<AppEnv>, refusal: ResolutionErrorRefusal): Response {
  if (refusal.reason === 'did_deactivated')
    return resultOf(c, 410, { contentType: RESOLUTION_RESULT }, { deactivated: true })
  const error = {
    ...resolutionError(refusal, c.var.ports.publicUrl),
    requestId: c.var.requestId,
  }
  return resultOf(c, error.status, { contentType: RESOLUTION_RESULT, error }, {})
}

function resultOf(
  c: Context<AppEnv>,
  status: ReturnType<typeof resolutionError>['status'],
  didResolutionMetadata: object,
  didDocumentMetadata: object,
): Response {
  const body = { didDocument: null, didResolutionMetadata, didDocumentMetadata }
  return respond(c, JSON.stringify(body), status, {
    ...retryLater(status),
    'Content-Type': RESOLUTION_RESULT,
    'Cache-Control': 'no-store',
    Vary: 'Accept',
  })
}

/** The budget of a host is per minute. */
export const retryLater = (status: number): Readonly<Record<string, string>> =>
  status === 429 ? { 'Retry-After': '60' } : {}
