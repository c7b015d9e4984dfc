import { Hono } from 'hono'
import { parseDid } from '../../domain/did/did.ts'
import type { AppEnv } from '../app-env.ts'
import { identifierFromPath } from '../input/identifier-path.ts'
import { readPage } from '../input/page.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { ownJson } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { registeredClientView } from '../output/registered-client.ts'

/** The clients that a verifier has accepted. */
export const verifierClients = new Hono<AppEnv>()
  .get(
    '/:id/clients',
    asVerifier(async (c, verifier) => {
      const page = readPage(c.req.query(), 'number')
      if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
      const { rows, cursor } = await c.var.ports.verifiers.clients(verifier.id, page.value)
      const now = c.var.ports.clock.now()
      const items = rows.map((client) => registeredClientView(client, now))
      return ownJson(c, { items, ...(cursor === undefined ? {} : { cursor }) })
    }),
  )
  .get(
    '/:id/clients/:client_id',
    asVerifier(async (c, verifier) => {
      const prefix = `/verifiers/${verifier.id}/clients/`
      const clientId = parseDid(identifierFromPath(c.req.url, prefix, '')?.text ?? '')
      if (!clientId.ok) return problem(c, 'not_found')
      const client = await c.var.ports.verifiers.client(verifier.id, clientId.value)
      return client === undefined
        ? problem(c, 'not_found')
        : ownJson(c, registeredClientView(client, c.var.ports.clock.now()))
    }),
  )
