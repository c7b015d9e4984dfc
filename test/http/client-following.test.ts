import { beforeEach, describe, expect, it } from 'vitest'
import { cachedVerifiers } from '../../src/adapters/cache/cached-instances.ts'
import { createApp } from '../../src/app.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { instanceToken } from '../../src/domain/instance/token.ts'
import {
  isJsonObject,
  parseStrictJsonText,
  type Json,
  type JsonObject,
} from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { DID_WEB_CACHE_SECONDS, INSTANCE_CACHE_SECONDS } from '../../src/domain/limits.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'

const HOME = 'https://buyer.example/callback'
const OTHER = 'https://elsewhere.example/callback'

/** The seller's service with a client, as the front door shows it. */
async function aService(whose: 'own' | 'foreign') {
  const world = await aFollowedWorld(whose)
  const { seller, client } = world
  const token = instanceToken('verifier', seller.id, encodeBase64url(new Uint8Array(32).fill(5)))
  const hash = encodeBase64url(world.ports.digest.sha256(utf8(token)))
  await world.ports.verifiers.replaceToken(seller.id, hash, world.change())
  const verifiers = cachedVerifiers(world.ports.verifiers, world.ports.directory, world.ports.clock)
  const ports = { ...world.ports, verifiers }
  const app = createApp(ports, { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined })
  const send = async (
    path: string,
    { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
    bearer = token,
  ) =>
    app.request(`https://trust.example/verifiers/${seller.id}${path}`, {
      method,
      headers: { ...headers, Authorization: `Bearer ${bearer}` },
    })
  const body = async (answer: Response): Promise<JsonObject> => {
    const read = parseStrictJsonText(await answer.text())
    return read.ok && isJsonObject(read.value) ? read.value : {}
  }
  return {
    ...world,
    token,
    send,
    ask: async (path: string, init: Parameters<typeof send>[1] = {}) => {
      const answer = await send(path, init)
      return { status: answer.status, body: await body(answer), headers: answer.headers }
    },
    at: `/clients/${encodeURIComponent(client.clientId)}`,
  }
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

let service: Awaited<ReturnType<typeof aService>>

beforeEach(async () => {
  service = await aService('own')
})

describe('GET …/clients/{client_id}/status', () => {
  it('says how the client stands, and nothing more', async () => {
    const { status, body } = await service.ask(`${service.at}/status`)
    expect([status, body]).toEqual([
      200,
      {
        client_id: service.client.clientId,
        status: 'active',
        since: '2026-01-15T12:00:00Z',
        evaluatedAt: '2026-01-15T12:00:00Z',
        evidenceAge: 0,
        decisionId: service.client.decisionId,
      },
    ])
  })

  it('shows a revocation of our own in the very next answer, and 304 until then', async () => {
    const { send, ask, at } = service
    const first = await send(`${at}/status`)
    expect(first.headers.get('Cache-Control')).toBe('private, no-cache')
    const etag = first.headers.get('ETag') ?? ''
    const known = { headers: { 'If-None-Match': etag } }
    expect((await send(`${at}/status`, known)).status).toBe(304)
    await service.set('revocation', true)
    const { status, body } = await ask(`${at}/status`, known)
    expect([status, body['status'], body['reason'], body['hint']]).toEqual([
      200,
      'revoked',
      'revoked',
      'The issuer revoked it. Ask the issuer for a new one.',
    ])
    // What the checks of OAuth tokens go by has changed too.
    const { body: client } = await ask(at)
    expect(client['status']).toBe('revoked')
  })

  it('names the last full answer beside one that is none', async () => {
    const foreign = await aService('foreign')
    await foreign.ask(`${foreign.at}/status`)
    foreign.outage()
    foreign.pass(DID_WEB_CACHE_SECONDS)
    const { body } = await foreign.ask(`${foreign.at}/status`)
    expect(body).toMatchObject({
      status: 'degraded',
      evidenceAge: DID_WEB_CACHE_SECONDS,
      lastKnown: { status: 'active', since: '2026-01-15T12:00:00Z', at: '2026-01-15T12:00:00Z' },
    })
  })

  it.each(['did:web:nobody.example', 'did%3Aweb%3Anobody.example', 'nobody', 'did:web:a%2500'])(
    'A20: knows no %s',
    async (name) => {
      expect((await service.send(`/clients/${name}/status`)).status).toBe(404)
    },
  )

  it.each(['/status', '/history', '/holds'])(
    'H9: %s is for the verifier itself alone',
    async (path) => {
      const other = instanceToken(
        'verifier',
        'other' as InstanceId,
        encodeBase64url(new Uint8Array(32)),
      )
      expect((await service.send(`${service.at}${path}`, {}, other)).status).toBe(404)
      expect((await service.send(`${service.at}${path}`)).status).toBe(200)
    },
  )
})

describe('GET …/clients/changes', () => {
  it('tells each change once to who keeps the cursor', async () => {
    const { ask, at } = service
    const { body: first } = await ask('/clients/changes')
    expect(listed(first['items'])).toMatchObject([
      { client_id: service.client.clientId, changed: ['registered'], status: 'active' },
    ])
    const next = `/clients/changes?since=${textOf(first['cursor'])}`
    expect((await ask(next)).body).toEqual({ items: [], cursor: first['cursor'], more: false })
    await service.set('revocation', true)
    await ask(`${at}/status`)
    const { body: second } = await ask(next)
    expect(listed(second['items'])).toEqual([
      {
        client_id: service.client.clientId,
        changed: ['status'],
        status: 'revoked',
        reason: 'revoked',
        hint: 'The issuer revoked it. Ask the issuer for a new one.',
        at: '2026-01-15T12:00:00Z',
      },
    ])
    expect(second['cursor']).not.toBe(first['cursor'])
  })

  it('answers 304 while nothing is new, with its tag', async () => {
    const { send } = service
    const first = await send('/clients/changes')
    const known = { headers: { 'If-None-Match': first.headers.get('ETag') ?? '' } }
    expect((await send('/clients/changes', known)).status).toBe(304)
  })

  it.each([
    ['of another verifier', 'clients other 1', 409, 'cursor_unknown'],
    ['of a row that was never written', 'clients seller 99', 409, 'cursor_unknown'],
    ['that is none', 'clients seller', 400, 'request_invalid'],
    ['with something behind it', 'clients seller 0 registrar 1', 400, 'request_invalid'],
    ['of this feed', 'clients seller 0', 200, undefined],
    ['of this feed, in the middle of a round', 'clients seller 0 registrar', 200, undefined],
  ])('a cursor %s', async (_, text, expected, code) => {
    const since = encodeBase64url(utf8(text))
    const { status, body } = await service.ask(`/clients/changes?since=${since}`)
    expect([status, body['code']]).toEqual([expected, code])
  })

  it.each(['limit=0', 'since=%00', 'since=', 'limit=1001'])('refuses ?%s', async (query) => {
    const { status, body } = await service.ask(`/clients/changes?${query}`)
    expect([status, body['code']]).toEqual([400, 'request_invalid'])
  })
})

describe('V16: a new redirect host', () => {
  beforeEach(async () => {
    const { ask, at, buyer, pass } = service
    await ask(`${at}/status`)
    buyer.publish({ redirectUris: [HOME, OTHER] })
    pass(Math.max(DID_WEB_CACHE_SECONDS, INSTANCE_CACHE_SECONDS))
    await ask(`${at}/status`)
  })

  const theHold = async () => {
    const { body } = await service.ask(`${service.at}/holds`)
    const [hold] = listed(body['items'])
    if (!isJsonObject(hold ?? null)) throw new Error('nothing is held')
    return hold as JsonObject
  }
  const redirectUris = async () => (await service.ask(service.at)).body['redirect_uris']

  it('is held, told in the history, and counts once it is approved', async () => {
    const { ask, at } = service
    expect(await redirectUris()).toEqual([HOME])
    const hold = await theHold()
    expect(hold).toMatchObject({ host: 'elsewhere.example', state: 'pending' })
    const { body: history } = await ask(`${at}/history`)
    expect(JSON.stringify(history['items'])).toContain(
      'The redirect host elsewhere.example is new.',
    )
    const approve = `${at}/holds/${textOf(hold['id'])}/approve`
    const call = { method: 'POST', headers: { 'Idempotency-Key': 'k1' } }
    const first = await ask(approve, call)
    expect([first.status, first.body['state'], first.body['decidedBy']]).toEqual([
      200,
      'approved',
      'verifier seller',
    ])
    expect((await ask(approve, call)).body).toEqual(first.body)
    expect(await redirectUris()).toEqual([HOME, OTHER])
    const again = await ask(approve, { method: 'POST' })
    expect([again.status, again.body['code']]).toEqual([409, 'hold_decided'])
  })

  it('never counts once it is rejected', async () => {
    const { ask, at } = service
    const { id } = await theHold()
    const rejected = await ask(`${at}/holds/${textOf(id)}/reject`, { method: 'POST' })
    expect([rejected.status, rejected.body['state']]).toEqual([200, 'rejected'])
    expect(await redirectUris()).toEqual([HOME])
  })

  it('a hold that there never was is 404', async () => {
    const { status } = await service.ask(`${service.at}/holds/nothing/approve`, { method: 'POST' })
    expect(status).toBe(404)
  })
})

describe('the audit chain of a verifier', () => {
  it('H17: is read in pages, and verified', async () => {
    const { ask } = service
    await ask(`${service.at}/status`)
    const { body: page } = await ask('/audit?limit=2')
    expect(listed(page['items'])).toHaveLength(2)
    expect(page['cursor']).toBe('2')
    const { body } = await ask('/audit/verify')
    expect(body['intact']).toBe(true)
  })
})
