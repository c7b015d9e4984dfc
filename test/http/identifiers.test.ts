import { describe, expect, it } from 'vitest'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { DID, KEY_1, method, source } from '../support/did-documents.ts'
import { didKeyOfBytes } from '../support/did-keys.ts'
import type { HostAnswer } from '../support/fake-fetch.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { PUBLIC_URL, resolutionApp, textOf } from '../support/resolution-app.ts'

const HOST = 'https://client.example/.well-known/did.json'
const WITH_PORT = 'did:web:client.example%3A443'
const RESULT = 'application/did-resolution'
const DEREFERENCING = 'application/did-url-dereferencing'
const W3C = 'https://www.w3.org/ns/did#'

const DOCUMENT = source({
  verificationMethod: [method({ id: '#key-1' })],
  service: [
    { id: '#files', type: 'Files', serviceEndpoint: 'https://client.example/files' },
    { id: '#page', type: 'Page', serviceEndpoint: ['https://client.example/page'] },
  ],
})
const app = (answer: HostAnswer = { json: DOCUMENT }) => resolutionApp({ [HOST]: answer })
const path = (identifier: string) => `/1.0/identifiers/${identifier}`

interface Result {
  readonly didDocument: { readonly id: string } | null
  readonly didResolutionMetadata: {
    readonly contentType: string
    readonly error?: { readonly type: string; readonly code: string; readonly status: number }
  }
  readonly didDocumentMetadata: object
}

async function resolve(
  identifier: string,
  { accept, answer }: { accept?: string; answer?: HostAnswer } = {},
) {
  const response = await app(answer).get(path(identifier), accept ? { Accept: accept } : {})
  const result = await response.json<Result>()
  return { status: response.status, type: response.headers.get('Content-Type'), result, response }
}

async function expectError(identifier: string, status: number, name: string, code: string) {
  const found = await resolve(identifier)
  expect(found.status).toBe(status)
  expect(found.type).toBe(RESULT)
  expect(found.response.headers.get('Cache-Control')).toBe('no-store')
  expect(found.result.didDocument).toBeNull()
  expect(found.result.didDocumentMetadata).toEqual({})
  expect(found.result.didResolutionMetadata).toMatchObject({
    contentType: RESULT,
    error: { type: `${W3C}${name}`, status, code, requestId: 'request-1' },
  })
}

