import { Hono } from 'hono'
import { resolveClient } from '../../use-cases/resolve-client.ts'
import type { AppEnv } from '../app-env.ts'
import { identifierFromPath } from '../input/identifier-path.ts'
import { clientAnswers, clientRefusal } from '../output/client-view.ts'
import { minuteUntil, rendered } from '../output/rendered.ts'

const PREFIX = '/clients/'
const JWKS = '/jwks'

/** The OAuth view of a DID (W128 R3, R16–R19), for any authorization server to read. */
export const clients = new Hono<AppEnv>()
  .get('/:client_id', async (c) => {
    const ports = c.get('ports')
    const clientId = identifierFromPath(c.req.url, PREFIX, '')?.text ?? ''
    const resolved = await resolveClient(ports, clientId, c.get('caller'))
    if (!resolved.ok) return clientRefusal(c, resolved.refusal)
    const { client, view } = clientAnswers(ports, resolved.value)
    return rendered(c, client, 'minute', minuteUntil(view.holdsUntil, resolved.value.now))
  })
  .get('/:client_id/jwks', async (c) => {
    const ports = c.get('ports')
    const clientId = identifierFromPath(c.req.url, PREFIX, JWKS)?.text ?? ''
    const resolved = await resolveClient(ports, clientId, c.get('caller'))
    if (!resolved.ok) return clientRefusal(c, resolved.refusal)
    const { jwks, view } = clientAnswers(ports, resolved.value)
    return rendered(c, jwks, 'minute', minuteUntil(view.holdsUntil, resolved.value.now))
  })
