import { CompactEncrypt, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { cachedVerifiers } from '../../src/adapters/cache/cached-instances.ts'
import { createApp } from '../../src/app.ts'
import { JWT_BEARER } from '../../src/domain/client-auth/client-assertion.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { INSTANCE_CACHE_SECONDS } from '../../src/domain/limits.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { instanceToken } from '../../src/domain/instance/token.ts'
import { FINDINGS } from '../../src/domain/verification/findings.ts'
import {
  aClientWorld,
  assertionClaims,
  findClient,
  hybridClaims,
  requestClaims,
} from '../support/registered-clients.ts'
import { part } from '../support/compact-jws.ts'
import { aParty, NOW } from '../support/world.ts'

type Service = Awaited<ReturnType<typeof aService>>

/** The seller's service with its buyer as client, as the front door shows it. */
async function aService() {
  const world = await aClientWorld()
  const { seller } = world
  const token = instanceToken('verifier', seller.id, encodeBase64url(new Uint8Array(32).fill(5)))
  const hash = encodeBase64url(world.ports.digest.sha256(utf8(token)))
  await world.ports.verifiers.replaceToken(seller.id, hash, world.change())
  const verifiers = cachedVerifiers(world.ports.verifiers, world.ports.directory, world.ports.clock)
  const ports = { ...world.ports, verifiers }
  const app = createApp(ports, { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined })
  const send = (
    path: string,
    {
      headers,
      ...init
    }: {
      readonly method?: string
      readonly body?: string
      readonly headers: Readonly<Record<string, string>>
    },
    bearer = token,
  ) =>
    app.request(`https://trust.example/verifiers/${seller.id}${path}`, {
      ...init,
      headers: { ...headers, Authorization: `Bearer ${bearer}` },
    })
  return {
    ...world,
    ports,
    token,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    post: (path: string, body: unknown, bearer = token) =>
      send(
        path,
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        },
        bearer,
      ),
    /** Through the port that the service has, as a look of its own would. */
    put: (client: RegisteredClient) => findClient(verifiers, seller.id, client, world.change()),
  }
}

let service: Service

beforeAll(async () => {
  service = await aService()
})

const bodyOf = async (response: Response) => response.json<Record<string, Json>>()

const assertion = async (change: Parameters<typeof assertionClaims>[1] = {}) => ({
  client_assertion_type: JWT_BEARER,
  client_assertion: await service.buyer.sign({}, assertionClaims(service.buyer.did, change)),
})

const request = async (change: Parameters<typeof requestClaims>[1] = {}): Promise<JsonObject> => ({
  client_id: service.buyer.did,
  request: await service.buyer.sign({}, requestClaims(service.buyer.did, change)),
})

describe('POST /verifiers/{id}/client-assertions/verify', () => {
  const path = '/client-assertions/verify'

  it('A7: 200 with verdict, client, claims and checks, and no error', async () => {
    const response = await service.post(path, await assertion())
    expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, 'no-store'])
    const body = await bodyOf(response)
    expect(Object.keys(body)).toEqual(['verdict', 'client_id', 'claims', 'profile', 'checks'])
    expect(body).toMatchObject({
      verdict: 'valid',
      client_id: service.buyer.did,
      claims: { iss: service.buyer.did },
    })
  })

  it('A7: 400 with invalid_client, 401, for everything that is wrong', async () => {
    const response = await service.post(path, await assertion({ aud: 'https://other.example' }))
    expect(response.status).toBe(400)
    expect(await bodyOf(response)).toMatchObject({
      verdict: 'invalid',
      client_id: service.buyer.did,
      error: 'invalid_client',
      error_description: FINDINGS.aud_mismatch,
      error_status: 401,
    })
  })

  it('503 is what to send while nobody can say what the client is worth', async () => {
    await service.put({ ...service.client, status: 'unknown', reason: 'status_list_unavailable' })
    const response = await service.post(path, await assertion())
    await service.put(service.client)
    expect(response.status).toBe(400)
    expect(await bodyOf(response)).toMatchObject({
      verdict: 'indeterminate',
      error: 'temporarily_unavailable',
      error_status: 503,
    })
  })

  it.each([
    { when: 'A8: another authentication beside it', change: { client_secret: 'secret' } },
    { when: 'A3: two client_ids', change: { client_id: ['a', 'b'] } },
    { when: 'no assertion', change: { client_assertion: undefined } },
    { when: 'A20: a client_id of 4 kB', change: { client_id: `did:web:${'a'.repeat(4_096)}` } },
  ])('refuses a body with $when', async ({ change }) => {
    const response = await service.post(path, { ...(await assertion()), ...change })
    expect([response.status, (await bodyOf(response))['code']]).toEqual([400, 'request_invalid'])
  })

  it("H9: refuses another verifier's token as an unknown name, and no token", async () => {
    const other = service.token.replace(service.seller.id, 'other')
    expect((await service.post(path, await assertion(), other)).status).toBe(404)
    expect((await service.post(path, await assertion(), 'nothing')).status).toBe(401)
  })
})

