import { Hono } from 'hono'
import { listKeys } from '../../use-cases/list-keys.ts'
import { rotateIssuerKeys } from '../../use-cases/rotate-keys.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody } from '../input/body.ts'
import { readChange } from '../input/change.ts'
import { ROTATE, rotateCommand } from '../input/rotate-command.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, ownJson } from '../output/json.ts'
import { keyJson, rotationJson, rotationRefusal } from '../output/keys.ts'
import { problem } from '../output/problem.ts'
import { actorOf } from './issuers.ts'

/** Which keys an issuer signs with: names and public facts, never a key. */
export const issuerKeys = new Hono<AppEnv>()
  .get(
    '/:id/keys',
    asIssuer(async (c, issuer) => {
      const { ports } = c.var
      const items = (await listKeys(ports, issuer)).map(keyJson)
      return ownJson(c, { items, leastOverlapSeconds: ports.keyOverlapSeconds })
    }),
  )
  .post(
    '/:id/keys/rotate',
    asIssuer(async (c, issuer) => {
      const { ports } = c.var
      const body = await readBody(c.req.raw, ROTATE)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { bytes, command } = body.value
      const change = readChange(ports, c.req.raw, bytes, actorOf(issuer))
      if (!change.ok) return problem(c, change.refusal.reason)
      const rotated = await rotateIssuerKeys(ports, issuer, rotateCommand(command), change.value)
      if (!rotated.ok) return rotationRefusal(c, rotated.refusal)
      return answer(c, rotationJson(ports.publicUrl, issuer, rotated.value))
    }),
  )
