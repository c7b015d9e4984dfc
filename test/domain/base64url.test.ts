import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64urlBytes, decodeBase64url, encodeBase64url } from '../../src/domain/base64url.ts'

describe('decodeBase64url (RFC 7515 §2)', () => {
  it('J17: reads back whatever was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(decodeBase64url(text)).toEqual(bytes)
        expect(base64urlBytes(text)).toBe(bytes.length)
      }),
    )
  })

  it.each([
    ['nothing', '', 0],
    ['two characters', 'AA', 1],
    ['three characters', 'AAA', 2],
    ['both characters of this alphabet alone', '-_-_', 3],
  ])('J17: accepts %s', (_, text, bytes) => {
    expect(decodeBase64url(text)).toHaveLength(bytes)
  })

  it.each([
    ['one character too many', 'AAAAA'],
    ['padding', 'AA=='],
    ['padding of one', 'AAA='],
    ['white space after whole bytes', 'AAAA '],
    ['white space twice', 'AAAA  '],
    ['white space between', 'AA AA'],
    ['a tab in place of a character', 'AAA\t'],
    ['a line end', 'AAAA\n'],
    ['a character of the other alphabet', '+AAA'],
    ['a slash', 'AAA/'],
    ['unused bits that are set, of two characters', 'AB'],
    ['unused bits that are set, of three', 'AAB'],
    ['a letter that is none of these', 'AAé'],
  ])('J17: refuses %s', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
    expect(base64urlBytes(text)).toBeUndefined()
  })

  it('J17: whatever the text, decodes just what it would encode the same way', () => {
    const character = fc.constantFrom(
      ...'A Q g w B z 0 9 - _ + / = . , é'.split(' '),
      ' ',
      '\t',
      '\n',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
        const bytes = decodeBase64url(text)
        expect(bytes?.length).toBe(base64urlBytes(text))
        if (bytes !== undefined) expect(encodeBase64url(bytes)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