describe('GET /1.0/identifiers/{did} (DID Resolution §12.1)', () => {
  it('answers with the result that every refusal below is made from', async () => {
    const { status, type, result } = await resolve(DID, { accept: RESULT })
    expect({ status, type }).toEqual({ status: 200, type: RESULT })
    expect(result).toEqual({
      didDocument: DOCUMENT,
      didResolutionMetadata: {
        contentType: RESULT,
        retrieved: '2026-11-22T00:00:00Z',
        age: 0,
        documentDigest: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
      },
      didDocumentMetadata: {},
    })
  })

  it('says how old a document from memory is', async () => {
    const { get, clock } = app()
    await get(path(DID))
    clock.pass(90)
    const { didResolutionMetadata } = await (await get(path(DID))).json<Result>()
    expect(didResolutionMetadata).toMatchObject({ retrieved: '2026-11-22T00:00:00Z', age: 90 })
  })

  it.each([undefined, '', '*/*', RESULT, 'text/html, */*;q=0.1', 'application/*'])(
    'answers Accept: %s with the whole result',
    async (accept) => {
      const { status, type } = await resolve(DID, accept === undefined ? {} : { accept })
      expect({ status, type }).toEqual({ status: 200, type: RESULT })
    },
  )

  it.each(['application/did', 'application/did+json', 'application/did+ld+json'])(
    'answers Accept: %s with the document alone',
    async (accept) => {
      const { status, type, result } = await resolve(DID, { accept })
      expect({ status, type, result }).toEqual({ status: 200, type: accept, result: DOCUMENT })
    },
  )

  it('chooses among several by quality', async () => {
    const accept = 'application/did-resolution;q=0.5, application/did+json, text/html;q=0.9'
    expect((await resolve(DID, { accept })).type).toBe('application/did+json')
  })

  it.each(['text/html', 'application/xml', 'application/did;q=0', 'image/*', 'nonsense'])(
    'answers Accept: %s with 406',
    async (accept) => {
      const { status, result } = await resolve(DID, { accept })
      expect(status).toBe(406)
      expect(result.didResolutionMetadata.error?.type).toBe(`${W3C}REPRESENTATION_NOT_SUPPORTED`)
    },
  )

  it.each([
    { spelling: 'did%3Aweb%3Aclient.example%253A443' },
    { spelling: 'did:web:client.example%253A443' },
    { spelling: 'did:web:client.example%3A443' },
    { spelling: 'did%3aweb%3aclient.example%253A443' },
  ])('names the DID with the port in the path $spelling', async ({ spelling }) => {
    const url = 'https://client.example:443/.well-known/did.json'
    const { get } = resolutionApp({ [url]: { json: source({ id: WITH_PORT }) } })
    const result = await (await get(path(spelling))).json<Result>()
    expect(result.didDocument?.id).toBe(WITH_PORT)
  })

  it.each([
    '',
    'not-a-did',
    'did:web',
    'did:example',
    'did:web:',
    'DID:web:client.example',
    '%20did:web:client.example',
    'did%3Aweb%3A%zz',
    'did%3Aweb%3A%FF',
    'did:web:client.example/path',
    'did%3Aweb%3Aclient.example%23key-1%23',
    'did:web:trusted.example%23a',
  ])('D3: answers the path "%s" with INVALID_DID', async (identifier) => {
    const { status, result } = await resolve(identifier, { accept: RESULT })
    expect(status).toBe(400)
    expect(result.didResolutionMetadata.error?.type).toBe(`${W3C}INVALID_DID`)
  })

  it.each([
    'did:web:x%ff',
    'did:web:x%00',
    'did:web:x%0d%0a',
    'did:web:trusted.example%40evil.example',
    'did:web:trusted.example%2Fuploads%2Fme.json%3F',
    'did:web:h.example:..:..:x',
    'did:web:h.example:%2e%2e:x',
    'did:web:ex%C3%A4mple.com',
    'did:web:exämple.com',
    'did:key:z6Mk',
  ])('D3, D4, D5, D6, D14, D15: answers %s with INVALID_DID', async (did) => {
    await expectError(did, 400, 'INVALID_DID', 'did_invalid')
  })

  it.each(['did:web:localhost', 'did:web:127.0.0.1', 'did:web:2130706433', 'did:web:a%3A8443'])(
    'D7, D8: answers %s with INVALID_DID, and asks nobody',
    async (did) => {
      await expectError(did, 400, 'INVALID_DID', 'destination_not_allowed')
    },
  )

  it('D17: answers a DID of 60 kB with INVALID_DID', async () => {
    await expectError(`did:key:z${'6'.repeat(60_000)}`, 400, 'INVALID_DID', 'did_invalid')
  })

  it.each(['did:constructor:x', 'did:__proto__:x', 'did:hasownproperty:x', 'did:ethr:0x1'])(
    'D1: answers %s without a 500',
    async (did) => {
      const { status, result } = await resolve(did)
      const valid = !did.includes('__proto__')
      expect(status).toBe(valid ? 501 : 400)
      expect(result.didResolutionMetadata.error?.type).toBe(
        `${W3C}${valid ? 'METHOD_NOT_SUPPORTED' : 'INVALID_DID'}`,
      )
    },
  )

  it('D16: answers a BLS key with FEATURE_NOT_SUPPORTED', async () => {
    const did = didKeyOfBytes([0xeb, 0x01], Array<number>(96).fill(1))
    await expectError(did, 501, 'FEATURE_NOT_SUPPORTED', 'key_type_not_supported')
  })

  it.each<{ answer: HostAnswer; status: number; type: string }>([
    { answer: { refusal: 'not_found' }, status: 404, type: `${W3C}NOT_FOUND` },
    { answer: { json: [] }, status: 500, type: `${W3C}INVALID_DID_DOCUMENT` },
    { answer: { json: { id: 'did:web:x' } }, status: 500, type: `${W3C}INVALID_DID_DOCUMENT` },
    {
      answer: { refusal: 'media_type_not_accepted' },
      status: 500,
      type: `${W3C}INVALID_DID_DOCUMENT`,
    },
    {
      answer: { refusal: 'host_failed' },
      status: 502,
      type: `${PUBLIC_URL}/docs#problem-did_host_failed`,
    },
    {
      answer: { refusal: 'redirect_not_followed' },
      status: 502,
      type: `${PUBLIC_URL}/docs#problem-redirect_not_followed`,
    },
    {
      answer: { refusal: 'host_timeout' },
      status: 504,
      type: `${PUBLIC_URL}/docs#problem-did_host_timeout`,
    },
    {
      answer: { refusal: 'fetch_budget_spent' },
      status: 429,
      type: `${PUBLIC_URL}/docs#problem-rate_limited`,
    },
  ])('D10–D13, D26: answers $status when the host says $answer', async (row) => {
    const { status, result } = await resolve(DID, { answer: row.answer })
    expect(status).toBe(row.status)
    expect(result.didDocument).toBeNull()
    expect(result.didResolutionMetadata.error?.type).toBe(row.type)
  })

  it('D13: never returns the document that was refused', async () => {
    const { response } = await resolve(DID, { answer: { json: source({ id: 'did:web:x' }) } })
    expect(response.status).toBe(500)
    const again = await resolve(DID, { answer: { json: source({ id: 'did:web:x' }) } })
    expect(JSON.stringify(again.result)).not.toContain('verificationMethod')
  })

  it('D22: answers a deactivated DID with 410, without document and without error', async () => {
    const { status, result } = await resolve(DID, {
      answer: { json: source({ deactivated: true }) },
    })
    expect(status).toBe(410)
    expect(result).toEqual({
      didDocument: null,
      didResolutionMetadata: { contentType: RESULT },
      didDocumentMetadata: { deactivated: true },
    })
  })

  it('K5: never hands on a private key that somebody published', async () => {
    const leaked = method({ publicKeyJwk: { ...PUBLIC_KEYS.Ed25519, d: 'c2VjcmV0' } })
    const answer: HostAnswer = { json: source({ verificationMethod: [leaked] }) }
    for (const accept of [RESULT, 'application/did', DEREFERENCING, 'application/json']) {
      const response = await app(answer).get(path(DID), { Accept: accept })
      expect(response.status).toBe(500)
      expect(await textOf(response)).not.toContain('c2VjcmV0')
    }
  })

  it('D25: keeps one copy for all queries of a DID', async () => {
    const { get, fetch } = app()
    for (const query of ['', '?a=1', '?a=2', '?expandRelativeUrls=true', '?noCache=false'])
      expect((await get(path(DID) + query)).status).toBe(200)
    expect(fetch.requests).toHaveLength(1)
  })

  it('D12: answers a document without @context as JSON-LD with 406, and as anything else', async () => {
    for (const context of [{}, { '@context': null }, { '@context': [] }]) {
      const { '@context': _, ...rest } = DOCUMENT
      const get = (accept: string) =>
        resolve(DID, { accept, answer: { json: { ...rest, ...context } } })
      const refused = await get('application/did+ld+json')
      expect(refused.status).toBe(406)
      expect(refused.result.didResolutionMetadata.error?.type).toBe(
        `${W3C}REPRESENTATION_NOT_SUPPORTED`,
      )
      for (const accept of [RESULT, 'application/did', 'application/did+json'])
        expect((await get(accept)).status).toBe(200)
    }
  })

  it('D26: says in words what is wrong, whatever it is', async () => {
    for (const refusal of ['not_found', 'host_failed', 'redirect_not_followed'] as const) {
      const { result } = await resolve(DID, { answer: { refusal } })
      expect(result.didResolutionMetadata.error).toMatchObject({
        title: expect.any(String) as unknown,
        detail: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
      })
    }
  })

  it('answers 304 to who has the document, however it is weighed', async () => {
    const { get } = app()
    for (const accept of [RESULT, 'application/did']) {
      const first = await get(path(DID), { Accept: accept })
      const etag = first.headers.get('ETag') ?? ''
      expect(first.headers.get('Cache-Control')).toBe('public, max-age=60')
      expect(first.headers.get('Vary')).toBe('Accept')
      for (const known of [etag, `"other", ${etag}`, '*', etag.replace('W/', '')]) {
        const second = await get(path(DID), { Accept: accept, 'If-None-Match': known })
        expect({ status: second.status, body: await textOf(second) }).toEqual({
          status: 304,
          body: '',
        })
        expect(second.headers.get('ETag')).toBe(etag)
      }
      const other = await get(path(DID), { Accept: accept, 'If-None-Match': '"other"' })
      expect(other.status).toBe(200)
    }
  })

  it('gives each representation a tag of its own', async () => {
    const { get } = app()
    const tags = await Promise.all(
      [RESULT, 'application/did', 'application/did+json', DEREFERENCING, 'application/json'].map(
        async (accept) => (await get(path(DID), { Accept: accept })).headers.get('ETag'),
      ),
    )
    expect(new Set(tags).size).toBe(tags.length)
  })
})

