import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JWK } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { instanceToken } from '../../src/domain/instance/token.ts'
import type { Json } from '../../src/domain/json/strict-json.ts'
import { EXPIRY_SKEW_SECONDS, MAX_SOFTWARE_STATEMENT_SECONDS } from '../../src/domain/limits.ts'
import { later } from '../../src/domain/time.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'
import { mintSoftwareStatement } from '../../src/use-cases/mint-software-statement.ts'
import { currentPolicy } from '../../src/use-cases/verification-context.ts'
import { didOf } from '../support/did-documents.ts'
import { faultsIn } from '../support/openapi.ts'
import { aRegistrationWorld } from '../support/registering.ts'
import { AUDIENCE as SELLER_AUDIENCE, NOW } from '../support/world.ts'

const AUDIENCE = 'https://other-as.example'
const ORIGIN = 'https://trust.example'

type Service = Awaited<ReturnType<typeof aService>>

/** The seller's front door, with a buyer as client whose credential is the registrar's. */
async function aService() {
  const world = await aFollowedWorld('own')
  const { ports, seller } = world
  const token = instanceToken('verifier', seller.id, encodeBase64url(new Uint8Array(32).fill(5)))
  const hash = encodeBase64url(ports.digest.sha256(utf8(token)))
  await ports.verifiers.replaceToken(seller.id, hash, world.change())
  const appWith = (otherwise: Partial<typeof ports>) =>
    createApp(
      { ...ports, ...otherwise },
      { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined },
    )
  let app = appWith({})
  const send = (method: string, url: string, headers: Record<string, string>, body?: unknown) =>
    app.request(url, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const asSeller = { Authorization: `Bearer ${token}` }
  const path = (did: string) =>
    `${ORIGIN}/verifiers/seller/clients/${encodeURIComponent(did)}/software-statements`
  return {
    ...world,
    clientNow: world.status,
    mint: (
      did: string = world.buyer.did,
      body: unknown = { audience: AUDIENCE },
      headers: Record<string, string> = {},
    ) => send('POST', path(did), { ...asSeller, ...headers }, body),
    unasked: () => send('POST', path(world.buyer.did), {}, { audience: AUDIENCE }),
    revoke: (jti: string, headers: Record<string, string> = asSeller) =>
      send('DELETE', `${ORIGIN}/verifiers/seller/software-statements/${jti}`, headers),
    status: (jti: string, accept = 'application/json') =>
      send('GET', `${ORIGIN}/verifiers/seller/software-statements/${jti}`, { Accept: accept }),
    keys: async () =>
      createLocalJWKSet(
        await (await send('GET', `${ORIGIN}/verifiers/seller/jwks`, {})).json<{ keys: JWK[] }>(),
      ),
    /** The service as it is when the operator's keys are others. */
    withoutKeys: () => {
      app = appWith({ signer: { ...ports.signer, keys: [] } })
    },
  }
}

const bodyOf = async (response: Response) => response.json<Record<string, Json>>()
const textOf = (value: Json | undefined): string => {
  if (typeof value !== 'string') throw new Error('a text was expected')
  return value
}

let service: Service
beforeEach(async () => {
  service = await aService()
})

/** A statement that was minted without trouble. */
const minted = async () => {
  const answer = await service.mint()
  expect(answer.status).toBe(201)
  const body = await bodyOf(answer)
  expect(faultsIn(body, { $ref: '#/components/schemas/MintedSoftwareStatement' })).toEqual([])
  const { software_statement: token, jti } = body
  return { token: textOf(token), jti: textOf(jti) }
}
const statusOf = async (jti: string) => (await bodyOf(await service.status(jti)))['status']

describe('POST /verifiers/{id}/clients/{client_id}/software-statements', () => {
  it('signs what the decision says of an active client, for ten minutes and one audience', async () => {
    const { token, jti } = await minted()
    const { payload } = await jwtVerify(token, await service.keys(), {
      issuer: service.seller.did,
      audience: AUDIENCE,
      subject: service.buyer.did,
      typ: 'software-statement+jwt',
      currentDate: new Date(NOW * 1000),
    })
    expect(decodeProtectedHeader(token).kid).toBe(`${service.seller.did}#k1`)
    expect(payload).toMatchObject({
      jti,
      iat: NOW,
      exp: NOW + MAX_SOFTWARE_STATEMENT_SECONDS,
      client_id: service.buyer.did,
      client_name: 'Example Buyer Ltd',
      redirect_uris: ['https://buyer.example/callback'],
      token_endpoint_auth_method: 'private_key_jwt',
      decision_id: service.client.decisionId,
      status: {
        status_list: {
          idx: 0,
          uri: `${ORIGIN}/verifiers/seller/software-statements/${jti}`,
        },
      },
    })
    expect(payload['jwks']).toMatchObject({ keys: [{ kid: service.buyer.kid }] })
  })

  it('A16: never outlives the decision', async () => {
    const end = later(NOW, 100)
    await service.accept(service.buyer, [service.token], { validUntil: end })
    const { token } = await minted()
    const keys = await service.keys()
    const { payload } = await jwtVerify(token, keys, { currentDate: new Date(NOW * 1000) })
    expect(payload.exp).toBe(end)
  })

  it('A16: gives each statement a jti of its own', async () => {
    expect((await minted()).jti).not.toBe((await minted()).jti)
  })

  it('H13: gives the same statement again under its Idempotency-Key', async () => {
    const [one, again] = [
      await service.mint(undefined, undefined, { 'Idempotency-Key': 'k' }),
      await service.mint(undefined, undefined, { 'Idempotency-Key': 'k' }),
    ]
    expect(await again.text()).toBe(await one.text())
    const other = { audience: 'https://third.example' }
    expect((await service.mint(undefined, other, { 'Idempotency-Key': 'k' })).status).toBe(422)
  })

  it('refuses a client whose credential was revoked a moment ago', async () => {
    await minted()
    await service.set('revocation', true)
    const answer = await service.mint()
    expect(answer.status).toBe(409)
    expect(await bodyOf(answer)).toMatchObject({
      code: 'client_not_active',
      detail: expect.stringContaining('revoked') as unknown,
    })
  })

  it('refuses a client while it is suspended, and no longer', async () => {
    await service.set('suspension', true)
    expect((await service.mint()).status).toBe(409)
    await service.set('suspension', false)
    await minted()
  })

  it('S9: refuses a client of whom it cannot be said how it stands', async () => {
    await minted()
    service.outage()
    service.pass(400)
    const answer = await service.mint()
    expect([answer.status, (await bodyOf(answer))['code']]).toEqual([409, 'client_not_active'])
  })

  it('R16: knows no client that was never accepted', async () => {
    await minted()
    expect((await service.mint('did:web:stranger.example')).status).toBe(404)
    expect((await service.mint('nobody')).status).toBe(404)
  })

  it.each([
    { when: 'audience is absent', body: {} },
    { when: 'audience is empty', body: { audience: '' } },
    { when: 'anybody would add metadata', body: { audience: AUDIENCE, scope: 'all' } },
  ])('refuses the request when $when', async ({ body }) => {
    await minted()
    expect((await service.mint(undefined, body)).status).toBe(400)
  })

  it('H7: is for the verifier alone', async () => {
    expect((await service.unasked()).status).toBe(401)
  })

  it('signs nothing when no key is configured', async () => {
    await minted()
    service.withoutKeys()
    const answer = await service.mint()
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '60'])
  })
})

