import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { callerInHeader, callerOfPeer } from '../input/caller.ts'
import type { AppEnv } from '../app-env.ts'
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
 * Public GETs: any origin may read them, and each counts against its caller. Stands aside for all
 * other methods: two methods of one path may differ in who may call.
 */
export const publicReads = (clientIpHeader: string | undefined) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { method } = c.req
    if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') return next()
    c.set('standingHeaders', READABLE_BY_ALL)
    if (method === 'OPTIONS') return respond(c, null, 204, PREFLIGHT)
    return refusedByRate(c, clientIpHeader) ?? next()
  })

/** Public calls that change something count too, and are for servers, not for pages of any origin. */
export const publicPosts = (clientIpHeader: string | undefined) =>
  createMiddleware<AppEnv>(async (c, next) =>
    c.req.method === 'POST' ? (refusedByRate(c, clientIpHeader) ?? next()) : next(),
  )

/**
 * Counts a request against its caller (row H11). The caller is the peer's address, or, behind a
 * proxy that the operator trusts, the header which that proxy sets (row H12).
 */
function refusedByRate(
  c: Context<AppEnv>,
  clientIpHeader: string | undefined,
): Response | undefined {
  const wait = c.get('ports').rateLimiter?.take(callerOf(c, clientIpHeader)) ?? 0
  if (wait === 0) return undefined
  return problem(c, 'rate_limited', { headers: { 'Retry-After': String(wait) } })
}

function callerOf(c: Context<AppEnv>, clientIpHeader: string | undefined): string {
  if (clientIpHeader !== undefined) return callerInHeader(c.req.header(clientIpHeader))
  const peer = (c.req.raw.cf as { readonly clientIp?: unknown } | undefined)?.clientIp
  return typeof peer === 'string' ? callerOfPeer(peer) : 'unknown'
}