describe('GET /1.0/identifiers/{did}: options (DID Resolution §4.1)', () => {
  const KEY_DID = didKeyOf(PUBLIC_KEYS['P-256'])
  const statusOf = async (identifier: string) => (await app().get(path(identifier))).status

  it.each([
    'versionId=%D0%9F',
    'versionTime=2025-10-07',
    'versionTime=2025-10-07%2012:30:45',
    'versionTime=2025-10-07T12:30:45',
    'versionTime=2025-10-07T12:30:45.123Z',
    'versionTime=2025-10-07T12:30:45%2B02:00',
    'versionTime=2025-13-07T12:30:45Z',
    'versionTime=2025-10-07T12:30:60Z',
    'versionTime=',
    'noCache=1',
    'expandRelativeUrls=yes',
    'noCache=true&noCache=true',
    'service=%E3%81%93',
    'hl=%F0%9F%94%A5',
    'version%54ime=2025-10-07',
    'noCache=true&%6eoCache=true',
    '%ff=a',
    'service=files',
    '%73ervice=files',
    'serviceType=Files',
    'relativeRef=a',
    'accept=%D0%9F',
    'a=%zz',
  ])('answers ?%s with INVALID_OPTIONS', async (query) => {
    const { status, result } = await resolve(`${KEY_DID}?${query}`, { accept: RESULT })
    expect(status).toBe(400)
    expect(result.didResolutionMetadata.error?.type).toBe(`${W3C}INVALID_OPTIONS`)
  })

  it.each([
    { did: DID, query: 'versionId=1' },
    { did: DID, query: 'versionTime=2025-10-07T12:30:45Z' },
    { did: KEY_DID, query: 'versionId=1' },
    { did: KEY_DID, query: 'hl=zQm' },
    { did: DID, query: 'verificationRelationship=authentication' },
    { did: DID, query: 'version%49d=1' },
    { did: DID, query: '%76ersionTime=2025-10-07T12:30:45Z' },
    { did: DID, query: '%68l=zQm' },
  ])('answers $query of $did with FEATURE_NOT_SUPPORTED', async ({ did, query }) => {
    const { status, result } = await resolve(`${did}?${query}`)
    expect(status).toBe(501)
    expect(result.didResolutionMetadata.error).toMatchObject({
      type: `${W3C}FEATURE_NOT_SUPPORTED`,
      code: 'feature_not_supported',
    })
  })

  it('answers a time with the document where the document never changes', async () => {
    expect(await statusOf(`${KEY_DID}?versionTime=2025-10-07T12:30:45Z`)).toBe(200)
  })

  it('names the method before the option, when neither is supported', async () => {
    await expectError(
      'did:ethr:0x1?versionId=1',
      501,
      'METHOD_NOT_SUPPORTED',
      'did_method_not_supported',
    )
  })

  it('writes relative DID URLs out when asked to', async () => {
    const expanded = await resolve(`${DID}?expandRelativeUrls=true`)
    expect(JSON.stringify(expanded.result.didDocument)).toContain(`"id":"${KEY_1}"`)
    const plain = await resolve(`${DID}?expandRelativeUrls=false`)
    expect(plain.result.didDocument).toEqual(DOCUMENT)
  })

  const FRESH = [
    { what: 'a DID', identifier: `${DID}?noCache=true`, accept: RESULT },
    { what: 'a DID, encoded', identifier: `${DID}?%6EoCache=true`, accept: RESULT },
    { what: 'a fragment', identifier: `${DID}%23key-1?noCache=true`, accept: DEREFERENCING },
    {
      what: 'a fragment, encoded',
      identifier: encodeURIComponent(`${DID}?noCache=true#key-1`),
      accept: DEREFERENCING,
    },
    { what: 'a service', identifier: `${DID}?service=files&noCache=true`, accept: '*/*' },
  ]

  it.each(FRESH)('D25: asks the source each time for $what with noCache', async (row) => {
    const { get, fetch } = app()
    await get(path(DID))
    for (const asked of [2, 3, 4]) {
      const response = await get(path(row.identifier), { Accept: row.accept })
      expect([200, 303]).toContain(response.status)
      expect(response.headers.get('Cache-Control')).toBe('public, no-cache')
      expect(fetch.requests).toHaveLength(asked)
    }
    const plain = await get(path(row.identifier.replace('true', 'false')), { Accept: row.accept })
    expect(plain.headers.get('Cache-Control')).toBe('public, max-age=60')
    expect(fetch.requests).toHaveLength(4)
  })

  it.each(FRESH)('D25: answers $what with noCache what the source says now', async (row) => {
    const { get, fetch } = app()
    const statusNow = async (answer: HostAnswer) => {
      fetch.answers.set(HOST, answer)
      return (await get(path(row.identifier), { Accept: row.accept })).status
    }
    await get(path(DID))
    expect(await statusNow({ refusal: 'host_failed' })).toBe(502)
    expect(await statusNow({ refusal: 'not_found' })).toBe(404)
    expect([200, 303]).toContain(await statusNow({ json: DOCUMENT }))
    expect(await statusNow({ refusal: 'fetch_budget_spent' })).toBe(429)
    expect((await get(path(DID))).status).toBe(200)
  })
})

