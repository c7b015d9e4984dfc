import { describe, expect, it } from 'vitest'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { DID, KEY_1, method, NOW, source } from '../support/did-documents.ts'
import { didKeyOfBytes } from '../support/did-keys.ts'
import type { HostAnswer } from '../support/fake-fetch.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { PUBLIC_URL, resolutionApp, textOf } from '../support/resolution-app.ts'

const HOST = 'https://client.example/.well-known/did.json'
const app = (answer: HostAnswer = { json: source() }) => resolutionApp({ [HOST]: answer })
const KEY_DID = didKeyOf(PUBLIC_KEYS.Ed25519)
const ED25519_KEY = { ...PUBLIC_KEYS.Ed25519, kid: KEY_1, use: 'sig' }

describe('GET /clients/{client_id} (W128 R3, R16–R19)', () => {
  it('shows a DID as the registration of a client', async () => {
    const response = await app().get(`/clients/${DID}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=60')
    expect(await response.json()).toEqual({
      client_id: DID,
      client_name: DID,
      jwks: { keys: [ED25519_KEY] },
      redirect_uris: ['https://client.example/callback'],
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['authorization_code', 'client_credentials'],
      response_types: ['code'],
      lso: {
        can_redirect: true,
        why: expect.stringContaining('R19') as unknown,
        services: [
          {
            id: `${DID}#login`,
            type: ['OAuthRedirect'],
            redirect_uris: ['https://client.example/callback'],
          },
        ],
        resolved_at: '2026-11-22T00:00:00Z',
        document_digest: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
      },
    })
  })

  it.each([KEY_DID, encodeURIComponent(KEY_DID)])(
    'R19: answers %s with no redirect URI and says why',
    async (clientId) => {
      const response = await app().get(`/clients/${clientId}`)
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({
        client_id: KEY_DID,
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
        lso: { can_redirect: false, why: expect.stringContaining('R19') as unknown, services: [] },
      })
    },
  )

  it('RFC 9864: names the algorithm of a client that has one, unless it has two names', async () => {
    const publicKeyJwk = PUBLIC_KEYS['P-256']
    const answer = { json: source({ verificationMethod: [method({ publicKeyJwk })] }) }
    const asked = async (of?: HostAnswer) =>
      (await app(of).get(`/clients/${DID}`)).json<Record<string, unknown>>()
    expect(await asked(answer)).toMatchObject({
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...publicKeyJwk, kid: KEY_1, alg: 'ES256', use: 'sig' }] },
    })
    expect(await asked()).not.toHaveProperty('token_endpoint_auth_signing_alg')
  })

  it('leaves out the one algorithm where a client has keys of several', async () => {
    const answer = {
      json: source({
        verificationMethod: [
          method(),
          method({ id: '#key-2', publicKeyJwk: { ...PUBLIC_KEYS['P-256'], kid: 'x', x5c: [] } }),
        ],
        authentication: [KEY_1, '#key-2'],
      }),
    }
    const client = await (await app(answer).get(`/clients/${DID}`)).json<Record<string, unknown>>()
    expect(client).not.toHaveProperty('token_endpoint_auth_signing_alg')
    expect(client['jwks']).toEqual({
      keys: [
        ED25519_KEY,
        { ...PUBLIC_KEYS['P-256'], kid: `${DID}#key-2`, alg: 'ES256', use: 'sig' },
      ],
    })
  })

  it('K2: shows no key that is listed for assertion alone', async () => {
    const answer = { json: source({ authentication: [] }) }
    expect(await (await app(answer).get(`/clients/${DID}/jwks`)).json()).toEqual({ keys: [] })
  })

  it.each([
    { name: DID, spelling: encodeURIComponent(DID) },
    { name: DID, spelling: 'did%3aweb%3aclient.example' },
  ])('finds the client in the path $spelling', async ({ name, spelling }) => {
    const { get } = app()
    for (const rest of ['', '/jwks']) {
      const response = await get(`/clients/${spelling}${rest}`)
      expect(response.status).toBe(200)
      expect(await textOf(response)).toContain(name)
    }
  })

  it('costs no hash, no JSON and no fetch while the document is in memory', async () => {
    const { get, digest, fetch, clock } = app()
    const first = await textOf(await get(`/clients/${DID}`))
    digest.sha256 = () => {
      throw new Error('hashed again')
    }
    clock.pass(120)
    expect(await textOf(await get(`/clients/${DID}`))).toBe(first)
    expect((await get(`/clients/${DID}/jwks`)).status).toBe(200)
    expect(fetch.requests).toHaveLength(1)
  })

  it('D22: takes a key out of the answer in the second in which it ends', async () => {
    const ends = method({ expires: dateTimeStamp(later(NOW, 10)) })
    const { get, clock } = app({ json: source({ verificationMethod: [ends] }) })
    const jwks = async () => (await get(`/clients/${DID}/jwks`)).json<{ keys: unknown[] }>()
    expect((await jwks()).keys).toHaveLength(1)
    const { headers } = await get(`/clients/${DID}`)
    clock.pass(9)
    expect((await jwks()).keys).toHaveLength(1)
    clock.pass(1)
    expect((await jwks()).keys).toHaveLength(0)
    expect(headers.get('Cache-Control')).toBe('public, max-age=10')
    const known = { 'If-None-Match': headers.get('ETag') ?? '' }
    expect((await get(`/clients/${DID}`, known)).status).toBe(200)
  })

  it.each([
    { left: 61, cache: 'public, max-age=60' },
    { left: 60, cache: 'public, max-age=60' },
    { left: 59, cache: 'public, max-age=59' },
    { left: 5, cache: 'public, max-age=5' },
    { left: 3, cache: 'public, no-cache' },
  ])('D22: lets nobody keep a key that ends in $left s for longer', async ({ left, cache }) => {
    const ends = method({ revoked: dateTimeStamp(later(NOW, left)) })
    const { get } = app({ json: source({ verificationMethod: [ends] }) })
    for (const path of [`/clients/${DID}`, `/clients/${DID}/jwks`])
      expect((await get(path)).headers.get('Cache-Control')).toBe(cache)
  })

  it('answers 304 to who has the same, also after the document was resolved anew', async () => {
    const { get, clock } = app()
    for (const path of [`/clients/${DID}`, `/clients/${DID}/jwks`]) {
      const etag = (await get(path)).headers.get('ETag') ?? ''
      clock.pass(400)
      const again = await get(path, { 'If-None-Match': etag })
      expect({ status: again.status, etag: again.headers.get('ETag') }).toEqual({
        status: 304,
        etag,
      })
    }
  })

  it('V16: changes its tag when the redirect URIs change', async () => {
    const { get, fetch, clock } = app()
    const etag = (await get(`/clients/${DID}`)).headers.get('ETag') ?? ''
    fetch.answers.set(HOST, { json: source({ service: [] }) })
    clock.pass(300)
    const after = await get(`/clients/${DID}`, { 'If-None-Match': etag })
    expect(after.status).toBe(200)
    expect(await after.json()).toMatchObject({ redirect_uris: [], lso: { can_redirect: false } })
  })
})

