import { describe, expect, it } from 'vitest'
import { createDidWeb } from '../../../src/adapters/did/did-web.ts'
import { utf8 } from '../../../src/domain/base64url.ts'
import {
  DID_WEB_CACHE_SECONDS,
  INSTANCE_CACHE_SECONDS,
  MAX_DID_DOCUMENT_BYTES,
} from '../../../src/domain/limits.ts'
import type { FetchRefusal } from '../../../src/ports/guarded-fetch.ts'
import { DID, didOf, source } from '../../support/did-documents.ts'
import { budgetOf, fakeFetch, NOTHING_HOSTED, type HostAnswer } from '../../support/fake-fetch.ts'

const URL_OF_DID = 'https://client.example/.well-known/did.json'
const bad = (fault: string) => ({ ok: false, refusal: { reason: 'did_document_invalid', fault } })

function find(answer: HostAnswer) {
  return createDidWeb(fakeFetch({ [URL_OF_DID]: answer }), NOTHING_HOSTED).find(DID, undefined)
}

describe('did:web over the guarded fetch', () => {
  it('finds the document that every refusal below is made from', async () => {
    expect(await find({ json: source() })).toEqual({
      ok: true,
      value: { source: source() },
    })
  })

  it('asks once, for JSON of at most 64 KiB, within the budget of the request', async () => {
    const fetch = fakeFetch({ [URL_OF_DID]: { json: source() } })
    const budget = budgetOf(1)
    const didWeb = createDidWeb(fetch, NOTHING_HOSTED)
    expect((await didWeb.find(DID, budget)).ok).toBe(true)
    expect(fetch.requests).toMatchObject([
      { url: URL_OF_DID, maxBytes: MAX_DID_DOCUMENT_BYTES, budget },
    ])
    expect(fetch.requests[0]?.mediaTypes).not.toContain('text/html')
    expect(await didWeb.find(DID, budget)).toEqual({
      ok: false,
      refusal: { reason: 'fetch_budget_spent' },
    })
    expect(didWeb.timeToLiveSeconds(DID)).toBe(DID_WEB_CACHE_SECONDS)
  })

  it.each(['null', '[]', '"x"', '1', 'true'])('D12: refuses the body %s', async (json) => {
    expect(await find({ bytes: utf8(json) })).toEqual(bad('the body is not a JSON object'))
  })

  it.each([
    { what: 'nothing', bytes: new Uint8Array() },
    { what: 'half a document', bytes: utf8(JSON.stringify(source()).slice(0, -9)) },
    { what: 'HTML', bytes: utf8('<!doctype html>') },
    { what: 'a byte order mark', bytes: utf8(`\uFEFF${JSON.stringify(source())}`) },
    { what: 'invalid UTF-8', bytes: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) },
    { what: 'a member twice', bytes: utf8(`{"id":"${DID}","id":"did:web:evil.example"}`) },
    { what: '__proto__', bytes: utf8('{"__proto__":{"id":"a"}}') },
    { what: 'a nest of 100,000 lists', bytes: utf8('['.repeat(60_000)) },
  ])('D12: refuses a body of $what', async ({ bytes }) => {
    expect(await find({ bytes })).toEqual(bad('the body is not strict JSON in UTF-8'))
  })

  it.each<{ fetched: FetchRefusal['reason']; reason: string }>([
    { fetched: 'destination_not_allowed', reason: 'destination_not_allowed' },
    { fetched: 'fetch_budget_spent', reason: 'fetch_budget_spent' },
    { fetched: 'redirect_not_followed', reason: 'redirect_not_followed' },
    { fetched: 'not_found', reason: 'did_not_found' },
    { fetched: 'host_failed', reason: 'did_host_failed' },
    { fetched: 'host_timeout', reason: 'did_host_timeout' },
    { fetched: 'body_incomplete', reason: 'did_document_invalid' },
    { fetched: 'media_type_not_accepted', reason: 'did_document_invalid' },
    { fetched: 'body_too_large', reason: 'did_document_invalid' },
  ])('D10, D11: answers $reason when the fetch says $fetched', async ({ fetched, reason }) => {
    expect(await find({ refusal: fetched })).toMatchObject({ ok: false, refusal: { reason } })
  })

  it('refuses a malformed name before it asks anybody', async () => {
    const fetch = fakeFetch()
    const didWeb = createDidWeb(fetch, NOTHING_HOSTED)
    expect(await didWeb.find(didOf('did:web:trusted.example%2Fa'), undefined)).toEqual({
      ok: false,
      refusal: { reason: 'did_invalid' },
    })
    expect(fetch.requests).toHaveLength(0)
  })
})

describe('did:web of this deployment itself', () => {
  const hosted = didOf('did:web:localhost%3A8787:issuers:acme')
  const gone = didOf('did:web:localhost%3A8787:issuers:nobody')
  const fetch = fakeFetch()
  const didWeb = createDidWeb(fetch, {
    hosts: (did) => did.startsWith('did:web:localhost%3A8787:'),
    documentOf: async (did) => (did === hosted ? { id: hosted } : undefined),
  })

  it('takes the document from the store and asks no network, for seconds', async () => {
    expect(await didWeb.find(hosted, budgetOf(0))).toMatchObject({
      ok: true,
      value: { source: { id: hosted } },
    })
    expect(fetch.requests).toHaveLength(0)
    expect(didWeb.timeToLiveSeconds(hosted)).toBe(INSTANCE_CACHE_SECONDS)
  })

  it('says that there is none where there is none', async () => {
    expect(await didWeb.find(gone, undefined)).toEqual({
      ok: false,
      refusal: { reason: 'did_not_found' },
    })
    expect(fetch.requests).toHaveLength(0)
  })
})
