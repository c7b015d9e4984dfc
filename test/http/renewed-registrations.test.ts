import { beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64url, utf8Text } from '../../src/domain/base64url.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { DID_WEB_CACHE_SECONDS } from '../../src/domain/limits.ts'
import { clientStatusNow } from '../../src/use-cases/follow-clients.ts'
import { replayDecision } from '../../src/use-cases/replay-decision.ts'
import { didOf } from '../support/did-documents.ts'
import {
  aRegistrationWorld,
  CALLBACK,
  codesOf,
  OTHER_CALLBACK,
  type RegistrationWorld,
} from '../support/registering.ts'
import { generateKey } from '../support/generated-keys.ts'
import { NOW } from '../support/world.ts'

const THIEF = 'https://thief.example/callback'
const ALL = { cursor: undefined, limit: 100 }

let world: RegistrationWorld

beforeEach(async () => {
  world = await aRegistrationWorld()
})

const service = (uris: readonly string[]): JsonObject => ({
  service: uris.map((serviceEndpoint, at) => ({
    id: `${world.client.did}#s${String(at)}`,
    type: 'OAuthRedirect',
    serviceEndpoint,
  })),
})

/** Publishes another document, and waits until the one in memory has had its time. */
const publish = (...uris: readonly string[]): void => {
  world.client.publish(service(uris))
  world.pass(DID_WEB_CACHE_SECONDS + 1)
}

const asking = async (path: string, client_metadata: Json | undefined, headers = {}) => {
  const iat = world.ports.clock.now()
  const presentation = await world.presented({ iat, exp: iat + 60 })
  return world.post(path, { presentation, ...(client_metadata && { client_metadata }) }, headers)
}
const register = async (client_metadata?: Json, headers = {}) =>
  asking('/registrations', client_metadata, headers)

const clientId = () => didOf(world.client.did)
const stored = async () =>
  (await world.ports.verifiers.client(world.seller.id, clientId()))?.redirectUris
const look = async () =>
  (await clientStatusNow(world.ports, world.seller, clientId()))?.client.redirectUris
const holds = async () => (await world.ports.verifiers.holds(world.seller.id, clientId(), ALL)).rows
const decide = async (state: 'approved' | 'rejected') => {
  const pending = (await holds()).find((hold) => hold.state === 'pending')
  const hold = { clientId: clientId(), holdId: pending?.id ?? '' }
  return world.ports.verifiers.decideHold(world.seller.id, hold, state, world.change())
}

const urisIn = (value: Json | undefined): Json | undefined =>
  isJsonObject(value) ? value['redirect_uris'] : undefined

function decided(body: JsonObject): Json | undefined {
  const token = body['decision_jwt']
  if (typeof token !== 'string') throw new Error('there is no decision')
  const text = utf8Text(decodeBase64url(token.split('.')[1] ?? '') ?? new Uint8Array()) ?? ''
  const claims = JSON.parse(text) as Json
  return isJsonObject(claims) ? urisIn(claims['client']) : undefined
}

