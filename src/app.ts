import { Hono } from 'hono'
import type { AppEnv } from './http/app-env.ts'
import { adminOnly } from './http/middleware/authorization.ts'
import { publicPosts, publicReads } from './http/middleware/public-access.ts'
import { request, tellAnswers } from './http/middleware/request.ts'
import { failure, unknownRoute } from './http/output/failure.ts'
import { admin } from './http/routes/admin.ts'
import { clients } from './http/routes/clients.ts'
import { housekeeping } from './http/routes/housekeeping.ts'
import { identifiers } from './http/routes/identifiers.ts'
import { issuerBatches } from './http/routes/issuer-batches.ts'
import { issuerExport, issuerImport } from './http/routes/issuer-archive.ts'
import { issuerSchemas } from './http/routes/issuer-schemas.ts'
import { issuers, publicIssuers } from './http/routes/issuers.ts'
import { publicVerifiers, verifiers } from './http/routes/verifiers.ts'
import type { Ports } from './ports/index.ts'

/** What the front door needs to know of the configuration. */
export interface AppSettings {
  /** SHA-256 of the admin token. */
  readonly adminTokenHash: Uint8Array
  readonly clientIpHeader: string | undefined
}

const PUBLIC_READS = [
  '/1.0/identifiers/*',
  '/clients/*',
  '/issuers/:id/did.json',
  '/issuers/:id/credentials/:cid',
  '/issuers/:id/status-lists',
  '/issuers/:id/status-lists/:listId',
  '/issuers/:id/schemas',
  '/issuers/:id/schemas/:type',
  '/verifiers/:id/did.json',
  '/verifiers/:id/jwks',
  '/health',
  '/openapi.json',
  '/docs',
  '/schemas/:name',
  '/contexts/:name',
]

const PUBLIC_POSTS = ['/verifiers/:id/challenges']

/** The whole service: middleware in order, then every mount. */
export function createApp(ports: Ports, settings: AppSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  const { requestAnswered } = ports.events
  if (requestAnswered !== undefined) app.use(tellAnswers(requestAnswered))
  app.use(request(ports))
  for (const path of PUBLIC_READS) app.use(path, publicReads(settings.clientIpHeader))
  for (const path of PUBLIC_POSTS) app.use(path, publicPosts(settings.clientIpHeader))
  app.use('/admin/*', adminOnly(settings.adminTokenHash))

  app.route('/', housekeeping)
  app.route('/1.0/identifiers', identifiers)
  app.route('/clients', clients)
  app.route('/issuers', publicIssuers)
  app.route('/issuers', issuers)
  app.route('/issuers', issuerSchemas)
  app.route('/issuers', issuerExport)
  app.route('/issuers', issuerBatches)
  app.route('/verifiers', publicVerifiers)
  app.route('/verifiers', verifiers)
  app.route('/admin', admin)
  app.route('/admin', issuerImport)

  app.notFound(unknownRoute(app))
  app.onError(failure)
  return app
}
