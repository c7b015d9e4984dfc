import type { Context } from 'hono'
import type { EpochSeconds } from '../../domain/time.ts'
import type { AppEnv } from '../app-env.ts'
import { respond } from './respond.ts'

/** Cache rules of GET answers (row S17: what is private is never left in a shared cache). */
export const CACHE = {
  /** For polling by its owner. */
  private: 'private, no-cache',
  /** Public, asked for anew each time, cheap when it did not change. */
  fresh: 'public, no-cache',
  /** Public, may be a minute old. */
  minute: 'public, max-age=60',
  /** Public and of the past, so that it never changes; an hour bounds how long a removed key's signature is shown. */
  past: 'public, max-age=3600',
  /** Public, changes with a release only. */
  release: 'public, max-age=3600',
} as const

/** The longest `max-age` here, and the shortest that is worth its while, in seconds. */
const [MINUTE, MOMENT] = [60, 5]
const NOTHING_MORE = {}

/** `minute` for what may be wrong from `end` on: kept until then at most. */
export function minuteUntil(
  end: EpochSeconds | undefined,
  now: EpochSeconds,
): Readonly<Record<string, string>> {
  if (end === undefined || end - now >= MINUTE) return NOTHING_MORE
  const left = end - now
  return { 'Cache-Control': left < MOMENT ? CACHE.fresh : `public, max-age=${String(left)}` }
}

/** A body that is made once for many answers, with the tag that names it. */
export interface Rendered {
  readonly body: string
  readonly contentType: string
  /** Weak where the body also tells its own age. */
  readonly etag: string
}

/**
 * A GET answer from a finished body: 200, or 304 where the caller has it already (RFC 9110 §13.1.2).
 * A header in `more` wins.
 */
export function rendered(
  c: Context<AppEnv>,
  { body, contentType, etag }: Rendered,
  cache: keyof typeof CACHE,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = { ETag: etag, 'Cache-Control': CACHE[cache], ...more }
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
