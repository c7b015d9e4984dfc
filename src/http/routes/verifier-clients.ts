import { Hono } from 'hono'
import { parseDid } from '../../domain/did/did.ts'
import type { AppEnv } from '../app-env.ts'
import { identifierFromPath } from '../input/identifier-path.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { ownJson } from '../output/json.ts'
import { listing } from '../output/listing.ts'
import { problem } from '../output/problem.ts'
import { registeredClientView } from '../output/registered-client.ts'

/** The clients that a verifier has accepted. */
export const verifierClients = new Hono<AppEnv>()
  .get(
    '/:id/clients',
    asVerifier(async (c, verifier) => {
      const { clock, verifiers } = c.var.ports
      const now = clock.now()
      return listing(
        c,
        'number',
        (page) => verifiers.clients(verifier.id, page),
        (client) => registeredClientView(client, now),
      )
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