describe('POST /verifiers/{id}/request-objects/verify: the error to send', () => {
  const path = '/request-objects/verify'

  it('F5: 200 for a good one', async () => {
    const response = await service.post(path, await request())
    expect([response.status, (await bodyOf(response))['verdict']]).toEqual([200, 'valid'])
  })

  it.each<[change: Parameters<typeof requestClaims>[1], error: string]>([
    [{ exp: undefined }, 'invalid_request_object'],
    [{ aud: 'https://other.example' }, 'invalid_request_object'],
    [{ client_id: 'did:web:other.example' }, 'invalid_request_object'],
    [{ request_uri: 'urn:x' }, 'invalid_request_object'],
    [{ redirect_uri: undefined }, 'invalid_request_object'],
    [{ redirect_uri: 'https://other.example' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'other' }, 'invalid_scope'],
  ])('A1, A6: %j is %s', async (change, error) => {
    const response = await service.post(path, await request(change))
    expect(response.status).toBe(400)
    expect(await bodyOf(response)).toMatchObject({ verdict: 'invalid', error, error_status: 400 })
  })

  it.each([
    { parameters: { request_uri: 'urn:x' }, error: 'invalid_request', status: 400 },
    { endpoint: 'authorize', error: 'invalid_request', status: 400 },
    { request: 'a.b.c', error: 'invalid_request_object', status: 400 },
    { client_id: 'did:web:stranger.example', error: 'invalid_client', status: 401 },
    {
      client_id: 'did:web:stranger.example',
      endpoint: 'authorize',
      error: 'unauthorized_client',
      status: 400,
    },
  ])('A3, A4: %j', async ({ error, status, ...change }) => {
    const response = await service.post(path, { ...(await request()), ...change })
    expect(await bodyOf(response)).toMatchObject({ error, error_status: status })
  })

  it.each<{ when: string; jwe: (inner: string) => Promise<string> | string }>([
    ...(['ECDH-ES', 'RSA-OAEP-256'] as const).map((alg) => ({
      when: `it is encrypted with ${alg}`,
      jwe: async (inner: string) =>
        new CompactEncrypt(utf8(inner))
          .setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT' })
          .encrypt((await generateKeyPair(alg)).publicKey),
    })),
    {
      when: 'its password is to be hashed 2^31 times',
      jwe: (inner) =>
        [
          '{"alg":"PBES2-HS512+A256KW","p2c":2147483648,"p2s":"AAAA","enc":"A256GCM"}',
          'key',
          'initialization',
          inner,
          'tag',
        ]
          .map(part)
          .join('.'),
    },
  ])('J30: a JWE is invalid_request_object when $when, what it holds is valid', async ({ jwe }) => {
    const plain = await service.buyer.sign({}, requestClaims(service.buyer.did))
    const client = { client_id: service.buyer.did }
    const refused = await service.post(path, { ...client, request: await jwe(plain) })
    expect(refused.status).toBe(400)
    expect(await bodyOf(refused)).toMatchObject({
      verdict: 'invalid',
      error: 'invalid_request_object',
      error_status: 400,
    })
    expect((await service.post(path, { ...client, request: plain })).status).toBe(200)
  })

  it('R13: 200 for a hybrid request at the authorization endpoint', async () => {
    const party = await aParty()
    await service.register(party, { profile: 'meflso' })
    const token = await party.sign({}, hybridClaims(party.did))
    const body = { client_id: party.did, request: token, endpoint: 'authorize' }
    expect((await service.post(path, body)).status).toBe(200)
  })

  it('503 is what to send while the status of the client is not known', async () => {
    await service.put({ ...service.client, status: 'unknown', reason: 'status_list_unavailable' })
    const response = await service.post(path, await request())
    await service.put(service.client)
    expect(response.status).toBe(400)
    expect(await bodyOf(response)).toMatchObject({
      verdict: 'indeterminate',
      error: 'temporarily_unavailable',
      error_status: 503,
    })
  })
})

