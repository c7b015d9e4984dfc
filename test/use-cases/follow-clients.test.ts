import { describe, expect, it } from 'vitest'
import {
  CLIENT_DEGRADED_SECONDS,
  CLIENT_RETRY_SECONDS,
  CLIENT_STATUS_SECONDS,
} from '../../src/domain/limits.ts'
import { later } from '../../src/domain/time.ts'
import { clientStatusNow, followDueClients } from '../../src/use-cases/follow-clients.ts'
import type { HostAnswer } from '../support/fake-fetch.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'
import { aDecisionAbout, registerClient } from '../support/registered-clients.ts'
import { NOW } from '../support/world.ts'

describe('a client whose credential this deployment issued', () => {
  it('is active while all that the decision rested on holds', async () => {
    const world = await aFollowedWorld('own')
    const { client, following } = await world.status()
    expect(client).toEqual({ ...world.client, evaluatedAt: NOW })
    expect(following.settled).toEqual({ status: 'active', reason: undefined, since: NOW, at: NOW })
    expect(await world.feed()).toEqual([[['registered'], 'active', undefined]])
  })

  it('is revoked in the very next answer, and for good', async () => {
    const world = await aFollowedWorld('own')
    await world.status()
    await world.set('revocation', true)
    const { client } = await world.status()
    expect([client.status, client.reason]).toEqual(['revoked', 'revoked'])
    expect((await world.stored())?.status).toBe('revoked')
    expect((await world.feed()).at(-1)).toEqual([['status'], 'revoked', 'revoked'])
    world.outage()
    world.pass(CLIENT_DEGRADED_SECONDS * 2)
    expect((await world.status()).client.status).toBe('revoked')
  })

  it('is suspended and active again in the very next answers', async () => {
    const world = await aFollowedWorld('own')
    await world.status()
    world.pass(1)
    await world.set('suspension', true)
    expect((await world.status()).client).toMatchObject({
      status: 'suspended',
      reason: 'suspended',
      since: later(NOW, 1),
    })
    await world.set('suspension', false)
    expect((await world.status()).client.status).toBe('active')
  })

  it('is suspended once the policy trusts its issuer no more, and active when it does again', async () => {
    const world = await aFollowedWorld('own')
    await world.status()
    await world.putPolicy({ anchors: [] })
    expect((await world.status()).client).toMatchObject({
      status: 'suspended',
      reason: 'issuer_untrusted',
    })
    await world.putPolicy({})
    expect((await world.status()).client.status).toBe('active')
  })

  it('is suspended when its decision ends', async () => {
    const world = await aFollowedWorld('own')
    const { accept, buyer, token } = world
    await accept(buyer, [token], { validUntil: later(NOW, 60) })
    world.pass(59)
    expect((await world.status()).client.status).toBe('active')
    world.pass(1)
    expect((await world.status()).client).toMatchObject({
      status: 'suspended',
      reason: 'registration_expired',
    })
  })

  it('is unknown, and not revoked, when the evidence of its decision is gone before a first look', async () => {
    const world = await aFollowedWorld('own')
    const { ports, seller, client, change } = world
    const gone = { ...client, decisionId: 'gone' }
    const another = aDecisionAbout(client, { id: 'another' })
    await registerClient(ports.verifiers, seller.id, gone, change(), another)
    expect((await world.status()).client).toMatchObject({
      status: 'degraded',
      reason: 'registration_evidence_missing',
    })
    world.pass(CLIENT_DEGRADED_SECONDS + 1)
    expect((await world.status()).client.status).toBe('unknown')
  })

  it('S13: a new decision begins anew', async () => {
    const world = await aFollowedWorld('own')
    await world.set('revocation', true)
    expect((await world.status()).client.status).toBe('revoked')
    const { accept, buyer, ownCredential } = world
    await accept(buyer, [(await ownCredential(buyer.did)).token])
    expect((await world.status()).client.status).toBe('active')
  })

  it('a look that a change overtakes is not stored', async () => {
    const world = await aFollowedWorld('own')
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        if (at === 4) await world.set('revocation', true)
        return world.status()
      }),
    )
    expect(answers).toHaveLength(8)
    expect((await world.status()).client.status).toBe('revoked')
    expect((await world.stored())?.status).toBe('revoked')
  })
})

