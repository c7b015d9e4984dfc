import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import type { AppEnv } from '../app-env.ts'
import { respond } from './respond.ts'

/** The answer to a call that changes something, or that depends on who asks: kept by nobody. */
export function answer(
  c: Context<AppEnv>,
  body: unknown,
  status: ContentfulStatusCode = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return respond(c, JSON.stringify(body), status, {
    ...headers,
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  })
}

/** Cache rules of GET answers (row S17: what is private is never left in a shared cache). */
export const CACHE = {
  /** For polling by its owner. */
  private: 'private, no-cache',
  /** Public, asked for anew each time, cheap when it did not change. */
  fresh: 'public, no-cache',
  /** Public, may be a minute old. */
  minute: 'public, max-age=60',
  /** Public, changes with a release only. */
  release: 'public, max-age=3600',
} as const

/** The answer to a GET: with `ETag`, and 304 where the caller has it already (RFC 9110 §13.1.2). */
export function document(
  c: Context<AppEnv>,
  body: string,
  { cache, contentType }: { readonly cache: keyof typeof CACHE; readonly contentType: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  const etag = `"${encodeBase64url(c.var.ports.digest.sha256(utf8(body)).subarray(0, 16))}"`
  const common = { ...headers, ETag: etag, 'Cache-Control': CACHE[cache] }
  const known = (c.req.header('If-None-Match') ?? '').split(',').map((tag) => tag.trim())
  if (known.includes('*') || known.includes(etag) || known.includes(`W/${etag}`)) {
    return respond(c, null, 304, common)
  }
  return respond(c, body, 200, { ...common, 'Content-Type': contentType })
}

/** A GET answer in JSON that only its owner may see. */
export const ownJson = (c: Context<AppEnv>, body: unknown): Response =>
  document(c, JSON.stringify(body), { cache: 'private', contentType: 'application/json' })