describe('V16: a client that is registered again', () => {
  it('keeps the hosts that it has, and another path of them (the control)', async () => {
    await register()
    publish(CALLBACK, `${OTHER_CALLBACK}/2`)
    const { status, body } = await register()
    expect([status, codesOf(body), urisIn(body['client'])]).toEqual([
      201,
      [],
      [CALLBACK, `${OTHER_CALLBACK}/2`],
    ])
    expect([await stored(), await holds()]).toEqual([[CALLBACK, `${OTHER_CALLBACK}/2`], []])
  })

  it('a first registration is the approval of its own hosts', async () => {
    publish(CALLBACK, THIEF)
    const { status, body } = await register()
    expect([status, codesOf(body), await stored()]).toEqual([201, [], [CALLBACK, THIEF]])
  })

  it.each<[string, Json | undefined]>([
    ['by its document', undefined],
    ['by name', { redirect_uris: [CALLBACK, THIEF] }],
  ])(
    'gets no new host that it asks for %s: it is held, and the answer says so',
    async (_, asked) => {
      await register()
      publish(CALLBACK, OTHER_CALLBACK, THIEF)
      const { status, body } = await register(asked)
      const accepted = asked === undefined ? [CALLBACK, OTHER_CALLBACK] : [CALLBACK]
      expect([status, codesOf(body)]).toEqual([201, ['redirect_host_held']])
      expect([urisIn(body['client']), decided(body), await stored()]).toEqual([
        accepted,
        accepted,
        accepted,
      ])
      const held = { host: 'thief.example', redirectUris: [THIEF], state: 'pending' }
      expect(await holds()).toMatchObject([{ ...held, decisionId: body['decisionId'] }])
      expect(await look()).toEqual(accepted)
      expect(await holds()).toMatchObject([{ ...held, decisionId: body['decisionId'] }])
      const decisionId = (await holds())[0]?.decisionId ?? ''
      const again = await replayDecision(world.ports, world.seller, decisionId)
      expect(again).toMatchObject({ ok: true, value: { outcome: 'same' } })
    },
  )

  it.each([true, false])(
    'gets the host once it is approved (looked at before: %s)',
    async (seen) => {
      await register()
      publish(CALLBACK, THIEF)
      await register()
      if (seen) await look()
      expect(await decide('approved')).toMatchObject({ value: { value: 'decided' } })
      expect(await stored()).toEqual([CALLBACK, THIEF])
      expect(await look()).toEqual([CALLBACK, THIEF])
      const { body } = await register()
      expect([codesOf(body), await stored()]).toEqual([[], [CALLBACK, THIEF]])
    },
  )

  it('never gets a rejected host, and the next registration asks anew', async () => {
    await register()
    publish(CALLBACK, THIEF)
    await register()
    await decide('rejected')
    expect(await look()).toEqual([CALLBACK])
    expect(codesOf((await register()).body)).toEqual(['redirect_host_held'])
    expect([await stored(), (await holds()).map(({ state }) => state)]).toEqual([
      [CALLBACK],
      ['rejected', 'pending'],
    ])
  })

  it('keeps one hold under one id, however often it is registered', async () => {
    await register()
    publish(CALLBACK, THIEF)
    await register()
    const [first] = await holds()
    await look()
    const { body } = await register()
    expect(await holds()).toMatchObject([
      { id: first?.id, state: 'pending', decisionId: body['decisionId'] },
    ])
    await register({ redirect_uris: [CALLBACK] })
    expect(await holds()).toMatchObject([{ id: first?.id, state: 'withdrawn' }])
    expect(await look()).toEqual([CALLBACK])
    expect(await holds()).toHaveLength(1)
  })

  it.each([true, false])(
    'is refused where no accepted URI is left, and the hold waits (looked at before: %s)',
    async (seen) => {
      publish(CALLBACK, THIEF)
      await register({ redirect_uris: [CALLBACK] })
      if (seen) await look()
      const { status, body } = await register({ redirect_uris: [THIEF] })
      expect([status, body['error'], codesOf(body)]).toEqual([
        400,
        'invalid_redirect_uri',
        ['redirect_host_held'],
      ])
      expect(body['error_description']).toContain('operator')
      expect(await holds()).toMatchObject([{ host: 'thief.example', state: 'pending' }])
      expect([await look(), (await holds()).map(({ state }) => state)]).toEqual([
        [CALLBACK],
        ['pending'],
      ])
      await register({ redirect_uris: [THIEF] })
      expect(await holds()).toHaveLength(1)
      await decide('approved')
      const approved = await register({ redirect_uris: [THIEF] })
      expect([approved.status, await stored()]).toEqual([201, [THIEF]])
    },
  )

  it('is held nothing where something else is wrong too', async () => {
    await register()
    publish(THIEF)
    const { body } = await register({ redirect_uris: [THIEF], scope: 'admin' })
    expect(codesOf(body)).toEqual(['redirect_host_held', 'scope_not_granted'])
    expect(await holds()).toEqual([])
  })

  it('is told by a dry run, which holds nothing', async () => {
    await register()
    publish(CALLBACK, THIEF)
    const { status, body } = await asking('/registrations/dry-run', undefined)
    expect([status, codesOf(body)]).toEqual([200, ['redirect_host_held']])
    expect([urisIn(body['client']), await holds()]).toEqual([[CALLBACK], []])
  })

  it('H13: gets the same bytes for a retry, and one hold', async () => {
    await register()
    publish(CALLBACK, THIEF)
    const iat = NOW + DID_WEB_CACHE_SECONDS + 1
    const body = { presentation: await world.presented({ iat, exp: iat + 60 }) }
    const headers = { 'Idempotency-Key': 'lost' }
    const first = await world.post('/registrations', body, headers)
    const second = await world.post('/registrations', body, headers)
    expect([first.status, second.text === first.text, await holds()]).toMatchObject([
      201,
      true,
      [{ state: 'pending' }],
    ])
  })

  it('is not stored where it was accepted otherwise meanwhile, and may try again', async () => {
    let isLate = false
    world = await aRegistrationWorld(({ verifiers }) => ({
      verifiers: {
        ...verifiers,
        followedClient: async (id, did) => (isLate ? undefined : verifiers.followedClient(id, did)),
      },
    }))
    await register()
    publish(CALLBACK, THIEF)
    isLate = true
    const { status, body } = await register()
    expect([status, body['code'], await stored()]).toEqual([
      503,
      'storage_unavailable',
      [CALLBACK, OTHER_CALLBACK],
    ])
    isLate = false
    expect([(await register()).status, await stored()]).toEqual([201, [CALLBACK]])
  })
})