describe('a client whose credential comes from elsewhere', () => {
  it('is revoked within one ttl of its list', async () => {
    const world = await aFollowedWorld('foreign')
    expect((await world.status()).client.status).toBe('active')
    await world.serveList({ set: [94_567] })
    world.pass(59)
    expect((await world.status()).client.status).toBe('active')
    world.pass(1)
    expect((await world.status()).client).toMatchObject({ status: 'revoked', reason: 'revoked' })
  })

  it('says how old the evidence is', async () => {
    const world = await aFollowedWorld('foreign')
    await world.status()
    world.pass(50)
    expect((await world.status()).following.evidenceAt).toBe(NOW)
    world.pass(20)
    expect((await world.status()).following.evidenceAt).toBe(NOW)
    world.pass(300)
    expect((await world.status()).following.evidenceAt).toBe(later(NOW, 370))
  })

  it.each<[outage: string, answer: HostAnswer]>([
    ['is away', { refusal: 'host_failed' }],
    ['is gone', { refusal: 'not_found' }],
    ['is empty', { bytes: new Uint8Array(), mediaType: 'application/vc+jwt' }],
    ['is an error page', { bytes: new TextEncoder().encode('<html>'), mediaType: 'text/html' }],
  ])('S9: is degraded and never revoked while its list %s', async (_, answer) => {
    const world = await aFollowedWorld('foreign')
    await world.status()
    world.fetch.answers.set(world.foreign.listUrl, answer)
    world.pass(61)
    const { client, following } = await world.status()
    expect(client.status).toBe('degraded')
    expect(client.since).toBe(later(NOW, 61))
    expect(following.settled).toMatchObject({ status: 'active', at: NOW })
    expect(following.evidenceAt).toBe(NOW)
    await world.serveList()
    world.pass(CLIENT_RETRY_SECONDS)
    expect((await world.status()).client.status).toBe('active')
  })

  it('S3: is degraded and never revoked while its list is shorter than its entry', async () => {
    const world = await aFollowedWorld('foreign')
    await world.status()
    world.pass(61)
    await world.serveList({ subject: { encodedList: 'uH4sIAAAAAAAAAwMAAAAAAAAAAAA' } })
    expect((await world.status()).client.status).toBe('degraded')
  })

  it('S9: is unknown when the last good answer is too old to say', async () => {
    const world = await aFollowedWorld('foreign')
    await world.status()
    world.outage()
    world.pass(CLIENT_DEGRADED_SECONDS)
    expect((await world.status()).client.status).toBe('degraded')
    world.pass(CLIENT_RETRY_SECONDS)
    const { client, following } = await world.status()
    expect(client.status).toBe('unknown')
    expect(following.settled).toMatchObject({ status: 'active', at: NOW })
  })

  it('S9: stays active for the grace of the policy', async () => {
    const world = await aFollowedWorld('foreign', { statusGraceSeconds: 600 })
    await world.status()
    world.fetch.answers.set(world.foreign.listUrl, { refusal: 'host_failed' })
    world.pass(61)
    expect((await world.status()).client.status).toBe('active')
    world.pass(620)
    expect((await world.status()).client.status).toBe('degraded')
  })

  it('a scripted outage of everything turns no client to revoked, whatever order it comes in', async () => {
    const world = await aFollowedWorld('foreign')
    const { fetch, foreign, buyer } = world
    const seen: string[] = []
    const look = async () => {
      world.pass(CLIENT_STATUS_SECONDS + 1)
      seen.push((await world.status()).client.status)
    }
    await look()
    await world.serveList({ subject: { encodedList: 'uH4sIAAAAAAAAAwMAAAAAAAAAAAA' } })
    await look()
    fetch.answers.set(foreign.listUrl, { refusal: 'host_failed' })
    await look()
    fetch.answers.set(buyer.documentUrl, { refusal: 'host_timeout' })
    await look()
    fetch.answers.set('https://issuer.example/.well-known/did.json', { refusal: 'not_found' })
    await look()
    world.pass(CLIENT_DEGRADED_SECONDS)
    await look()
    expect(seen).toEqual(['active', 'degraded', 'degraded', 'degraded', 'degraded', 'unknown'])
    expect((await world.feed()).some(([, status]) => status === 'revoked')).toBe(false)
  })

  it('D23: many who poll cause one look', async () => {
    const world = await aFollowedWorld('foreign')
    await world.status()
    world.pass(CLIENT_STATUS_SECONDS + 1)
    const before = world.fetch.requests.length
    await Promise.all(Array.from({ length: 64 }, () => world.status()))
    // The list, the document of its issuer, that of the client.
    expect(world.fetch.requests.length - before).toBe(3)
    await Promise.all(Array.from({ length: 64 }, () => world.status()))
    expect(world.fetch.requests.length - before).toBe(3)
  })

  it('a suspended client whose list goes away is unknown, with what it was', async () => {
    const world = await aFollowedWorld('own')
    await world.set('suspension', true)
    expect((await world.status()).client.status).toBe('suspended')
    await world.set('suspension', false)
    world.outage()
    world.pass(CLIENT_STATUS_SECONDS + 1)
    const { client, following } = await world.status()
    expect([client.status, following.settled.status]).toEqual(['unknown', 'suspended'])
  })
})

describe('without traffic', () => {
  it('clients that are due are looked at in turn, and then not again before their time', async () => {
    const world = await aFollowedWorld('foreign')
    const { ports, seller, fetch, client } = world
    await followDueClients(ports, seller.id)
    expect(await ports.verifiers.dueClients(seller.id, NOW, 10)).toEqual([])
    await world.serveList({ set: [94_567] })
    world.pass(CLIENT_STATUS_SECONDS)
    const before = fetch.requests.length
    world.pass(60)
    expect(await ports.verifiers.dueClients(seller.id, ports.clock.now(), 10)).toEqual([
      client.clientId,
    ])
    await followDueClients(ports, seller.id)
    expect(fetch.requests.length).toBeGreaterThan(before)
    expect((await world.stored())?.status).toBe('revoked')
    expect((await world.feed()).at(-1)).toEqual([['status'], 'revoked', 'revoked'])
    const { rows } = await ports.verifiers.audit(seller.id, { cursor: undefined, limit: 100 })
    expect(rows.at(-1)).toMatchObject({
      actor: 'alarm',
      action: 'client.follow',
      detail: { clientId: client.clientId, status: 'revoked', changed: ['status'] },
    })
  })

  it('a DID that was never accepted has no status', async () => {
    const { ports, seller, registrar } = await aFollowedWorld('own')
    expect(await clientStatusNow(ports, seller, registrar.did)).toBeUndefined()
  })
})
