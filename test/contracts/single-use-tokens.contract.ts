import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { JWT_BEARER } from '../../src/domain/client-auth/client-assertion.ts'
import { later } from '../../src/domain/time.ts'
import type { SpentValues } from '../../src/ports/spent-values.ts'
import { verifyClientAssertion } from '../../src/use-cases/verify-client-assertion.ts'
import { aClientWorld, assertionClaims } from '../support/registered-clients.ts'
import { NOW } from '../support/world.ts'

/** That an assertion counts once, whoever comes at the same time, over a store of used values. */
export const singleUseTokensContract = (adapter: string, open: () => SpentValues) =>
  describe(`tokens that count once: ${adapter}`, () => {
    it('A13: lets exactly one of 64 simultaneous uses of each of 4 assertions pass', async () => {
      const world = await aClientWorld()
      // A store on disk has the time of day, and refuses what has ended by it.
      const now = systemClock.now()
      world.pass(now - NOW)
      await world.register(world.buyer, { evaluatedAt: now, validUntil: later(now, 600) })
      const ports = { ...world.ports, spentValues: open() }
      const accepted = await Promise.all(
        Array.from({ length: 4 }, async (_, n) => {
          const claims = { jti: `race-${String(n)}-${String(now)}`, iat: now, exp: now + 60 }
          const assertion = await world.buyer.sign({}, assertionClaims(world.buyer.did, claims))
          const asked = { clientId: undefined, type: JWT_BEARER, assertion }
          const reports = await Promise.all(
            Array.from({ length: 64 }, () => verifyClientAssertion(ports, world.seller, asked)),
          )
          const refused = reports.filter(({ verdict }) => verdict !== 'valid')
          expect(refused.every(({ checks }) => checks.at(-1)?.code === 'token_replayed')).toBe(true)
          return reports.length - refused.length
        }),
      )
      expect(accepted).toEqual([1, 1, 1, 1])
    })
  })
