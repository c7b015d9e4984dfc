import { beforeEach, describe, expect, it } from 'vitest'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { verifyPresentationBy } from '../support/verify-presentation.ts'
import { present } from '../support/presenting.ts'
import { AUDIENCE, aWorld, legalEntity, NOW } from '../support/world.ts'

const HOUR = 3_600

let world: Awaited<ReturnType<typeof aWorld>>
let token: string

beforeEach(async () => {
  world = await aWorld()
  ;({ token } = await world.issue({ credential: legalEntity(world.buyer.did) }))
})

const outcomeOf = ({
  verdict,
  checks,
}: {
  readonly verdict: string
  readonly checks: readonly { readonly code?: string }[]
}) => [verdict, ...checks.flatMap(({ code }) => (code === undefined ? [] : [code]))]

const verify = async () =>
  outcomeOf(
    await verifyCredential(
      world.ports,
      token,
      await verificationContext(world.ports, world.seller),
    ),
  )

async function verifyPresented(times: { readonly iat: number; readonly exp: number }) {
  const { challenge } = createChallenge(world.ports, world.seller)
  return outcomeOf(
    await verifyPresentationBy(
      world.ports,
      world.seller,
      await present(world.buyer, [envelopedCredential(token)], challenge, times),
      { challenge, domain: AUDIENCE },
      await verificationContext(world.ports, world.seller),
    ),
  )
}

const VALID = ['valid']
const NOT_YET = ['invalid', 'not_yet_valid']
const EXPIRED = ['invalid', 'expired']

/** A clock elsewhere is ahead of ours by so many seconds, and what it writes lives five minutes. */
const SKEWS = [
  { ahead: -HOUR, presentation: EXPIRED },
  { ahead: -61, presentation: VALID },
  { ahead: -59, presentation: VALID },
  { ahead: 0, presentation: VALID },
  { ahead: 8, presentation: VALID },
  { ahead: 59, presentation: VALID },
  { ahead: 60, presentation: VALID },
  { ahead: 61, presentation: NOT_YET },
  { ahead: HOUR, presentation: NOT_YET },
] as const

/** It ended so many seconds ahead of our clock: ten seconds are let pass, and not sixty. */
const ENDS = [
  { ahead: -HOUR, presentation: EXPIRED },
  { ahead: -61, presentation: EXPIRED },
  { ahead: -59, presentation: EXPIRED },
  { ahead: -11, presentation: EXPIRED },
  { ahead: -10, presentation: VALID },
  { ahead: 8, presentation: VALID },
  { ahead: 59, presentation: VALID },
  { ahead: 61, presentation: VALID },
] as const

describe('clocks that differ (G17)', () => {
  it.each(SKEWS)('G17: a holder whose clock is $ahead s ahead: $presentation', async (row) => {
    const iat = NOW + row.ahead
    expect(await verifyPresented({ iat, exp: iat + 300 })).toEqual(row.presentation)
  })

  it.each(ENDS)(
    'G17: a presentation that ends $ahead s ahead of us: $presentation',
    async (row) => {
      const exp = NOW + row.ahead
      expect(await verifyPresented({ iat: exp - 120, exp })).toEqual(row.presentation)
    },
  )

  it.each([
    { ahead: 61, verdict: NOT_YET },
    { ahead: 59, verdict: VALID },
    { ahead: 8, verdict: VALID },
    { ahead: -59, verdict: VALID },
    { ahead: -61, verdict: VALID },
  ])('G17: a credential of an issuer whose clock is $ahead s ahead: $verdict', async (row) => {
    world.pass(-row.ahead)
    expect(await verify()).toEqual(row.verdict)
  })

  it('G17: a clock that jumps an hour and back gives each time the verdict of its hour', async () => {
    expect(await verify()).toEqual(VALID)
    world.pass(HOUR)
    expect(await verify()).toEqual(VALID)
    expect(await verifyPresented({ iat: NOW, exp: NOW + 300 })).toEqual(EXPIRED)
    world.pass(-2 * HOUR)
    expect(await verify()).toEqual(NOT_YET)
    world.pass(HOUR)
    expect(await verify()).toEqual(VALID)
    expect(await verifyPresented({ iat: NOW, exp: NOW + 300 })).toEqual(VALID)
  })
})