describe('GET /clients/{client_id}/jwks', () => {
  it('is a JWK Set of public keys with kid and alg', async () => {
    const response = await app().get(`/clients/${DID}/jwks`)
    expect(response.headers.get('Content-Type')).toBe('application/jwk-set+json')
    expect(await response.json()).toEqual({ keys: [ED25519_KEY] })
  })

  it('K5: has no private member, whatever the document holds', async () => {
    const leaked = method({ publicKeyJwk: { ...PUBLIC_KEYS.Ed25519, d: 'c2VjcmV0' } })
    const { get } = app({ json: source({ verificationMethod: [leaked] }) })
    for (const path of [`/clients/${DID}`, `/clients/${DID}/jwks`]) {
      const response = await get(path)
      expect(response.status).toBe(502)
      expect(await textOf(response)).not.toContain('c2VjcmV0')
    }
  })
})

describe('GET /clients: what there is nothing to say about', () => {
  const W3C = 'https://www.w3.org/ns/did#'
  it.each<{ clientId: string; status: number; code: string; type: string }>([
    { clientId: 'client-1', status: 400, code: 'did_invalid', type: `${W3C}INVALID_DID` },
    { clientId: 'did%3Aweb%3A%zz', status: 400, code: 'did_invalid', type: `${W3C}INVALID_DID` },
    {
      clientId: encodeURIComponent(`${DID}#key-1`),
      status: 400,
      code: 'did_invalid',
      type: `${W3C}INVALID_DID`,
    },
    {
      clientId: 'did:web:localhost',
      status: 400,
      code: 'destination_not_allowed',
      type: `${W3C}INVALID_DID`,
    },
    {
      clientId: 'did:web:gone.example',
      status: 404,
      code: 'did_not_found',
      type: `${W3C}NOT_FOUND`,
    },
    {
      clientId: 'did:ethr:0x1',
      status: 501,
      code: 'did_method_not_supported',
      type: `${W3C}METHOD_NOT_SUPPORTED`,
    },
    {
      clientId: didKeyOfBytes([0xeb, 0x01], [1, 2]),
      status: 501,
      code: 'key_type_not_supported',
      type: `${W3C}FEATURE_NOT_SUPPORTED`,
    },
  ])('D1, D2, D8, D16: answers $clientId with $code', async ({ clientId, ...problem }) => {
    for (const rest of ['', '/jwks']) {
      const response = await app().get(`/clients/${clientId}${rest}`)
      expect(response.status).toBe(problem.status)
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ ...problem, requestId: 'request-1' })
    }
  })

  it.each<{ answer: HostAnswer; status: number; code: string }>([
    { answer: { refusal: 'host_failed' }, status: 502, code: 'did_host_failed' },
    { answer: { refusal: 'redirect_not_followed' }, status: 502, code: 'redirect_not_followed' },
    { answer: { refusal: 'host_timeout' }, status: 504, code: 'did_host_timeout' },
    { answer: { refusal: 'fetch_budget_spent' }, status: 429, code: 'rate_limited' },
    { answer: { json: [] }, status: 502, code: 'did_document_invalid' },
    { answer: { json: source({ deactivated: true }) }, status: 410, code: 'did_deactivated' },
  ])('D22, D26: answers $status $code when the host says $answer', async (row) => {
    const response = await app(row.answer).get(`/clients/${DID}`)
    expect(response.status).toBe(row.status)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Retry-After')).toBe(row.status === 429 ? '60' : null)
    expect(await response.json()).toMatchObject({
      code: row.code,
      status: row.status,
      type: expect.stringMatching(
        /^https:\/\/(www\.w3\.org\/ns\/did#|trust\.example\/docs#)/,
      ) as unknown,
      title: expect.any(String) as unknown,
      detail: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
      requestId: 'request-1',
    })
  })

  it('names our own problems by a URL of ours', async () => {
    const typeOf = async (answer: HostAnswer) =>
      (await (await app(answer).get(`/clients/${DID}`)).json<{ type: string }>()).type
    expect(await typeOf({ refusal: 'host_timeout' })).toBe(
      `${PUBLIC_URL}/docs#problem-did_host_timeout`,
    )
    expect(await typeOf({ json: source({ deactivated: true }) })).toBe(
      `${PUBLIC_URL}/docs#problem-did_deactivated`,
    )
  })
})
