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
type Method = (typeof METHODS)[number] | 'OPTIONS'

/** 405 with `Allow` where the path exists for other methods, 404 otherwise. */
export function unknownRoute(app: Hono<AppEnv>): (c: Context<AppEnv>) => Response {
  return (c) => {
    const offered = METHODS.filter((method) => patternOf(app, method, c.req.path) !== undefined)
    if (offered.length === 0) return problem(c, 'not_found')
    const allowed = [
      ...offered.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
      ...(hasPreflight(app, c.req.path) ? ['OPTIONS'] : []),
    ]
    return problem(c, 'method_not_allowed', { headers: { Allow: allowed.join(', ') } })
  }
}

/**
 * Whether a preflight of this path is answered (row H5): its public GET is what the path is for, and no
 * route for it is more particular, as `POST …/credentials/issue` is than `GET …/credentials/:cid`.
 */
export function hasPreflight(app: Hono<AppEnv>, path: string): boolean {
  const pattern = patternOf(app, 'OPTIONS', path)
  if (pattern === undefined) return false
  const patterns = METHODS.map((method) => patternOf(app, method, path))
  return patterns.every((other) => other === undefined || other === pattern)
}

/** The pattern of the route that answers this method and path; what is mounted for all methods does not count. */
function patternOf(app: Hono<AppEnv>, method: Method, path: string): string | undefined {
  const [handlers] = app.router.match(method, path)
  return handlers.map(([[, route]]) => route).find((route) => route.method !== 'ALL')?.path
}
