import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { MAX_URL_CHARACTERS } from '../../domain/limits.ts'
import type { Events } from '../../ports/events.ts'
import type { Ports } from '../../ports/index.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from '../output/problem.ts'

/**
 * Hands the ports to the routes, names the request (never with a name that the caller sends), and
 * refuses targets that are too long (D17).
 */
export const request = (ports: Ports) =>
  createMiddleware<AppEnv>(async (c, next) => {
    c.set('ports', ports)
    c.set('requestId', ports.random.uuid())
    return c.req.raw.url.length > MAX_URL_CHARACTERS ? problem(c, 'uri_too_long') : next()
  })

/** First in line where somebody reads it: writes every answer down. */
export const tellAnswers = (requestAnswered: NonNullable<Events['requestAnswered']>) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now()
    await next()
    requestAnswered({
      requestId: c.var.requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      milliseconds: Math.round(performance.now() - started),
    })
  })
