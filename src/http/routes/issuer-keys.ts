import { Hono } from 'hono'
import { listKeys } from '../../use-cases/list-keys.ts'
import { rotateIssuerKeys } from '../../use-cases/rotate-keys.ts'
import type { AppEnv } from '../app-env.ts'
import { readCommand } from '../input/command.ts'
import { ROTATE, rotateCommand } from '../input/rotate-command.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, ownJson } from '../output/json.ts'
import { keyJson, rotationJson, rotationRefusal } from '../output/keys.ts'

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
      const read = await readCommand(c, ROTATE, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const rotated = await rotateIssuerKeys(ports, issuer, rotateCommand(command), change)
      if (!rotated.ok) return rotationRefusal(c, rotated.refusal)
      return answer(c, rotationJson(ports.publicUrl, issuer, rotated.value))
    }),
  )
