import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

const MAX_BODY_BYTES = 256 * 1024

let service: TestService
let issuerToken: string

const post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer> | null,
  headers: Record<string, string> = {},
) =>
  fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${service.adminToken}`,
      ...headers,
    },
    body,
  })

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}${path}`, { headers, redirect: 'manual' })

const codeOf = async (response: Response) =>
  ((await response.json()) as { readonly code?: string }).code

/** A path as it stands, which `fetch` would tidy up. */
const rawGet = (path: string) =>
  new Promise<number>((resolve, reject) => {
    const { port } = new URL(service.url)
    httpRequest({ host: 'localhost', port, path }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

/** Another port of the caller for each request: it must not count as another caller. */
const overNewConnection = (url: string, headers: Record<string, string>) =>
  new Promise<{ readonly status: number; readonly retryAfter: string | undefined }>(
    (resolve, reject) => {
      httpRequest(url, { agent: false, headers }, (response) => {
        response.resume()
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
      })
        .on('error', reject)
        .end()
    },
  )

let names = 0
const anIssuer = (more: object = {}) =>
  JSON.stringify({
    id: `i-${String(++names)}`,
    name: 'Example Registrar',
    keys: ['dev-ed25519'],
    ...more,
  })

beforeAll(async () => {
  service = await startTestService({ RATE_LIMIT: '0', LOG_LEVEL: 'debug' })
  const created = await post(
    '/admin/issuers',
    JSON.stringify({ id: 'own', name: 'Own', keys: ['dev-ed25519'] }),
  )
  issuerToken = ((await created.json()) as { readonly token: string }).token
})

afterAll(() => service.stop())

describe('bodies', () => {
  it('accepts the body that every refusal below is made from', async () => {
    expect((await post('/admin/issuers', anIssuer())).status).toBe(201)
  })

  it.each([
    { row: 'H1', when: 'it is empty', body: '', code: 'json_invalid' },
    { row: 'H1', when: 'it is malformed', body: '{"id":', code: 'json_invalid' },
    {
      row: 'J16',
      when: 'it begins with a byte order mark',
      body: `\ufeff{}`,
      code: 'utf8_invalid',
    },
    {
      row: 'J13',
      when: 'a member stands twice',
      body: '{"id":"a","id":"b"}',
      code: 'json_duplicate_key',
    },
    {
      row: 'J13',
      when: 'a member stands twice, once escaped',
      body: '{"id":"a","\\u0069d":"b"}',
      code: 'json_duplicate_key',
    },
    {
      row: 'J14',
      when: 'a member is named __proto__',
      body: '{"__proto__":{"polluted":1}}',
      code: 'json_forbidden_key',
    },
    {
      row: 'J15',
      when: 'it is nested 33 deep',
      body: '['.repeat(33) + ']'.repeat(33),
      code: 'json_too_deep',
    },
    {
      row: 'J15',
      when: 'it is nested 100,000 deep',
      body: '['.repeat(100_000),
      code: 'json_too_deep',
    },
    { row: 'J16', when: 'it has a lone surrogate', body: '{"id":"\\ud800"}', code: 'utf8_invalid' },
  ])('$row: refuses a body with 400 when $when', async ({ body, code }) => {
    const response = await post('/admin/issuers', body)
    expect(response.status).toBe(400)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await codeOf(response)).toBe(code)
  })

  it('J15: takes a body nested 32 deep for what it is', async () => {
    const response = await post('/admin/issuers', '['.repeat(32) + ']'.repeat(32))
    expect(await codeOf(response)).toBe('request_invalid')
  })

  it('J16: refuses a body that is not UTF-8', async () => {
    const response = await post('/admin/issuers', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d))
    expect([response.status, await codeOf(response)]).toEqual([400, 'utf8_invalid'])
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'multipart/form-data',
    'application/json; charset=utf-16',
  ])('H2: refuses %s with 415', async (type) => {
    const response = await post('/admin/issuers', anIssuer(), { 'Content-Type': type })
    expect([response.status, await codeOf(response)]).toEqual([415, 'media_type_not_supported'])
  })

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ])('H2, H6: takes %s', async (type) => {
    expect((await post('/admin/issuers', anIssuer(), { 'Content-Type': type })).status).toBe(201)
  })

  const sized = (bytes: number) => {
    const body = anIssuer()
    return `${body}${' '.repeat(bytes - body.length)}`
  }

  it('H3: takes a body of 256 KiB and refuses one byte more with 413', async () => {
    expect((await post('/admin/issuers', sized(MAX_BODY_BYTES))).status).toBe(201)
    const response = await post('/admin/issuers', sized(MAX_BODY_BYTES + 1))
    expect([response.status, await codeOf(response)]).toEqual([413, 'body_too_large'])
  })

  it('H3: refuses a body that is too large and comes without a length', async () => {
    const chunks = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent <= MAX_BODY_BYTES; sent += 1024)
          controller.enqueue(new Uint8Array(1024).fill(32))
        controller.close()
      },
    })
    const response = await fetch(`${service.url}/admin/issuers`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${service.adminToken}`,
      },
      body: chunks,
      duplex: 'half',
    })
    expect(response.status).toBe(413)
  })

  it('lists every fault of a body with its pointer', async () => {
    const response = await post(
      '/admin/issuers',
      JSON.stringify({ id: 'a b', keys: [], securing: 'x', nam: 1 }),
    )
    expect(response.status).toBe(400)
    const { errors } = (await response.json()) as {
      readonly errors: readonly { readonly pointer: string }[]
    }
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/id',
      '/keys',
      '/nam',
      '/name',
      '/securing',
    ])
  })
})

describe('paths', () => {
  it.each([
    '/nothing',
    '/issuers',
    '/issuers/own',
    '/admin',
    '/1.0',
    '/issuers/own/credentials/x/y',
  ])('answers 404 to the unknown path %s', async (path) => {
    const response = await get(path, { Authorization: `Bearer ${service.adminToken}` })
    expect([response.status, await codeOf(response)]).toEqual([404, 'not_found'])
  })

  it('answers 405 with Allow where the path knows other methods', async () => {
    const response = await get('/issuers/own/credentials/issue/../status')
    expect([response.status, response.headers.get('Allow')]).toEqual([404, null])
    const known = await fetch(`${service.url}/health`, { method: 'DELETE' })
    expect([known.status, known.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    const posted = await fetch(`${service.url}/issuers/own/credentials/status`, { method: 'PUT' })
    expect([posted.status, posted.headers.get('Allow')]).toEqual([405, 'GET, HEAD, POST'])
  })

  it.each([
    '/issuers/own%2F..%2Fown/did.json',
    '/issuers/%00/did.json',
    '/issuers/%ff/did.json',
    '/issuers/a%20b/did.json',
    `/issuers/${'a'.repeat(65)}/did.json`,
    '/issuers/own%2Fdid.json',
    '//issuers/own/did.json',
    '/issuers//did.json',
  ])('H4: answers 404 to %s', async (path) => {
    expect(await rawGet(path)).toBe(404)
  })

  it('H4: answers the plain path beside them', async () => {
    expect(await rawGet('/issuers/own/did.json')).toBe(200)
  })

  it('D17: answers 414 to a target that is too long', async () => {
    expect(await rawGet(`/issuers/${'a'.repeat(10_000)}/did.json`)).toBe(414)
    expect(await rawGet(`/issuers/${'a'.repeat(100_000)}/did.json`)).toBe(414)
  })
})

describe('who asks', () => {
  const admin = (authorization: string | undefined) =>
    get('/admin/issuers', authorization === undefined ? {} : { Authorization: authorization })

  it('accepts the admin token, with the scheme in any case', async () => {
    expect((await admin(`Bearer ${service.adminToken}`)).status).toBe(200)
    expect((await admin(`bearer ${service.adminToken}`)).status).toBe(200)
  })

  it.each([
    { row: 'H7', when: 'the scheme is Basic', make: (token: string) => `Basic ${token}` },
    { row: 'H7', when: 'the scheme is Token', make: (token: string) => `Token ${token}` },
    { row: 'H7', when: 'there is no scheme', make: (token: string) => token },
    {
      row: 'H8',
      when: 'the last character is missing',
      make: (token: string) => `Bearer ${token.slice(0, -1)}`,
    },
    { row: 'H8', when: 'there is one character more', make: (token: string) => `Bearer ${token}a` },
    { row: 'H8', when: 'it is empty', make: () => 'Bearer ' },
    {
      row: 'H8',
      when: 'there are two tokens',
      make: (token: string) => `Bearer ${token} ${token}`,
    },
  ])('$row: answers 401 when $when', async ({ make }) => {
    const response = await admin(make(service.adminToken))
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer /)
  })

  it('answers 401 without a token', async () => {
    expect([(await admin(undefined)).status]).toEqual([401])
  })

  it('H8: takes no token from the query', async () => {
    expect((await get(`/admin/issuers?access_token=${service.adminToken}`)).status).toBe(401)
  })

  it('lets a token do what it is for and nothing else', async () => {
    expect(
      (await get('/issuers/own/credentials', { Authorization: `Bearer ${issuerToken}` })).status,
    ).toBe(200)
    expect((await admin(`Bearer ${issuerToken}`)).status).toBe(401)
    const asAdmin = await get('/issuers/own/credentials', {
      Authorization: `Bearer ${service.adminToken}`,
    })
    expect(asAdmin.status).toBe(401)
  })

  it('H9: answers another instance’s token like an unknown name, byte for byte', async () => {
    await post(
      '/admin/issuers',
      JSON.stringify({ id: 'other', name: 'Other', keys: ['dev-ed25519'] }),
    )
    const headers = { Authorization: `Bearer ${issuerToken}` }
    const bodies = await Promise.all(
      ['/issuers/other/credentials', '/issuers/nobody/credentials'].map(async (path) => {
        const response = await get(path, headers)
        const { requestId, ...body } = (await response.json()) as Readonly<Record<string, unknown>>
        return { status: response.status, named: typeof requestId, body }
      }),
    )
    expect(bodies[0]).toEqual(bodies[1])
    expect(bodies[0]?.status).toBe(404)
  })

  it('H9: keeps issuer and verifier of one name apart', async () => {
    await post(
      '/admin/verifiers',
      JSON.stringify({ id: 'own', name: 'Own', audience: 'https://as.example.com' }),
    )
    const response = await get('/verifiers/own/policy', { Authorization: `Bearer ${issuerToken}` })
    expect(response.status).toBe(404)
  })

  it('H10: takes the instance from path and token, whatever the body says', async () => {
    const response = await post(
      '/issuers/own/credentials/issue',
      JSON.stringify({ credential: {}, issuer: 'other' }),
      { Authorization: `Bearer ${issuerToken}`, 'X-Issuer': 'other' },
    )
    expect([response.status, await codeOf(response)]).toEqual([400, 'request_invalid'])
  })

  it('ends the old token when a new one is made', async () => {
    const created = (await (await post('/admin/issuers', anIssuer({ id: 'rotated' }))).json()) as {
      token: string
    }
    const replaced = (await (await post('/admin/issuers/rotated/token', null)).json()) as {
      token: string
    }
    const status = async (token: string) =>
      (await get('/issuers/rotated/credentials', { Authorization: `Bearer ${token}` })).status
    expect(await status(created.token)).toBe(401)
    expect(await status(replaced.token)).toBe(200)
  })
})

describe('Idempotency-Key', () => {
  it('H13: shows the token of an instance once', async () => {
    const body = anIssuer()
    const headers = { 'Idempotency-Key': 'create-1' }
    expect((await post('/admin/issuers', body, headers)).status).toBe(201)
    const again = await post('/admin/issuers', body, headers)
    expect([again.status, await codeOf(again)]).toEqual([409, 'token_already_shown'])
    const other = await post('/admin/issuers', anIssuer(), headers)
    expect([other.status, await codeOf(other)]).toEqual([422, 'idempotency_key_reused'])
    const plain = await post('/admin/issuers', body)
    expect([plain.status, await codeOf(plain)]).toEqual([409, 'instance_exists'])
  })

  it('H13: answers the same bytes again when a credential is issued', async () => {
    const credential = {
      type: ['VerifiableCredential', 'ExampleCredential'],
      credentialSubject: { id: 'did:web:buyer.example.com' },
    }
    const issue = (subject: object) =>
      post(
        '/issuers/own/credentials/issue',
        JSON.stringify({ credential: { ...credential, ...subject } }),
        {
          Authorization: `Bearer ${issuerToken}`,
          'Idempotency-Key': 'issue-1',
        },
      )
    const answers = await Promise.all(Array.from({ length: 16 }, () => issue({})))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(texts).size).toBe(1)
    expect(answers.every(({ status }) => status === 201)).toBe(true)
    expect((await issue({ name: 'another' })).status).toBe(422)
  })

  it('refuses a key that is no key', async () => {
    const response = await post('/admin/issuers', anIssuer(), {
      'Idempotency-Key': 'a'.repeat(256),
    })
    expect([response.status, await codeOf(response)]).toEqual([400, 'idempotency_key_invalid'])
  })
})

describe('public endpoints', () => {
  it('H5: answer preflights with a fixed list and no credentials', async () => {
    const response = await fetch(`${service.url}/issuers/own/did.json`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://page.example',
        'Access-Control-Request-Method': 'DELETE',
        'Access-Control-Request-Headers': `X-Anything, ${'a'.repeat(4_000)}`,
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(response.headers.get('Access-Control-Allow-Headers')).toBe('Accept,If-None-Match')
    expect(response.headers.get('Access-Control-Allow-Methods')).toBe('GET,HEAD')
    expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
  })

  it('H5: nothing else answers them', async () => {
    for (const path of [
      '/verifiers/own/policy',
      '/issuers/own/credentials',
      '/verifiers/own/challenges',
      '/issuers/own/credentials/issue',
      '/issuers/own/credentials/status',
    ]) {
      const response = await fetch(`${service.url}${path}`, {
        method: 'OPTIONS',
        headers: { Origin: 'null' },
      })
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
      expect(response.status).toBe(405)
      expect(response.headers.get('Allow')).not.toContain('OPTIONS')
    }
    const beside = await fetch(`${service.url}/issuers/own/credentials/any`, { method: 'OPTIONS' })
    expect(beside.status).toBe(204)
  })

  it('H5, S17: show a credential to its owner alone, and neither to other pages nor to shared caches', async () => {
    const credential = { type: ['VerifiableCredential'], credentialSubject: { note: 'Example' } }
    const issued = await post('/issuers/own/credentials/issue', JSON.stringify({ credential }), {
      Authorization: `Bearer ${issuerToken}`,
    })
    const path = new URL(issued.headers.get('Location') ?? '').pathname
    const open = await get(path)
    expect(open.headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(open.headers.get('Vary')).toBe('Authorization')
    const own = await get(path, { Authorization: `Bearer ${issuerToken}` })
    expect(own.headers.get('Content-Type')).toBe('application/vc+jwt')
    expect(own.headers.get('Access-Control-Allow-Origin')).toBeNull()
    expect(own.headers.get('Cache-Control')).toBe('private, no-cache')
  })

  it('answer 304 to whom has it already', async () => {
    const first = await get('/issuers/own/did.json')
    const etag = first.headers.get('ETag') ?? ''
    expect((await get('/issuers/own/did.json', { 'If-None-Match': etag })).status).toBe(304)
    expect((await get('/issuers/own/did.json', { 'If-None-Match': '"other"' })).status).toBe(200)
  })

  it('H11, H12: count a caller by its address, whatever headers it sends', async () => {
    const limited = await startTestService({ RATE_LIMIT: '3' })
    try {
      const statuses: number[] = []
      for (let at = 0; at < 8; at++) {
        const { status, retryAfter } = await overNewConnection(
          `${limited.url}/issuers/nobody/did.json`,
          {
            'X-Forwarded-For': `10.0.0.${String(at)}`,
            'CF-Connecting-IP': `10.0.1.${String(at)}`,
          },
        )
        statuses.push(status)
        if (status === 429) expect(Number(retryAfter)).toBeGreaterThan(0)
      }
      // The minute may turn once while this runs, so that up to six may pass.
      expect(statuses.at(0)).toBe(404)
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2)
      const health = await fetch(`${limited.url}/admin/issuers`, {
        headers: { Authorization: `Bearer ${limited.adminToken}` },
      })
      expect(health.status).toBe(200)
    } finally {
      await limited.stop()
    }
  })
})

describe('what is written down', () => {
  it('H18: no token, credential or key is in the log', async () => {
    const credential = {
      type: ['VerifiableCredential', 'ExampleCredential'],
      credentialSubject: { id: 'did:web:secret-holder.example.com', secret: 'never-to-be-logged' },
    }
    const issued = await post('/issuers/own/credentials/issue', JSON.stringify({ credential }), {
      Authorization: `Bearer ${issuerToken}`,
    })
    const { verifiableCredential } = (await issued.json()) as {
      verifiableCredential: { id: string }
    }
    const signature = verifiableCredential.id.split('.').at(-1) ?? ''
    const log = service.output()
    expect(log).toContain('"event":"credentialIssued"')
    for (const secret of [
      service.adminToken,
      issuerToken.split('.').at(-1) ?? '',
      signature,
      'never-to-be-logged',
      '"d":',
    ]) {
      expect(log).not.toContain(secret)
    }
  })

  it('H1: never answered 500 in all of the above', () => {
    expect(service.output()).not.toContain('"status":500')
    expect(service.output()).toContain('"status":400')
  })
})

describe('configuration', () => {
  it.each([
    { variable: 'ADMIN_TOKEN', value: '' },
    { variable: 'ADMIN_TOKEN', value: 'with spaces' },
    { variable: 'PUBLIC_URL', value: 'https://192.0.2.1' },
    { variable: 'PUBLIC_URL', value: 'http://trust.example' },
    { variable: 'PUBLIC_URL', value: 'https://trust.example/path' },
    { variable: 'SIGNING_KEYS', value: '' },
    { variable: 'SIGNING_KEYS', value: '{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]}' },
    { variable: 'RATE_LIMIT', value: 'many' },
    { variable: 'LOG_LEVEL', value: 'loud' },
    { variable: 'CLIENT_IP_HEADER', value: 'not a header' },
  ])(
    'ends the start with the name of $variable when it is "$value"',
    async ({ variable, value }) => {
      await expect(startTestService({ [variable]: value })).rejects.toThrow(new RegExp(variable))
    },
  )
})