it('A16: is taken by another verifier of ours that has its verifier for an anchor', async () => {
  const world = await aRegistrationWorld()
  const { ports, seller, client } = world
  const first = await world.post('/registrations', { presentation: await world.presented() })
  expect(first.status).toBe(201)
  const statement = async (audience: string) => {
    const clientId = didOf(client.did)
    const wish = { clientId, audience }
    const made = await mintSoftwareStatement(ports, seller, wish, world.change())
    if (!made.ok) throw new Error(made.refusal.reason)
    return made.value.token
  }
  const registerFor = async (audience: string) => {
    const software_statement = await statement(audience)
    const presentation = await world.presented()
    return world.post('/registrations', { presentation, software_statement })
  }
  expect((await registerFor(SELLER_AUDIENCE)).body['error']).toBe('unapproved_software_statement')
  const { policy } = await currentPolicy(ports, seller)
  const itself = {
    did: seller.did,
    types: ['SoftwareStatement'],
    validFrom: undefined,
    validUntil: undefined,
  }
  await world.policy({ anchors: [...policy.anchors, itself] })
  expect((await registerFor(SELLER_AUDIENCE)).status).toBe(201)
  expect((await registerFor(AUDIENCE)).body['error']).toBe('invalid_software_statement')
})

describe('GET /verifiers/{id}/software-statements/{jti}', () => {
  it('S17: is VALID while the client is active, for everybody', async () => {
    const { jti } = await minted()
    const answer = await service.status(jti)
    const body = await bodyOf(answer)
    expect(faultsIn(body, { $ref: '#/components/schemas/SoftwareStatementStatus' })).toEqual([])
    expect(body).toEqual({
      jti,
      status: 'VALID',
      expiresAt: '2026-01-15T12:10:00Z',
    })
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
  })

  it.each([
    { status: 0, before: async () => undefined },
    { status: 1, before: async ({ jti }: { jti: string }) => service.revoke(jti) },
    { status: 1, before: async () => service.set('revocation', true) },
    { status: 2, before: async () => service.set('suspension', true) },
  ])('is $status in a Token Status List that others read', async ({ status, before }) => {
    const { token, jti } = await minted()
    await before({ jti })
    const answer = await service.status(jti, 'application/statuslist+jwt')
    expect(answer.headers.get('Content-Type')).toBe('application/statuslist+jwt')
    const list = await answer.text()
    const keys = await service.keys()
    const now = { currentDate: new Date(NOW * 1000) }
    const { payload } = await jwtVerify(token, keys, now)
    const { status_list: entry } = payload['status'] as {
      status_list: { idx: number; uri: string }
    }
    await jwtVerify(list, keys, { ...now, typ: 'statuslist+jwt', subject: entry.uri })
    expect(getListFromStatusListJWT(list).getStatus(entry.idx)).toBe(status)
  })

  it('is INVALID once the verifier is retired', async () => {
    const { jti } = await minted()
    const { ports, seller, change } = service
    await ports.verifiers.update(seller.id, { retiredAt: NOW }, change())
    expect(await statusOf(jti)).toBe('INVALID')
    expect((await service.mint()).status).toBe(409)
  })

  it('is INVALID once the decision that it repeats was replaced', async () => {
    const { jti } = await minted()
    await service.accept(service.buyer, [service.token])
    expect(await statusOf(jti)).toBe('INVALID')
    expect(await statusOf((await minted()).jti)).toBe('VALID')
  })

  it.each([
    { seconds: MAX_SOFTWARE_STATEMENT_SECONDS + EXPIRY_SKEW_SECONDS - 1, status: 200 },
    { seconds: MAX_SOFTWARE_STATEMENT_SECONDS + EXPIRY_SKEW_SECONDS, status: 404 },
  ])('answers $status $seconds seconds after it was signed', async ({ seconds, status }) => {
    const { jti } = await minted()
    service.pass(seconds)
    expect((await service.status(jti)).status).toBe(status)
  })

  it('tells nothing of a jti that was never given', async () => {
    await minted()
    expect((await service.status('8c2f1f0e-3d55-4b7e-9f0a-5a1c1d2e3f40')).status).toBe(404)
  })
})

describe('DELETE /verifiers/{id}/software-statements/{jti}', () => {
  it('takes one statement back, and leaves the client and its other statements', async () => {
    const [one, other] = [await minted(), await minted()]
    expect((await service.revoke(one.jti)).status).toBe(204)
    expect((await service.revoke(one.jti)).status).toBe(204)
    expect([await statusOf(one.jti), await statusOf(other.jti)]).toEqual(['INVALID', 'VALID'])
    expect((await service.clientNow()).client.status).toBe('active')
  })

  it('H7: is for the verifier alone', async () => {
    const { jti } = await minted()
    expect((await service.revoke(jti, {})).status).toBe(401)
    expect(await statusOf(jti)).toBe('VALID')
  })

  it('knows no statement that was never signed', async () => {
    expect((await service.revoke('nothing')).status).toBe(404)
  })
})
