import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { MAX_URL_CHARACTERS } from '../../domain/limits.ts'
import type { Ports } from '../../ports/index.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from '../output/problem.ts'

/**
 * First in line: hands the ports to the routes, names the request (never with a name that the caller
 * sends), refuses targets that are too long (D17), and writes the answer down.
 */
export const request = (ports: Ports) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now()
    const requestId = ports.random.uuid()
    c.set('ports', ports)
    c.set('requestId', requestId)
    if (c.req.raw.url.length > MAX_URL_CHARACTERS) c.res = problem(c, 'uri_too_long')
    else await next()
    c.header('X-Request-Id', requestId)
    c.header('X-Content-Type-Options', 'nosniff')
    ports.events.requestAnswered({
      requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      milliseconds: Math.round(performance.now() - started),
    })
  })
