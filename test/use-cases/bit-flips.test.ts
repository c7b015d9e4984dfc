import { beforeAll, describe, expect, it } from 'vitest'
import { flipped, flipsOf } from '../../scripts/proofs/flips.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { verifyPresentationBy } from '../support/verify-presentation.ts'
import { present } from '../support/presenting.ts'
import { AUDIENCE, aWorld, legalEntity } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let token: string

beforeAll(async () => {
  world = await aWorld()
  ;({ token } = await world.issue({ credential: legalEntity(world.buyer.did) }))
})

/** Positions of the flips after which `verdictOf` says anything but `invalid`. */
async function believed(
  compact: string,
  verdictOf: (compact: string) => Promise<string>,
): Promise<readonly number[]> {
  const found: number[] = []
  for (let bit = 0; bit < flipsOf(compact); bit++)
    if ((await verdictOf(flipped(compact, bit))) !== 'invalid') found.push(bit)
  return found
}

describe('one bit of a valid token (G10)', () => {
  it('G10: a credential with a bit flipped is invalid, and as it was it is valid', async () => {
    const context = await verificationContext(world.ports, world.seller)
    const verdictOf = async (compact: string) =>
      (await verifyCredential(world.ports, compact, context)).verdict
    expect(await believed(token, verdictOf)).toEqual([])
    expect(await verdictOf(token)).toBe('valid')
    // Also when the signature of the good one is remembered.
    expect(await believed(token, verdictOf)).toEqual([])
  }, 60_000)

  it('G10: a presentation with a bit flipped is invalid, and spends no challenge', async () => {
    const { challenge } = createChallenge(world.ports, world.seller)
    const presentation = await present(world.buyer, [envelopedCredential(token)], challenge)
    const context = await verificationContext(world.ports, world.seller)
    const asked = { challenge, domain: AUDIENCE }
    const verdictOf = async (compact: string) =>
      (await verifyPresentationBy(world.ports, world.seller, compact, asked, context)).verdict
    expect(await believed(presentation, verdictOf)).toEqual([])
    expect(await verdictOf(presentation)).toBe('valid')
  }, 60_000)
})