describe('GET /1.0/identifiers/{didUrl} (DID Resolution §5, §10)', () => {
  const dereference = (identifier: string, accept = DEREFERENCING) =>
    app().get(path(identifier), { Accept: accept })
  const encoded = (didUrl: string) => encodeURIComponent(didUrl)

  it.each([encoded(`${DID}#key-1`), `${DID}%23key-1`])(
    'answers %s with the verification method, under all names',
    async (identifier) => {
      const response = await dereference(identifier)
      const part = { ...method(), id: KEY_1 }
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toBe(DEREFERENCING)
      const result = await response.json<Record<string, unknown>>()
      expect(result).toMatchObject({
        dereferencingMetadata: { contentType: DEREFERENCING },
        contentStream: part,
        contentMetadata: {},
        content: part,
      })
      expect(result['didUrlDereferencingMetadata']).toEqual(result['dereferencingMetadata'])
    },
  )

  it('answers with the bare resource when JSON is asked for', async () => {
    const part = await dereference(encoded(`${DID}#files`), 'application/json')
    expect(part.headers.get('Content-Type')).toBe('application/json')
    expect(await part.json()).toEqual({
      id: `${DID}#files`,
      type: 'Files',
      serviceEndpoint: 'https://client.example/files',
    })
    const whole = await dereference(DID, 'application/json')
    expect(await whole.json()).toEqual(DOCUMENT)
  })

  it.each([
    { identifier: `${DID}?service=files`, location: 'https://client.example/files' },
    { identifier: encoded(`${DID}?service=files`), location: 'https://client.example/files' },
    { identifier: `${encoded(DID)}?serviceType=Page`, location: 'https://client.example/page' },
    {
      identifier: `${DID}?service=files&relativeRef=%2Fa%3Fb`,
      location: 'https://client.example/a?b',
    },
    {
      identifier: encoded(`${DID}?service=files&relativeRef=%2Fa#part`),
      location: 'https://client.example/a#part',
    },
  ])('redirects $identifier with 303 and an empty body', async ({ identifier, location }) => {
    for (const accept of [DEREFERENCING, 'application/json', 'text/uri-list']) {
      const response = await dereference(identifier, accept)
      expect({ status: response.status, location: response.headers.get('Location') }).toEqual({
        status: 303,
        location,
      })
      expect(await textOf(response)).toBe('')
    }
  })

  const SERVICES = [
    `${DID}?service=files`,
    encoded(`${DID}?service=files`),
    `${encoded(DID)}?%73ervice=files`,
    encoded(`${DID}?%73erviceType=Files`),
  ]

  it.each(SERVICES)('redirects who takes anything and asks for %s (§12.1)', async (identifier) => {
    for (const headers of [{}, { Accept: '*/*' }, { Accept: 'text/html, */*;q=0.8' }])
      expect((await app().get(path(identifier), headers)).status).toBe(303)
  })

  it.each(SERVICES)('answers %s as a document with INVALID_OPTIONS', async (identifier) => {
    for (const accept of [RESULT, 'application/did', 'application/did+json']) {
      const { status, result } = await resolve(identifier, { accept })
      expect(status).toBe(400)
      expect(result.didResolutionMetadata.error?.type).toBe(`${W3C}INVALID_OPTIONS`)
    }
  })

  it.each(['did%3Aweb%3Ah.example%253A443%23key-1', 'did:web:h.example%3A443%23key-1'])(
    'dereferences %s for who takes anything, and resolves the DID before it',
    async (identifier) => {
      const { get } = resolutionApp({
        'https://h.example:443/.well-known/did.json': {
          json: source({
            id: 'did:web:h.example%3A443',
            verificationMethod: [method({ id: '#key-1' })],
          }),
        },
      })
      const response = await get(path(identifier))
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toBe(DEREFERENCING)
      const whole = await get(path(identifier.replace('%23key-1', '')))
      expect(whole.headers.get('Content-Type')).toBe(RESULT)
    },
  )

  it.each([`${DID}?expandRelativeUrls=true`, encoded(`${DID}?expandRelativeUrls=true`)])(
    'writes relative DID URLs out when %s is dereferenced (§5.4.1)',
    async (identifier) => {
      const expanded = await dereference(identifier, 'application/json')
      expect(await textOf(expanded)).toContain(`"id":"${KEY_1}"`)
      const plain = await dereference(DID, 'application/json')
      expect(await textOf(plain)).not.toContain(`"id":"${KEY_1}"`)
      expect(plain.headers.get('ETag')).not.toBe(expanded.headers.get('ETag'))
    },
  )

  it('D19: answers an id that a method and a service share with INVALID_DID_DOCUMENT', async () => {
    const json = source({
      service: [{ id: KEY_1, type: 'A', serviceEndpoint: 'https://a.example/' }],
    })
    const get = (identifier: string) => app({ json }).get(path(encoded(identifier)))
    const response = await get(KEY_1)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({
      dereferencingMetadata: { error: { type: `${W3C}INVALID_DID_DOCUMENT` } },
      contentStream: null,
    })
    expect((await get(DID)).status).toBe(200)
  })

  it.each([
    { identifier: encoded('not-a-did#a'), status: 400, name: 'INVALID_DID_URL' },
    { identifier: encoded(`${DID}#a#b`), status: 400, name: 'INVALID_DID_URL' },
    { identifier: encoded(`${DID}?service=a&service=b`), status: 400, name: 'INVALID_DID_URL' },
    {
      identifier: `${encoded(`${DID}?service=files`)}?service=files`,
      status: 400,
      name: 'INVALID_DID_URL',
    },
    {
      identifier: encoded(`${DID}?service=files&relativeRef=%2F%2Fevil.example`),
      status: 400,
      name: 'INVALID_DID_URL',
    },
    { identifier: encoded(`${DID}?versionTime=x`), status: 400, name: 'INVALID_OPTIONS' },
    { identifier: `${DID}?service=a&service=b`, status: 400, name: 'INVALID_OPTIONS' },
    { identifier: encoded(`${DID}#key-9`), status: 404, name: 'NOT_FOUND' },
    {
      identifier: encoded(`${DID}?%76ersionId=1#key-1`),
      status: 501,
      name: 'FEATURE_NOT_SUPPORTED',
    },
    { identifier: `${DID}/path`, status: 404, name: 'NOT_FOUND' },
    { identifier: encoded(`${DID}?other=a`), status: 404, name: 'NOT_FOUND' },
    { identifier: `${DID}?service=nothing`, status: 404, name: 'NOT_FOUND' },
    { identifier: encoded('did:web:gone.example#a'), status: 404, name: 'NOT_FOUND' },
    { identifier: encoded('did:ethr:0x1#a'), status: 501, name: 'METHOD_NOT_SUPPORTED' },
    { identifier: encoded(`${DID}?versionId=1#key-1`), status: 501, name: 'FEATURE_NOT_SUPPORTED' },
    { identifier: encoded(`${DID}?hl=a#key-1`), status: 501, name: 'FEATURE_NOT_SUPPORTED' },
  ])('answers $identifier with $name', async ({ identifier, status, name }) => {
    const response = await dereference(identifier)
    expect(response.status).toBe(status)
    expect(response.headers.get('Content-Type')).toBe(DEREFERENCING)
    expect(await response.json()).toMatchObject({
      dereferencingMetadata: { error: { type: `${W3C}${name}`, status } },
      contentStream: null,
      content: null,
      contentMetadata: {},
    })
  })

  it('answers a document with 406 where only a list of addresses is wanted', async () => {
    expect((await dereference(DID, 'text/uri-list')).status).toBe(406)
  })

  it('D22: answers a DID URL of a deactivated DID with 410', async () => {
    const { get } = app({ json: source({ deactivated: true }) })
    const response = await get(path(encoded(`${DID}#key-1`)), { Accept: DEREFERENCING })
    expect(response.status).toBe(410)
    expect(await response.json()).toMatchObject({
      contentStream: null,
      contentMetadata: { deactivated: true },
    })
  })
})
