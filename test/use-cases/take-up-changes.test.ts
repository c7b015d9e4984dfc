import { beforeAll, expect, it } from 'vitest'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { MAX_FEED_STATUS_CHANGES } from '../../src/domain/limits.ts'
import { takeUpChanges, type TakenUp } from '../../src/use-cases/take-up-changes.ts'
import { aWorld } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>

beforeAll(async () => {
  world = await aWorld()
})

const idsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => `own-${String(n).padStart(3, '0')}` as InstanceId)

/**
 * Readings of a feed whose clients rest on these issuers, each of which has changed so many entries that
 * concern nobody; `asked` are those of each reading.
 */
function aFeed(ids: readonly InstanceId[], changes: Readonly<Record<string, number>> = {}) {
  const own = new Map(ids.map((id) => [id, 0]))
  const asked: InstanceId[][] = []
  const { ports, seller } = world
  const needs = {
    ...ports,
    verifiers: {
      ...ports.verifiers,
      ownIssuers: async () => [...own].map(([issuer, since]) => ({ issuer, since })).toReversed(),
      tookUp: async (
        _: InstanceId,
        issuer: InstanceId,
        changed: readonly { sequence: number }[],
      ) => {
        own.set(issuer, changed.at(-1)?.sequence ?? 0)
        return true
      },
    },
    issuers: {
      ...ports.issuers,
      statusChangesSince: async (issuer: InstanceId, since: number, limit: number) => {
        asked.at(-1)?.push(issuer)
        const left = Math.min(limit, (changes[issuer] ?? 0) - since)
        return Array.from({ length: left }, (_, n) => ({
          listId: 'revocation-1',
          index: n,
          sequence: since + n + 1,
        }))
      },
    },
  }
  let place: TakenUp = { done: false, behind: undefined }
  const read = async () => {
    asked.push([])
    place = await takeUpChanges(needs, seller, place.behind)
    return place
  }
  return { own, asked, read }
}

it('asks every issuer once in a round, in one order, and begins anew behind it', async () => {
  const ids = idsOf(70)
  const { asked, read } = aFeed(ids)
  expect(await read()).toEqual({ done: false, behind: ids[31] })
  expect(await read()).toEqual({ done: false, behind: ids[63] })
  expect(await read()).toEqual({ done: true, behind: undefined })
  expect(asked).toEqual([ids.slice(0, 32), ids.slice(32, 64), ids.slice(64)])
  await read()
  expect(asked[3]).toEqual(ids.slice(0, 32))
})

it.each([1, 2, 32])('is done with %i issuers in one reading', async (count) => {
  const { asked, read } = aFeed(idsOf(count))
  expect(await read()).toEqual({ done: true, behind: undefined })
  expect(asked[0]).toHaveLength(count)
})

it('comes back to the first issuer of which something is left, and then goes on', async () => {
  const ids = idsOf(40)
  const { asked, read } = aFeed(ids, { 'own-005': MAX_FEED_STATUS_CHANGES + 1, 'own-009': 3 })
  expect(await read()).toEqual({ done: false, behind: ids[4] })
  expect(await read()).toEqual({ done: false, behind: ids[36] })
  expect(await read()).toEqual({ done: true, behind: undefined })
  expect(asked[1]).toEqual(ids.slice(5, 37))
  expect(asked[2]).toEqual(ids.slice(37))
})

it('stays where something of the very first is left', async () => {
  const ids = idsOf(2)
  const { asked, read } = aFeed(ids, { 'own-000': MAX_FEED_STATUS_CHANGES })
  expect(await read()).toEqual({ done: false, behind: undefined })
  expect(await read()).toEqual({ done: true, behind: undefined })
  expect(asked).toEqual([ids, ids])
})

it('leaves nobody out where issuers come and go in the middle of a round', async () => {
  const ids = idsOf(70)
  const { own, asked, read } = aFeed(ids)
  await read()
  own.delete('own-031' as InstanceId)
  own.set('own-000a' as InstanceId, 0)
  await read()
  await read()
  expect(asked.slice(1).flat()).toEqual(ids.slice(32))
})

it('is done where nobody rests on an issuer of the deployment', async () => {
  const { read } = aFeed([])
  expect(await read()).toEqual({ done: true, behind: undefined })
})
