import { beforeEach, describe, expect, it } from 'vitest'
import { DID_WEB_CACHE_SECONDS, MAX_CLIENT_HOLDS } from '../../src/domain/limits.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'

const HOME = 'https://buyer.example/callback'
const OTHER = 'https://elsewhere.example/callback'
const ALL = { cursor: undefined, limit: 100 }

let world: Awaited<ReturnType<typeof aFollowedWorld>>

beforeEach(async () => {
  world = await aFollowedWorld('own')
  await world.status()
})

/** Publishes another document and looks again once the one in memory has had its time. */
async function publish(wanted: Parameters<typeof world.buyer.publish>[0]) {
  world.buyer.publish(wanted)
  world.pass(DID_WEB_CACHE_SECONDS)
  return (await world.status()).client
}

const changes = async () =>
  (await world.ports.verifiers.snapshots(world.seller.id, world.client.clientId)).map((one) =>
    one.changes.map(({ change, subject }) => `${change} ${subject}`),
  )

const holds = async () =>
  (await world.ports.verifiers.holds(world.seller.id, world.client.clientId, ALL)).rows

const decide = async (state: 'approved' | 'rejected') => {
  const pending = (await holds()).find((hold) => hold.state === 'pending')
  const hold = { clientId: world.client.clientId, holdId: pending?.id ?? '' }
  return world.ports.verifiers.decideHold(world.seller.id, hold, state, world.change())
}

describe('the keys of a registered client', () => {
  it('follow its document, and the history says so', async () => {
    const { did } = world.buyer
    const both = await publish({ keys: ['key-1', 'key-2'] })
    expect(both.keys.map(({ kid }) => kid)).toEqual([`${did}#key-1`, `${did}#key-2`])
    const rotated = await publish({ keys: ['key-2'] })
    expect([rotated.status, rotated.keys.map(({ kid }) => kid)]).toEqual([
      'active',
      [`${did}#key-2`],
    ])
    expect(await changes()).toEqual([[], [`key_added ${did}#key-2`], [`key_removed ${did}#key-1`]])
    expect((await world.feed()).map(([aspects]) => aspects)).toEqual([
      ['registered'],
      ['keys'],
      ['keys'],
    ])
  })

  it('K: a document without keys suspends it, and its return ends that', async () => {
    const without = await publish({ change: { authentication: [] } })
    expect(without).toMatchObject({ status: 'suspended', reason: 'client_keys_missing' })
    expect((await publish({})).status).toBe('active')
  })

  it('a document that says the same is no news', async () => {
    await publish({})
    await publish({})
    expect(await changes()).toEqual([[]])
  })

  it('a document that is away changes nothing', async () => {
    world.fetch.answers.set(world.buyer.documentUrl, { refusal: 'not_found' })
    world.pass(DID_WEB_CACHE_SECONDS)
    const { client } = await world.status()
    expect(client).toMatchObject({ status: 'degraded', reason: 'did_not_found' })
    expect([client.keys, client.redirectUris]).toEqual([
      world.client.keys,
      world.client.redirectUris,
    ])
  })
})

describe('V16: the redirect URIs of a registered client', () => {
  it('stay as decided while a new host is held, and follow it once it is approved', async () => {
    const held = await publish({ redirectUris: [HOME, OTHER] })
    expect(held.redirectUris).toEqual([HOME])
    expect(await holds()).toMatchObject([
      { host: 'elsewhere.example', redirectUris: [OTHER], state: 'pending' },
    ])
    expect(await changes()).toEqual([
      [],
      [
        'redirect_host_added elsewhere.example',
        `redirect_uri_added ${OTHER}`,
        `service_added ${world.buyer.did}#s1`,
      ],
    ])
    await decide('approved')
    expect((await world.status()).client.redirectUris).toEqual([HOME, OTHER])
    expect((await publish({ redirectUris: [HOME, `${OTHER}/2`] })).redirectUris).toEqual([
      HOME,
      `${OTHER}/2`,
    ])
  })

  it('never go to a rejected host, which is not held again', async () => {
    await publish({ redirectUris: [HOME, OTHER] })
    await decide('rejected')
    await publish({ redirectUris: [HOME] })
    expect((await publish({ redirectUris: [HOME, OTHER] })).redirectUris).toEqual([HOME])
    expect((await holds()).map(({ state }) => state)).toEqual(['rejected'])
  })

  it('follow another path of the same host, and lose what leaves the document', async () => {
    expect((await publish({ redirectUris: [`${HOME}/2`] })).redirectUris).toEqual([`${HOME}/2`])
    expect((await publish({ redirectUris: [] })).redirectUris).toEqual([])
    expect((await publish({ redirectUris: [HOME] })).redirectUris).toEqual([HOME])
    expect(await holds()).toEqual([])
  })

  it('another port is another host', async () => {
    const port = 'https://buyer.example:8443/callback'
    expect((await publish({ redirectUris: [HOME, port] })).redirectUris).toEqual([HOME])
    expect((await holds()).map(({ host }) => host)).toEqual(['buyer.example:8443'])
  })

  it('a hold whose host leaves the document is withdrawn, and held anew when it comes back', async () => {
    await publish({ redirectUris: [HOME, OTHER] })
    await publish({ redirectUris: [HOME] })
    expect((await holds()).map(({ state }) => state)).toEqual(['withdrawn'])
    await publish({ redirectUris: [HOME, OTHER] })
    expect((await holds()).map(({ state }) => state)).toEqual(['withdrawn', 'pending'])
  })

  it('what was in the document and not registered stays out', async () => {
    const { buyer, accept, aBuyer, ownCredential, ports, seller } = world
    expect(buyer.did).not.toBe('')
    const other = await aBuyer('other.example')
    const uri = 'https://other.example/callback'
    other.publish({ redirectUris: [uri, `${uri}/admin`, OTHER] })
    const { token } = await ownCredential(other.did)
    const client = await accept(other, [token], { redirectUris: [uri] })
    const { clientStatusNow } = await import('../../src/use-cases/follow-clients.ts')
    const now = await clientStatusNow(ports, seller, client.clientId)
    expect(now?.client.redirectUris).toEqual([uri])
    expect((await ports.verifiers.holds(seller.id, client.clientId, ALL)).rows).toEqual([])
  })

  it('holds no more hosts than there is room for', async () => {
    const many = Array.from(
      { length: MAX_CLIENT_HOLDS + 4 },
      (_, n) => `https://h${String(n)}.example/`,
    )
    expect((await publish({ redirectUris: [HOME, ...many] })).redirectUris).toEqual([HOME])
    expect(await holds()).toHaveLength(MAX_CLIENT_HOLDS)
  })
})
