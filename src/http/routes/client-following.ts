import { Hono, type Context } from 'hono'
import { parseDid, type Did } from '../../domain/did/did.ts'
import type { InstanceId, Verifier } from '../../domain/instance/instance.ts'
import { MAX_TOLD_REGISTRATIONS } from '../../domain/limits.ts'
import type { FollowedClient } from '../../ports/client-following.ts'
import { clientStatusNow } from '../../use-cases/follow-clients.ts'
import { takeUpChanges } from '../../use-cases/take-up-changes.ts'
import type { AppEnv } from '../app-env.ts'
import { NO_BODY, readChange } from '../input/change.ts'
import { changeCursor, readChangeCursor } from '../input/change-cursor.ts'
import { identifierFromPath } from '../input/identifier-path.ts'
import { readPage } from '../input/page.ts'
import { asVerifier } from '../middleware/authorization.ts'
import {
  clientChangeView,
  clientStatusView,
  holdView,
  registrationHistory,
  snapshotView,
} from '../output/client-following.ts'
import { answer, ownJson } from '../output/json.ts'
import { problem } from '../output/problem.ts'

/** How the clients of a verifier fare after their registration. Mounted before the routes of one client. */
export const clientFollowing = new Hono<AppEnv>()
  .get(
    '/:id/clients/changes',
    asVerifier(async (c, verifier) => {
      const { id } = verifier
      const { since, limit } = c.req.query()
      const page = readPage(limit === undefined ? {} : { limit }, 'number')
      if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
      const from = since === undefined ? undefined : readChangeCursor(id, since)
      if (since !== undefined && from === undefined)
        return problem(c, 'request_invalid', {
          errors: [{ pointer: '/since', detail: 'must be a cursor of this feed' }],
        })
      if (from === 'foreign') return problem(c, 'cursor_unknown')
      const { done, behind } = await takeUpChanges(c.var.ports, verifier, from?.behind)
      const read = await c.var.ports.verifiers.changesSince(id, from?.sequence, page.value.limit)
      if (read === 'unknown') return problem(c, 'cursor_unknown')
      if (read === 'gone') return problem(c, 'cursor_gone')
      const sequence = read.rows.at(-1)?.sequence ?? from?.sequence ?? 0
      const items = read.rows.map(clientChangeView)
      const more = read.more || !done
      return ownJson(c, { items, cursor: changeCursor(id, { sequence, behind }), more })
    }),
  )
  .get(
    '/:id/clients/:client_id/status',
    asVerifier(async (c, verifier) => {
      const clientId = clientOf(c, verifier.id, '/status')
      const now = clientId && (await clientStatusNow(c.var.ports, verifier, clientId))
      return now === undefined ? problem(c, 'not_found') : ownJson(c, clientStatusView(now))
    }),
  )
  .get(
    '/:id/clients/:client_id/history',
    asVerifier(async (c, { id }) => {
      const followed = await followedOf(c, id, '/history')
      if (followed === undefined) return problem(c, 'not_found')
      const { clientId } = followed.client
      const [seen, granted] = await Promise.all([
        c.var.ports.verifiers.snapshots(id, clientId),
        c.var.ports.verifiers.grants(id, clientId, MAX_TOLD_REGISTRATIONS),
      ])
      const registrations = registrationHistory(granted)
      return ownJson(c, { client_id: clientId, items: seen.map(snapshotView), registrations })
    }),
  )
  .get(
    '/:id/clients/:client_id/holds',
    asVerifier(async (c, { id }) => {
      const page = readPage(c.req.query(), 'number')
      if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
      const followed = await followedOf(c, id, '/holds')
      if (followed === undefined) return problem(c, 'not_found')
      const { clientId } = followed.client
      const { rows, cursor } = await c.var.ports.verifiers.holds(id, clientId, page.value)
      const items = rows.map(holdView)
      return ownJson(c, { items, ...(cursor === undefined ? {} : { cursor }) })
    }),
  )
  .post(
    '/:id/clients/:client_id/holds/:holdId/approve',
    asVerifier((c, verifier) => decideHold(c, verifier, 'approve', 'approved')),
  )
  .post(
    '/:id/clients/:client_id/holds/:holdId/reject',
    asVerifier((c, verifier) => decideHold(c, verifier, 'reject', 'rejected')),
  )

async function decideHold(
  c: Context<AppEnv>,
  { id }: Verifier,
  verb: 'approve' | 'reject',
  state: 'approved' | 'rejected',
): Promise<Response> {
  const { ports } = c.var
  const change = readChange(ports, c.req.raw, NO_BODY, `verifier ${id}`)
  if (!change.ok) return problem(c, change.refusal.reason)
  const holdId = c.req.param('holdId') ?? ''
  const clientId = clientOf(c, id, `/holds/${holdId}/${verb}`)
  if (clientId === undefined) return problem(c, 'not_found')
  const decided = await ports.verifiers.decideHold(id, { clientId, holdId }, state, change.value)
  if (!decided.ok) return problem(c, decided.refusal.reason)
  if (decided.value.value === 'decided_before') return problem(c, 'hold_decided')
  const followed = await ports.verifiers.followedClient(id, clientId)
  const hold = followed?.holds.find((one) => one.id === holdId)
  return hold === undefined || decided.value.value === 'not_found'
    ? problem(c, 'not_found')
    : answer(c, holdView(hold))
}

function clientOf(c: Context<AppEnv>, id: InstanceId, suffix: string): Did | undefined {
  const named = identifierFromPath(c.req.url, `/verifiers/${id}/clients/`, suffix)
  const did = parseDid(named?.text ?? '')
  return did.ok ? did.value : undefined
}

async function followedOf(
  c: Context<AppEnv>,
  id: InstanceId,
  suffix: string,
): Promise<FollowedClient | undefined> {
  const clientId = clientOf(c, id, suffix)
  return clientId && c.var.ports.verifiers.followedClient(id, clientId)
}
