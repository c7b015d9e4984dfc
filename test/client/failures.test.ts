import { describe, expect, it } from 'vitest'
import { createTrustClient } from '../../src/client/trust-client.ts'
import { TrustError } from '../../src/client/trust-error.ts'
import { FINDINGS, PROBLEMS } from '../../src/client/service-reasons.ts'
import { CLIENT_REASONS } from '../../src/client/reasons.ts'
import { answering, json, problem } from '../support/answering.ts'

const URL = 'https://trust.example'
const POLICY = { version: 1, anchors: [], at: '2026-01-15T12:00:00Z', actor: 'verifier seller' }
const REPORT = {
  verified: true,
  verdict: 'valid',
  trust: 'trusted',
  availability: 'fresh',
  checks: [],
}

/** How asking for a policy ends when the service answers so. */
async function failureOf(
  fetch: ReturnType<typeof answering>['fetch'],
  more: object = {},
): Promise<TrustError> {
  const verifier = createTrustClient({ url: URL, token: 't', fetch, ...more }).verifier('seller')
  const failure: unknown = await verifier.policy().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof TrustError)) throw new Error('there was no TrustError')
  return failure
}

describe('the client, when a call comes to nothing', () => {
  it('answers with the policy that every failure below is made from', async () => {
    const { fetch, asked } = answering(json(POLICY))
    const client = createTrustClient({ url: URL, token: 'a-token', fetch })
    expect(await client.verifier('seller').policy()).toEqual(POLICY)
    expect(asked[0]?.url).toBe('https://trust.example/verifiers/seller/policy')
    expect(asked[0]?.headers.get('Authorization')).toBe('Bearer a-token')
  })

  it('says that the network or the service is down, and keeps the cause', async () => {
    const cause = new TypeError('fetch failed')
    const failure = await failureOf(() => Promise.reject(cause))
    expect(failure).toMatchObject({ reason: 'service_unreachable', cause })
    expect(failure.message).toContain('GET /health')
  })

  it('says that the service is too slow', async () => {
    const slow = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      })
    const failure = await failureOf(slow, { timeoutMilliseconds: 10 })
    expect(failure.reason).toBe('service_timeout')
  })

  it('gives a caller that aborts its own reason back', async () => {
    const gone = new Error('the user has left')
    const { fetch } = answering(() => Promise.reject(new TypeError('aborted')))
    const verifier = createTrustClient({ url: URL, fetch }).verifier('seller')
    await expect(verifier.policy({ signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
  })

  it.each([
    ['a page of a proxy', 'text/html', '<html>'],
    ['a page that calls itself JSON', 'application/json', '<html>'],
    ['JSON that calls itself a page', 'text/html', '{}'],
    ['nothing', 'application/json', ''],
  ])('says that what answers is not JSON: %s', async (_, type, body) => {
    const reply = () => new Response(body, { headers: { 'Content-Type': type } })
    const failure = await failureOf(answering(reply).fetch)
    expect(failure).toMatchObject({ reason: 'answer_not_json', status: 200 })
  })

  it('follows no redirect: a token is not carried elsewhere', async () => {
    const { fetch, asked } = answering(() => Response.redirect('https://other.example/', 302))
    expect(await failureOf(fetch)).toMatchObject({ reason: 'answer_redirected', status: 302 })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['token_missing', 401],
    ['token_invalid', 401],
    ['not_found', 404],
    ['request_invalid', 400],
    ['storage_unavailable', 503],
  ] as const)('hands on what the service says: %s', async (code, status) => {
    const hint = PROBLEMS[code].hint
    const failure = await failureOf(
      answering(problem(code, status, { detail: hint, requestId: 'r-1' })).fetch,
    )
    expect(failure).toMatchObject({ reason: code, status, hint, requestId: 'r-1' })
    expect(failure.message).toContain(hint)
  })

  it('keeps the faults with their places, and when to try again', async () => {
    const errors = [{ pointer: '/policy/anchors/0/did', detail: 'must be a DID' }]
    const invalid = await failureOf(answering(problem('request_invalid', 400, { errors })).fetch)
    expect(invalid.errors).toEqual(errors)
    const busy = problem('rate_limited', 429, {}, { 'Retry-After': '7' })
    expect((await failureOf(answering(busy).fetch)).retryAfterSeconds).toBe(7)
  })

  it('keeps the code of a reason that it does not know', async () => {
    const failure = await failureOf(answering(problem('brand_new', 409, { detail: 'so' })).fetch)
    expect(failure).toMatchObject({ reason: 'problem_not_known', detail: 'brand_new: so' })
  })

  it.each([
    ['of another call', json({ hello: 'world' })],
    ['an error without a code', json({ error: 'no' }, 400)],
    ['a list', json([])],
  ])('takes no answer for one of this call: %s', async (_, reply) => {
    expect((await failureOf(answering(reply).fetch)).reason).toBe('answer_unexpected')
  })

  it.each([
    ['yes with 400', { ...REPORT }, 400],
    ['no with 200', { ...REPORT, verified: false, verdict: 'invalid' }, 200],
    ['verified and yet invalid', { ...REPORT, verdict: 'invalid' }, 400],
    ['without a word about trust', { ...REPORT, trust: undefined }, 200],
  ])('takes no report that contradicts itself: %s', async (_, report, status) => {
    const { fetch } = answering(json(report, status))
    const verifier = createTrustClient({ url: URL, fetch }).verifier('seller')
    await expect(verifier.verifyCredential('a.b.c')).rejects.toMatchObject({
      reason: 'answer_unexpected',
    })
  })

  it('takes a report that says no for an answer', async () => {
    const no = { ...REPORT, verified: false, verdict: 'invalid' }
    const { fetch } = answering(json(REPORT), json(no, 400))
    const verifier = createTrustClient({ url: URL, fetch }).verifier('seller')
    expect((await verifier.verifyCredential('a.b.c')).verdict).toBe('valid')
    expect((await verifier.verifyCredential('a.b.c')).verdict).toBe('invalid')
  })

  it.each([
    '',
    'trust.example',
    'https://trust.example/path',
    'ftp://trust.example',
    'https://u@h',
  ])('refuses a URL that is no origin: "%s"', (url) => {
    expect(() => createTrustClient({ url })).toThrow(CLIENT_REASONS.url_invalid.title)
  })

  it('refuses to send a token in the clear, but to this machine', () => {
    const url = 'http://trust.example'
    expect(() => createTrustClient({ url, token: 't' })).toThrow(
      CLIENT_REASONS.url_not_secure.title,
    )
    expect(() => createTrustClient({ url })).not.toThrow()
    expect(() => createTrustClient({ url: 'http://localhost:8787', token: 't' })).not.toThrow()
  })

  it('reads why a DID has no document out of the metadata of its resolution', async () => {
    const error = {
      type: 'https://www.w3.org/ns/did#INVALID_DID_DOCUMENT',
      title: 'Invalid DID document',
      status: 500,
      code: 'did_document_invalid',
      detail: `The document: id is not the DID. ${FINDINGS.did_document_invalid}`,
    }
    const body = { didDocument: null, didResolutionMetadata: { error }, didDocumentMetadata: {} }
    const { fetch } = answering(json(body, 500))
    const failed = createTrustClient({ url: URL, fetch }).resolve('did:web:buyer.example')
    await expect(failed).rejects.toMatchObject({
      reason: 'did_document_invalid',
      message: `Invalid DID document. The document: id is not the DID. ${FINDINGS.did_document_invalid}`,
      detail: 'The document: id is not the DID.',
      hint: FINDINGS.did_document_invalid,
    })
  })

  it('takes no document for another DID', async () => {
    const { fetch } = answering(json({ didDocument: { id: 'did:web:other.example' } }))
    const failed = createTrustClient({ url: URL, fetch }).resolve('did:web:buyer.example')
    await expect(failed).rejects.toMatchObject({ reason: 'answer_unexpected' })
  })
})

describe('a challenge', () => {
  const inSeconds = (seconds: number) =>
    new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '')
  const ask = (seconds: number) => {
    const { fetch } = answering(json({ challenge: 'c', expiresAt: inSeconds(seconds) }, 201))
    return createTrustClient({ url: URL, fetch }).verifier('seller').challenge()
  }

  it('is answered where the clocks agree', async () => {
    expect((await ask(300)).challenge).toBe('c')
    expect((await ask(250)).challenge).toBe('c')
  })

  it.each([
    ['behind', 300 + 3600],
    ['ahead', 300 - 3600],
  ])('J21: says that our clock is an hour %s', async (_, seconds) => {
    await expect(ask(seconds)).rejects.toMatchObject({ reason: 'clock_differs' })
  })
})