describe('the keys of a client after it was looked at (F6, R16)', () => {
  const kids = async () => {
    const now = await clientStatusNow(world.ports, world.seller, clientId())
    return [now?.client.status, now?.client.keys.map(({ kid }) => kid.split('#')[1])]
  }

  /** The document of the client with a key of each algorithm, besides its own, of EdDSA. */
  async function publishKeys(own: boolean) {
    const { did, kid } = world.client
    const answer = world.fetch.answers.get('https://buyer.example.com/.well-known/did.json')
    const document = answer !== undefined && 'json' in answer ? (answer.json as JsonObject) : {}
    const first = (document['verificationMethod'] as readonly Json[]).slice(0, own ? 1 : 0)
    const others = await Promise.all(
      (['ES256', 'ES384'] as const).map(async (alg) => ({
        id: `${did}#${alg}`,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: { ...(await generateKey(alg)).jwk },
      })),
    )
    const authentication = [...(own ? [kid] : []), ...others.map(({ id }) => id)]
    world.client.publish({ verificationMethod: [...first, ...others], authentication })
    world.pass(DID_WEB_CACHE_SECONDS + 1)
  }

  it.each([
    { asked: { token_endpoint_auth_signing_alg: 'EdDSA' }, counted: ['k1'] },
    { asked: { token_endpoint_auth_signing_alg: 'Ed25519' }, counted: ['k1'] },
    { asked: undefined, counted: ['k1', 'ES256'] },
  ])('are those that registration grants: $asked', async ({ asked, counted }) => {
    await publishKeys(true)
    expect((await register(asked)).status).toBe(201)
    const granted = await world.ports.verifiers.client(world.seller.id, clientId())
    expect(granted?.keys.map(({ kid }) => kid.split('#')[1])).toEqual(counted)
    expect(await kids()).toEqual(['active', counted])
  })

  it.each([
    { asked: { token_endpoint_auth_signing_alg: 'EdDSA' }, then: ['suspended', ['k1']] },
    { asked: { token_endpoint_auth_signing_alg: 'Ed25519' }, then: ['suspended', ['k1']] },
    { asked: undefined, then: ['active', ['ES256']] },
  ])('are no others when the document changes: $asked', async ({ asked, then }) => {
    expect((await register(asked)).status).toBe(201)
    await publishKeys(false)
    expect(await kids()).toEqual(then)
  })
})
