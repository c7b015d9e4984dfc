import { Hono, type Context } from 'hono'
import { callerInHeader, callerOfPeer } from '../input/caller.ts'
import type { AppEnv } from '../app-env.ts'
import type { Door, Handler, Router } from '../mount.ts'
import { hasPreflight, unknownRoute } from '../output/failure.ts'
import { problem } from '../output/problem.ts'
import { respond, STANDING_HEADERS } from '../output/respond.ts'

/** Pages of any origin may read the answer, with these of its headers; without credentials. */
const READABLE_BY_ALL = new Headers({
  ...STANDING_HEADERS,
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag,X-Request-Id,Retry-After',
})

/** Preflights get this and nothing that the caller sent (row H5). */
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET,HEAD',
  'Access-Control-Allow-Headers': 'Accept,If-None-Match',
  'Access-Control-Max-Age': '86400',
} as const

/**
 * Lets everybody in, and counts each request against its caller. What is read is for pages of any
 * origin too; what is posted is for servers. A call of another method is not public: it is left to
 * its handler.
 */
export const everybody =
  (clientIpHeader: string | undefined): Door =>
  (handler, method) => {
    const counted: Handler = (c) => refusedByRate(c, clientIpHeader) ?? handler(c)
    if (method === 'POST') return counted
    return method === 'GET' ? readable(counted) : handler
  }

/** The preflights of a router's GET routes in `app`: refused where a path is for something else. */
export function preflights(app: Hono<AppEnv>, { routes }: Router): Router {
  const answers = new Hono<AppEnv>()
  const granted = readable((c) => respond(c, null, 204, PREFLIGHT))
  const refused = unknownRoute(app)
  const preflight: Handler = (c) => (hasPreflight(app, c.req.path) ? granted(c) : refused(c))
  for (const { method, path } of routes) if (method === 'GET') answers.options(path, preflight)
  return answers
}

const readable =
  (handler: Handler): Handler =>
  (c) => {
    c.set('standingHeaders', READABLE_BY_ALL)
    return handler(c)
  }

/**
 * Counts a request against its caller (row H11). The caller is the peer's address, or, behind a
 * proxy that the operator trusts, the header which that proxy sets (row H12).
 */
function refusedByRate(
  c: Context<AppEnv>,
  clientIpHeader: string | undefined,
): Response | undefined {
  const caller = callerOf(c, clientIpHeader)
  c.set('caller', caller)
  return refusedFor(c, 1)
}

/** Counts a request that everybody may make as `requests` more: what it asks for costs so many. */
export function refusedFor(c: Context<AppEnv>, requests: number): Response | undefined {
  const wait = c.get('ports').rateLimiter?.take(c.get('caller'), requests) ?? 0
  if (wait === 0) return undefined
  return problem(c, 'rate_limited', { headers: { 'Retry-After': String(wait) } })
}

function callerOf(c: Context<AppEnv>, clientIpHeader: string | undefined): string {
  if (clientIpHeader !== undefined) return callerInHeader(c.req.header(clientIpHeader))
  const peer = (c.req.raw.cf as { readonly clientIp?: unknown } | undefined)?.clientIp
  return typeof peer === 'string' ? callerOfPeer(peer) : 'unknown'
}
