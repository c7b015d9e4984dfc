import { Hono, type Context } from 'hono'
import {
  isInstanceId,
  SECURING_FORMATS,
  type Issuer,
  type Verifier,
} from '../../domain/instance/instance.ts'
import * as json from '../../domain/json/decode.ts'
import { MAX_TEXT_CHARACTERS } from '../../domain/limits.ts'
import { GIVEN_POLICY, withDefaults } from '../../domain/trust/policy.ts'
import { createIssuer, createVerifier } from '../../use-cases/create-instance.ts'
import {
  changeInstance,
  listInstances,
  replaceToken,
  type InstanceRoom,
} from '../../use-cases/manage-instance.ts'
import type { AppEnv } from '../app-env.ts'
import { NO_BODY, readChange } from '../input/change.ts'
import { readCommand } from '../input/command.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { instanceJson, instanceRefusal } from '../output/instance.ts'
import { answer, ownJson } from '../output/json.ts'
import { listing } from '../output/listing.ts'
import { problem } from '../output/problem.ts'

const ADMIN = 'admin'
const MAX_KEYS = 16
const shortText = json.text(MAX_TEXT_CHARACTERS)
const COMMON = {
  id: json.where(isInstanceId, '1 to 64 letters, digits, _ or -'),
  name: shortText,
  did: json.optional(json.did),
}
const kids = json.list(shortText, 1, MAX_KEYS)

const ISSUER = json.object({
  ...COMMON,
  keys: kids,
  securing: json.optional(json.oneOf(...SECURING_FORMATS)),
})
const VERIFIER = json.object({
  ...COMMON,
  audience: shortText,
  keys: json.optional(kids),
  policy: json.optional(GIVEN_POLICY),
})
const PATCHES = {
  issuer: json.object({ name: json.optional(shortText) }),
  verifier: json.object({ name: json.optional(shortText), audience: json.optional(shortText) }),
}

/** Instances and the operator's keys, for the holder of the admin token. */
export const admin = new Hono<AppEnv>()
  .get('/keys', (c) =>
    ownJson(
      c,
      c.var.ports.signer.keys.map(({ kid, alg, publicKeyJwk }) => ({
        kid,
        alg,
        publicKeyJwk,
        didKey: c.var.ports.didKeyOf(publicKeyJwk),
      })),
    ),
  )
  .post('/issuers', async (c) => {
    const read = await readCommand(c, ISSUER, ADMIN)
    if (!read.ok) return bodyRefusal(c, read.refusal)
    const { securing = 'vc+jwt', ...wanted } = read.value.command
    const created = await createIssuer(c.var.ports, { ...wanted, securing }, read.value.change)
    if (!created.ok) return instanceRefusal(c, created.refusal)
    const { instance, token } = created.value
    return answer(c, { ...instanceJson(instance), token }, 201, location(c, instance.id))
  })
  .post('/verifiers', async (c) => {
    const read = await readCommand(c, VERIFIER, ADMIN)
    if (!read.ok) return bodyRefusal(c, read.refusal)
    const { keys = [], policy: given, ...rest } = read.value.command
    const wanted = { ...rest, keys, policy: withDefaults(given) }
    const created = await createVerifier(c.var.ports, wanted, read.value.change)
    if (!created.ok) return instanceRefusal(c, created.refusal)
    const { instance, token } = created.value
    return answer(c, { ...instanceJson(instance), token }, 201, location(c, instance.id))
  })
  .route(
    '/issuers',
    managed((c) => ({ kind: 'issuer', store: c.var.ports.issuers })),
  )
  .route(
    '/verifiers',
    managed((c) => ({ kind: 'verifier', store: c.var.ports.verifiers })),
  )

/** The routes that both kinds of instances have. */
function managed<Instance extends Issuer | Verifier>(
  roomOf: (c: Context<AppEnv>) => InstanceRoom<Instance>,
): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/', (c) =>
      listing(c, 'instanceId', (page) => listInstances(c.var.ports, roomOf(c), page), instanceJson),
    )
    .get('/:id', async (c) => {
      const id = c.req.param('id')
      const stored = isInstanceId(id) ? await roomOf(c).store.find(id) : undefined
      return stored === undefined
        ? problem(c, 'not_found')
        : ownJson(c, instanceJson(stored.instance))
    })
    .patch('/:id', async (c) => {
      const id = c.req.param('id')
      if (!isInstanceId(id)) return problem(c, 'not_found')
      const room = roomOf(c)
      const read = await readCommand<{ name?: string | undefined; audience?: string | undefined }>(
        c,
        PATCHES[room.kind],
        ADMIN,
      )
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { name, audience } = read.value.command
      const patch = {
        ...(name === undefined ? {} : { name }),
        ...(audience === undefined ? {} : { audience }),
      }
      const changed = await changeInstance(c.var.ports, room, id, patch, read.value.change)
      return changedInstance(c, changed)
    })
    .delete('/:id', async (c) => {
      const id = c.req.param('id')
      if (!isInstanceId(id)) return problem(c, 'not_found')
      const change = readChange(c.var.ports, c.req.raw, NO_BODY, ADMIN)
      if (!change.ok) return problem(c, change.refusal.reason)
      const patch = { retiredAt: change.value.at }
      return changedInstance(
        c,
        await changeInstance(c.var.ports, roomOf(c), id, patch, change.value),
      )
    })
    .post('/:id/token', async (c) => {
      const id = c.req.param('id')
      if (!isInstanceId(id)) return problem(c, 'not_found')
      const change = readChange(c.var.ports, c.req.raw, NO_BODY, ADMIN)
      if (!change.ok) return problem(c, change.refusal.reason)
      const token = await replaceToken(c.var.ports, roomOf(c), id, change.value)
      return token.ok
        ? answer(c, { id, token: token.value }, 201)
        : instanceRefusal(c, token.refusal)
    })
}

const changedInstance = (
  c: Context<AppEnv>,
  result: Awaited<ReturnType<typeof changeInstance<Issuer | Verifier>>>,
): Response =>
  result.ok ? answer(c, instanceJson(result.value)) : instanceRefusal(c, result.refusal)

const location = (c: Context<AppEnv>, id: string) => ({
  Location: `${c.var.ports.publicUrl}${new URL(c.req.url).pathname}/${id}`,
})