describe('POST /verifiers/{id}/dpop-proofs/verify: the error to send', () => {
  const path = '/dpop-proofs/verify'
  const htu = 'https://as.seller.example.com/token'
  let jwk: Json
  let proof: (change?: JsonObject) => Promise<string>
  let jtis = 0

  beforeAll(async () => {
    const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
    const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
    jwk = { kty, crv, x, y } as Json
    proof = async (change = {}) => {
      const text = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)))
      const claims = { jti: `h-${String(++jtis)}`, htm: 'POST', htu, iat: NOW, ...change }
      const signed = `${text({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${text(claims)}`
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      const bytes = await crypto.subtle.sign(algorithm, pair.privateKey, utf8(signed))
      return `${signed}.${encodeBase64url(new Uint8Array(bytes))}`
    }
  })

  it('A10: 200 with the thumbprint of the key', async () => {
    const response = await service.post(path, { dpop: await proof(), htm: 'POST', htu })
    expect(response.status).toBe(200)
    expect(await bodyOf(response)).toMatchObject({
      verdict: 'valid',
      client_id: null,
      jkt: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
    })
  })

  it.each<[asked: JsonObject, change: JsonObject, error: string, status: number]>([
    [{}, { htm: 'PUT' }, 'invalid_dpop_proof', 400],
    [{ nonce: 'n1' }, {}, 'use_dpop_nonce', 400],
    [{ nonce: 'n1' }, { htm: 'PUT' }, 'invalid_dpop_proof', 400],
    [{ jkt: 'other' }, {}, 'invalid_dpop_proof', 400],
    [{ access_token: 'token' }, {}, 'invalid_dpop_proof', 401],
    [
      { access_token: 'token', nonce: 'n1' },
      { ath: 'PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A' },
      'use_dpop_nonce',
      401,
    ],
    [
      { access_token: 'token', jkt: 'other' },
      { ath: 'PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A' },
      'invalid_token',
      401,
    ],
  ])('A10: asked with %j, the proof with %j is %s, %i', async (asked, change, error, status) => {
    const body = { dpop: await proof(change), htm: 'POST', htu, ...asked }
    const response = await service.post(path, body)
    expect(response.status).toBe(400)
    expect(await bodyOf(response)).toMatchObject({ error, error_status: status })
  })

  it('refuses a htu of the caller that is no URL', async () => {
    const response = await service.post(path, { dpop: await proof(), htm: 'POST', htu: 'token' })
    expect([response.status, (await bodyOf(response))['code']]).toEqual([400, 'request_invalid'])
  })
})

describe('GET /verifiers/{id}/clients', () => {
  const view = (): JsonObject => ({
    client_id: service.buyer.did,
    client_name: 'Example Buyer Ltd',
    status: 'active',
    profile: 'fapi2',
    decisionId: 'decision-1',
    token_endpoint_auth_method: 'private_key_jwt',
    require_pushed_authorization_requests: true,
  })

  it('R16: shows a client with its metadata and its status, to its verifier, with an ETag', async () => {
    const response = await service.get(`/clients/${service.buyer.did}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Cache-Control')).toBe('private, no-cache')
    expect(await bodyOf(response)).toMatchObject(view())
    const etag = response.headers.get('ETag') ?? ''
    const path = `/clients/${encodeURIComponent(service.buyer.did)}`
    expect((await service.get(path, { 'If-None-Match': etag })).status).toBe(304)
  })

  it('lists them in pages', async () => {
    const first = await bodyOf(await service.get('/clients?limit=1'))
    expect(first).toMatchObject({ items: [view()], cursor: '1' })
    expect((await service.get('/clients?limit=0')).status).toBe(400)
  })

  it.each(['did:web:nobody.example', 'nobody', '%ff', 'did:web:a%2500'])(
    'R16, H9: 404 for %s, which is no client',
    async (clientId) => {
      expect((await service.get(`/clients/${clientId}`)).status).toBe(404)
    },
  )
})

describe('what this isolate decides counts at once', () => {
  const path = '/client-assertions/verify'

  it('V17: the assertion after a revocation is refused, and after its end accepted', async () => {
    expect((await service.post(path, await assertion())).status).toBe(200)
    await service.put({ ...service.client, status: 'revoked', reason: 'revoked' })
    const refused = await service.post(path, await assertion())
    await service.put(service.client)
    expect([refused.status, (await bodyOf(refused))['error']]).toEqual([400, 'invalid_client'])
    expect((await service.post(path, await assertion())).status).toBe(200)
  })

  it('V17: a revocation of another isolate counts within seconds', async () => {
    const other = await aService()
    const token = async () => ({
      client_assertion_type: JWT_BEARER,
      client_assertion: await other.buyer.sign({}, assertionClaims(other.buyer.did)),
    })
    expect((await other.post(path, await token())).status).toBe(200)
    await other.find({ ...other.client, status: 'revoked' })
    other.pass(INSTANCE_CACHE_SECONDS)
    expect((await other.post(path, await token())).status).toBe(400)
  })
})
