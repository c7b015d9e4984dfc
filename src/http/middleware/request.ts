import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { MAX_URL_CHARACTERS } from '../../domain/limits.ts'
import type { Events } from '../../ports/events.ts'
import type { Ports } from '../../ports/index.ts'
import type { AppEnv } from '../app-env.ts'
import type { Door, Handler } from '../mount.ts'
import { failure } from '../output/failure.ts'
import { problem } from '../output/problem.ts'

/**
 * Hands the ports to the handler, names the request (never with a name that the caller sends), and
 * refuses targets that are too long (D17) and a `Host` that is not one: the server puts it before the
 * target as it stands, so that a path in it would choose the route.
 */
export const request =
  (ports: Ports): Door =>
  (handler) =>
  (c) => {
    c.set('ports', ports)
    c.set('requestId', ports.random.uuid())
    if (c.req.raw.url.length > MAX_URL_CHARACTERS) return problem(c, 'uri_too_long')
    const host = c.req.header('Host')
    // The server refuses a request without one itself.
    return host === undefined || HOST.test(host) ? handler(c) : problem(c, 'host_invalid')
  }

/** RFC 9110 §7.2, of the names and addresses that there are: no user information, no path, no query. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/** Outermost where somebody reads it: writes every answer down. */
export const tellAnswers =
  (requestAnswered: NonNullable<Events['requestAnswered']>): Door =>
  (handler) =>
  async (c) => {
    const started = performance.now()
    const response = await answered(handler, c)
    requestAnswered({
      requestId: c.var.requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: response.status,
      milliseconds: Math.round(performance.now() - started),
    })
    return response
  }

/** A fault has an answer too, which Hono would make only when nobody here sees it any more. */
async function answered(handler: Handler, c: Context<AppEnv>): Promise<Response> {
  try {
    return await handler(c)
  } catch (fault) {
    if (fault instanceof Error) return failure(fault, c)
    throw fault
  }
}
