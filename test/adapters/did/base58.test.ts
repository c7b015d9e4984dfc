import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase58, encodeBase58 } from '../../../src/adapters/did/base58.ts'

describe('base58btc', () => {
  it.each([
    { text: '', bytes: [] },
    { text: '1', bytes: [0] },
    { text: '11', bytes: [0, 0] },
    { text: '2', bytes: [1] },
    { text: 'z', bytes: [57] },
    { text: '21', bytes: [58] },
    { text: '5Q', bytes: [255] },
    { text: '15R', bytes: [0, 1, 0] },
  ])('reads and writes $bytes as "$text"', ({ text, bytes }) => {
    expect(decodeBase58(text)).toEqual(Uint8Array.from(bytes))
    expect(encodeBase58(Uint8Array.from(bytes))).toBe(text)
  })

  it.each(['0', 'O', 'I', 'l', ' ', '=', '\n', 'é', '1 '])('refuses %j', (text) => {
    expect(decodeBase58(text)).toBeUndefined()
  })

  it('D15: has one text for every value and one value for every text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(decodeBase58(encodeBase58(bytes))).toEqual(bytes)
      }),
      { numRuns: 200, seed: 58 },
    )
  })
})
