import { Hono } from 'hono'
import type { AppEnv } from './http/app-env.ts'
import { adminOnly } from './http/middleware/authorization.ts'
import { everybody, preflights } from './http/middleware/public-access.ts'
import { request, tellAnswers } from './http/middleware/request.ts'
import { behind, mount, type Router } from './http/mount.ts'
import { oneRouteRouter } from './http/one-route-router.ts'
import { failure, unknownRoute } from './http/output/failure.ts'
import { admin } from './http/routes/admin.ts'
import { clientFollowing } from './http/routes/client-following.ts'
import { clients } from './http/routes/clients.ts'
import { decisions } from './http/routes/decisions.ts'
import { housekeeping } from './http/routes/housekeeping.ts'
import { identifiers } from './http/routes/identifiers.ts'
import { issuerAccreditations } from './http/routes/issuer-accreditations.ts'
import { issuerBatches } from './http/routes/issuer-batches.ts'
import { issuerExport, issuerImport } from './http/routes/issuer-archive.ts'
import { issuerKeys } from './http/routes/issuer-keys.ts'
import { issuerSchemas } from './http/routes/issuer-schemas.ts'
import { issuers, publicIssuers } from './http/routes/issuers.ts'
import { oauthChecks } from './http/routes/oauth-checks.ts'
import { registrations } from './http/routes/registrations.ts'
import { publicSoftwareStatements, softwareStatements } from './http/routes/software-statements.ts'
import { verifications } from './http/routes/verifications.ts'
import { verifierExport, verifierImport } from './http/routes/verifier-archive.ts'
import { verifierAudit } from './http/routes/verifier-audit.ts'
import { verifierClients } from './http/routes/verifier-clients.ts'
import { publicVerifiers, verifiers } from './http/routes/verifiers.ts'
import type { Ports } from './ports/index.ts'

/** What the front door needs to know of the configuration. */
export interface AppSettings {
  /** SHA-256 of the admin token. */
  readonly adminTokenHash: Uint8Array
  readonly clientIpHeader: string | undefined
}

/** The whole service: what every request passes, then every mount with what is before it. */
export function createApp(ports: Ports, settings: AppSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ router: oneRouteRouter() })
  const { requestAnswered } = ports.events
  const entrance = [
    ...(requestAnswered === undefined ? [] : [tellAnswers(requestAnswered)]),
    request(ports),
  ]
  const toEverybody = (path: string, router: Router): void => {
    mount(app, path, router, [...entrance, everybody(settings.clientIpHeader)])
    mount(app, path, preflights(app, router), entrance)
  }
  const toOwners = (path: string, router: Router): void => {
    mount(app, path, router, entrance)
  }
  const toAdmin = [...entrance, adminOnly(settings.adminTokenHash)]

  toEverybody('', housekeeping)
  toEverybody('/1.0/identifiers', identifiers)
  toEverybody('/clients', clients)
  toEverybody('/issuers', publicIssuers)
  toOwners('/issuers', issuers)
  toEverybody('/issuers', issuerSchemas)
  toEverybody('/issuers', issuerAccreditations)
  toOwners('/issuers', issuerExport)
  toOwners('/issuers', issuerBatches)
  toOwners('/issuers', issuerKeys)
  toEverybody('/verifiers', publicVerifiers)
  toEverybody('/verifiers', registrations)
  toEverybody('/verifiers', publicSoftwareStatements)
  toOwners('/verifiers', verifiers)
  toOwners('/verifiers', verifications)
  toOwners('/verifiers', decisions)
  toOwners('/verifiers', verifierAudit)
  toOwners('/verifiers', verifierExport)
  toOwners('/verifiers', clientFollowing)
  toOwners('/verifiers', softwareStatements)
  toOwners('/verifiers', verifierClients)
  toOwners('/verifiers', oauthChecks)
  mount(app, '/admin', admin, toAdmin)
  mount(app, '/admin', issuerImport, toAdmin)
  mount(app, '/admin', verifierImport, toAdmin)

  const unknown = unknownRoute(app)
  // Who has no admin token is not told what there is.
  app.all('/admin/*', behind(toAdmin, unknown, 'ALL'))
  app.notFound(behind(entrance, unknown, 'ALL'))
  app.onError(failure)
  return app
}
