import { describe, expect, it } from 'vitest'
import { createCompositeResolver } from '../../../src/adapters/did/composite.ts'
import type { DidMethod } from '../../../src/adapters/did/method.ts'
import type { JsonObject } from '../../../src/domain/json/strict-json.ts'
import { ok } from '../../../src/domain/result.ts'
import { DID, didOf, NO_ARITHMETIC, NOW, source } from '../../support/did-documents.ts'
import { setClock } from '../../support/fake-fetch.ts'

const bad = (fault: string) => ({ ok: false, refusal: { reason: 'did_document_invalid', fault } })

/** Resolves `did` when its method finds this document. */
function resolve(found: JsonObject, did = DID) {
  const method: DidMethod = {
    timeToLiveSeconds: () => 1,
    find: async () => ok({ source: found }),
  }
  const methods = new Map([['web', method]])
  return createCompositeResolver(methods, NO_ARITHMETIC, setClock(NOW)).resolve(did)
}

describe('the resolver of all methods', () => {
  it('answers with a document, and when it was obtained', async () => {
    expect(await resolve(source())).toMatchObject({
      ok: true,
      value: { document: { id: DID, source: source() }, retrieved: NOW },
    })
  })

  it.each([
    'did:constructor:x',
    'did:hasownproperty:x',
    'did:tostring:x',
    'did:valueof:x',
    'did:size:x',
    'did:webs:client.example',
  ])('D1: does not know the method of %s, and does not throw', async (did) => {
    expect(await resolve(source(), didOf(did))).toEqual({
      ok: false,
      refusal: { reason: 'did_method_not_supported' },
    })
  })

  it.each([
    'did:web:other.example',
    'did:web:Client.example',
    'did:web:client.example.',
    'did:web:clien%74.example',
    'did:web:client.example#',
    ' did:web:client.example',
    '',
    null,
    [DID],
  ])('D13: refuses a document whose id is %j', async (id) => {
    expect(await resolve(source({ id }))).toEqual(bad('id is not the DID'))
  })

  it('D13: refuses a document without id', async () => {
    expect(await resolve({})).toEqual(bad('id is not the DID'))
  })

  it.each([true, 'true', 'false', 1, 0, null, {}])(
    'D22: refuses a document that says deactivated: %j',
    async (deactivated) => {
      expect(await resolve(source({ deactivated }))).toEqual({
        ok: false,
        refusal: { reason: 'did_deactivated' },
      })
    },
  )

  it('D22: accepts a document that says deactivated: false', async () => {
    expect((await resolve(source({ deactivated: false }))).ok).toBe(true)
  })

  it('D21: refuses a document that is not sound', async () => {
    expect(await resolve(source({ verificationMethod: [null] }))).toEqual(
      bad('a verification method is malformed'),
    )
  })
})
