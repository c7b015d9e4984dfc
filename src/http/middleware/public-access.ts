import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { callerOfPeer } from '../input/caller.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from '../output/problem.ts'

/** Preflights of public GETs get this and nothing that the caller sent (row H5); no credentials. */
export const publicCors = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD'],
  allowHeaders: ['Accept', 'If-None-Match'],
  exposeHeaders: ['ETag', 'X-Request-Id', 'Retry-After'],
  maxAge: 86_400,
})

/** A middleware that stands aside for all other methods: two methods of one path may differ in who may call. */
export const forMethods =
  (methods: readonly string[]) =>
  (middleware: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> =>
  (c, next) =>
    methods.includes(c.req.method) ? middleware(c, next) : next()

/**
 * Counts a request against its caller (row H11). The caller is the peer's address, or, behind a
 * proxy that the operator trusts, the header which that proxy sets (row H12).
 */
export const rateLimit = (clientIpHeader: string | undefined) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const wait = c.var.ports.rateLimiter.take(callerOf(c, clientIpHeader))
    if (wait > 0) return problem(c, 'rate_limited', { headers: { 'Retry-After': String(wait) } })
    await next()
    return undefined
  })

function callerOf(c: Context<AppEnv>, clientIpHeader: string | undefined): string {
  if (clientIpHeader !== undefined) return c.req.header(clientIpHeader) ?? 'unknown'
  const peer = (c.req.raw.cf as { readonly clientIp?: unknown } | undefined)?.clientIp
  return typeof peer === 'string' ? callerOfPeer(peer) : 'unknown'
}
