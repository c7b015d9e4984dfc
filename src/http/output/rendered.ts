import type { Context } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { CACHE } from './json.ts'
import { respond } from './respond.ts'

/** A body that is made once for many answers, with the tag that names it. */
export interface Rendered {
  readonly body: string
  readonly contentType: string
  /** Weak where the body also tells its own age. */
  readonly etag: string
}

/** A public GET answer from a finished body: 200, or 304 where the caller has it already (RFC 9110 §13.1.2). */
export function rendered(
  c: Context<AppEnv>,
  { body, contentType, etag }: Rendered,
  cache: keyof typeof CACHE,
): Response {
  const headers = { ETag: etag, 'Cache-Control': CACHE[cache], Vary: 'Accept' }
  const known = c.req.header('If-None-Match')
  if (known !== undefined && names(known, etag)) return respond(c, null, 304, headers)
  return respond(c, body, 200, { ...headers, 'Content-Type': contentType })
}

/** Weak comparison (RFC 9110 §8.8.3.2). */
const names = (known: string, etag: string): boolean =>
  known.split(',').some((tag) => {
    const one = tag.trim()
    return one === '*' || opaque(one) === opaque(etag)
  })

const opaque = (etag: string): string => (etag.startsWith('W/') ? etag.slice(2) : etag)
