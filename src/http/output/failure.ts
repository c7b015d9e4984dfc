import type { Context, Hono } from 'hono'
import { StorageUnavailable } from '../../ports/change.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from './problem.ts'

/** Seconds after which a caller may try again when the storage could not answer. */
const RETRY_AFTER_SECONDS = '1'

/** Every fault ends here: a storage that cannot answer is 503, all else is a bug of ours and says nothing. */
export function failure(fault: Error, c: Context<AppEnv>): Response {
  const { ports, requestId } = c.var
  ports.events.requestFailed({ requestId, fault: described(fault) })
  if (fault instanceof StorageUnavailable) {
    return problem(c, 'storage_unavailable', { headers: { 'Retry-After': RETRY_AFTER_SECONDS } })
  }
  return problem(c, 'internal_error')
}

/** Name and message of a fault and of what caused it, for the operator. */
function described(fault: Error): string {
  const cause = fault.cause instanceof Error ? ` (${fault.cause.name}: ${fault.cause.message})` : ''
  return `${fault.name}: ${fault.message}${cause}`.slice(0, 500)
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** 405 with `Allow` where the path exists for other methods, 404 otherwise. */
export function unknownRoute(app: Hono<AppEnv>): (c: Context<AppEnv>) => Response {
  return (c) => {
    const allowed = METHODS.filter((method) => offers(app, method, c.req.path))
    if (allowed.length === 0) return problem(c, 'not_found')
    return problem(c, 'method_not_allowed', { headers: { Allow: allowed.join(', ') } })
  }
}

/** Whether a route answers this method and path; middleware is mounted for all methods and does not count. */
function offers(app: Hono<AppEnv>, method: string, path: string): boolean {
  const [handlers] = app.router.match(method, path)
  return handlers.some(([[, route]]) => route.method !== 'ALL')
}
