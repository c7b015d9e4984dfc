import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absoluteDidUrl, parseDidUrl } from '../../../src/domain/did/did-url.ts'
import { DID } from '../../support/did-documents.ts'

const INVALID = { ok: false, refusal: { reason: 'did_url_invalid' } }

describe('parseDidUrl (DID Core §3.2)', () => {
  it('takes a DID URL apart', () => {
    const parsed = parseDidUrl(`${DID}/a/b?service=files&relativeRef=%2Fx%3Fy#intro`)
    expect(parsed).toEqual({
      ok: true,
      value: {
        did: DID,
        path: '/a/b',
        parameters: new Map([
          ['service', 'files'],
          ['relativeRef', '/x?y'],
        ]),
        fragment: 'intro',
      },
    })
  })

  it('D3: decodes the names of parameters too', () => {
    expect(parseDidUrl(`${DID}?version%49d=1&%61=b`)).toMatchObject({
      value: {
        parameters: new Map([
          ['versionId', '1'],
          ['a', 'b'],
        ]),
      },
    })
  })

  it('accepts a DID, with nothing behind it', () => {
    const value = { did: DID, path: '', parameters: new Map(), fragment: undefined }
    expect(parseDidUrl(DID)).toEqual({ ok: true, value })
  })

  it('keeps an empty fragment apart from none', () => {
    expect(parseDidUrl(`${DID}#`)).toMatchObject({ value: { fragment: '' } })
  })

  it.each([
    'client.example#key-1',
    `${DID}#a#b`,
    `${DID} #a`,
    `${DID}?a=%zz`,
    `${DID}?a=%ff`,
    `${DID}?=a`,
    `${DID}?&`,
    `${DID}?service=a&service=b`,
    `${DID}?service=a&%73ervice=b`,
    `${DID}?service=%C3%A9`,
    `${DID}?%C3%A9=a`,
    `${DID}?%ff=a`,
    `${DID}#ключ`,
    `${DID}\\#a`,
    'did:web:#a',
  ])('refuses %j', (text) => {
    expect(parseDidUrl(text)).toEqual(INVALID)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseDidUrl(text)
        parseDidUrl(`${DID}${text}`)
      }),
      { numRuns: 500, seed: 3 },
    )
  })
})

describe('absoluteDidUrl (DID Core §3.2.2)', () => {
  it.each([
    { reference: '#key-1', absolute: `${DID}#key-1` },
    { reference: '?service=a', absolute: `${DID}?service=a` },
    { reference: '/a', absolute: `${DID}/a` },
    { reference: 'did:web:other.example#k', absolute: 'did:web:other.example#k' },
  ])('D19: writes $reference out as $absolute', ({ reference, absolute }) => {
    expect(absoluteDidUrl(reference, DID)).toBe(absolute)
  })

  it.each(['key-1', '', '# a', 'https://client.example#a', '##'])(
    'D19: refuses %j, which is neither',
    (reference) => {
      expect(absoluteDidUrl(reference, DID)).toBeUndefined()
    },
  )
})
