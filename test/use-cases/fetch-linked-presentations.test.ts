import { describe, expect, it } from 'vitest'
import { MAX_LINKED_PRESENTATION_BYTES, MAX_LINKED_PRESENTATIONS } from '../../src/domain/limits.ts'
import { fetchLinkedPresentations } from '../../src/use-cases/fetch-linked-presentations.ts'
import { DID, documentOf } from '../support/did-documents.ts'
import { budgetOf, fakeFetch } from '../support/fake-fetch.ts'
import { utf8 } from '../../src/domain/base64url.ts'

const linked = (...serviceEndpoint: string[]) =>
  documentOf({
    service: [{ id: `${DID}#vp`, type: 'LinkedVerifiablePresentation', serviceEndpoint }],
  })
const [A, B] = ['https://client.example/a.jwt', 'https://client.example/b.jwt']

describe('fetchLinkedPresentations (W128 D3)', () => {
  it('brings the text of each presentation, as it was published', async () => {
    const guardedFetch = fakeFetch({
      [A]: { bytes: utf8('eyJ.eyJ.a'), mediaType: 'application/vp+jwt' },
      [B]: { json: { type: 'VerifiablePresentation' } },
    })
    const budget = budgetOf(20)
    expect(await fetchLinkedPresentations({ guardedFetch }, linked(A, B), budget)).toEqual([
      { url: A, found: true, text: 'eyJ.eyJ.a', mediaType: 'application/vp+jwt' },
      {
        url: B,
        found: true,
        text: '{"type":"VerifiablePresentation"}',
        mediaType: 'application/json',
      },
    ])
    expect(guardedFetch.requests[0]).toMatchObject({
      maxBytes: MAX_LINKED_PRESENTATION_BYTES,
      budget,
    })
  })

  it('asks nobody for a document without such a service', async () => {
    const guardedFetch = fakeFetch()
    expect(await fetchLinkedPresentations({ guardedFetch }, documentOf(), budgetOf(20))).toEqual([])
    expect(guardedFetch.requests).toHaveLength(0)
  })

  it('goes on after an endpoint that fails, and says why it did', async () => {
    const guardedFetch = fakeFetch({
      [A]: { bytes: Uint8Array.of(0xff) },
      [B]: { bytes: utf8('b') },
    })
    const urls = ['https://client.example/gone', A, B]
    const found = await fetchLinkedPresentations({ guardedFetch }, linked(...urls), budgetOf(20))
    expect(found).toMatchObject([
      { found: false, reason: 'not_found' },
      { found: false, reason: 'utf8_invalid' },
      { found: true, text: 'b' },
    ])
  })

  it('D24: fetches no more than the budget allows', async () => {
    const guardedFetch = fakeFetch({ [A]: { bytes: utf8('a') }, [B]: { bytes: utf8('b') } })
    const found = await fetchLinkedPresentations({ guardedFetch }, linked(A, B), budgetOf(1))
    expect(found).toMatchObject([{ found: true }, { found: false, reason: 'fetch_budget_spent' }])
    expect(guardedFetch.requests).toHaveLength(1)
  })

  it('D24: fetches at most eight presentations of one DID', async () => {
    const guardedFetch = fakeFetch()
    const urls = Array.from({ length: 20 }, (_, at) => `https://client.example/${String(at)}`)
    await fetchLinkedPresentations({ guardedFetch }, linked(...urls), budgetOf(20))
    expect(guardedFetch.requests).toHaveLength(MAX_LINKED_PRESENTATIONS)
  })
})
