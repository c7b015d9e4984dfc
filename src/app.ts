import { Hono } from 'hono'
import type { AppEnv } from './http/app-env.ts'
import { adminOnly } from './http/middleware/authorization.ts'
import { forMethods, publicCors, rateLimit } from './http/middleware/public-access.ts'
import { request } from './http/middleware/request.ts'
import { failure, unknownRoute } from './http/output/failure.ts'
import { admin } from './http/routes/admin.ts'
import { clients } from './http/routes/clients.ts'
import { housekeeping } from './http/routes/housekeeping.ts'
import { identifiers } from './http/routes/identifiers.ts'
import { issuers, publicIssuers } from './http/routes/issuers.ts'
import { publicVerifiers, verifiers } from './http/routes/verifiers.ts'
import type { Ports } from './ports/index.ts'

/** What the front door needs to know of the configuration. */
export interface AppSettings {
  /** SHA-256 of the admin token. */
  readonly adminTokenHash: Uint8Array
  readonly clientIpHeader: string | undefined
}

/** Public GETs: any origin may read them, and each request counts against its caller. */
const PUBLIC_GETS = [
  '/1.0/identifiers/*',
  '/clients/*',
  '/issuers/:id/did.json',
  '/issuers/:id/credentials/:cid',
  '/issuers/:id/status-lists/:listId',
  '/verifiers/:id/did.json',
  '/verifiers/:id/jwks',
  '/health',
  '/openapi.json',
  '/docs',
  '/schemas/:name',
  '/contexts/:name',
]

/** Public calls that change something count too, and are for servers, not for pages of any origin. */
const PUBLIC_POSTS = ['/verifiers/:id/challenges']

/** The whole service: middleware in order, then every mount. */
export function createApp(ports: Ports, settings: AppSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(request(ports))
  const limit = rateLimit(settings.clientIpHeader)
  const onRead = forMethods(['GET', 'HEAD', 'OPTIONS'])
  const onPost = forMethods(['POST'])
  for (const path of PUBLIC_GETS) app.use(path, onRead(publicCors), onRead(limit))
  for (const path of PUBLIC_POSTS) app.use(path, onPost(limit))
  app.use('/admin/*', adminOnly(settings.adminTokenHash))

  app.route('/', housekeeping)
  app.route('/1.0/identifiers', identifiers)
  app.route('/clients', clients)
  app.route('/issuers', publicIssuers)
  app.route('/issuers', issuers)
  app.route('/verifiers', publicVerifiers)
  app.route('/verifiers', verifiers)
  app.route('/admin', admin)

  app.notFound(unknownRoute(app))
  app.onError(failure)
  return app
}
