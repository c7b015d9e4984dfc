import { describe, expect, it } from 'vitest'
import {
  entriesOf,
  valueAt,
  type UnpackedList,
} from '../../../src/domain/status-list/unpacked-list.ts'

const bitstring: UnpackedList = {
  bytes: Uint8Array.of(0b1000_0001, 0b0100_0000),
  bits: 1,
  first: 'most_significant',
  purposes: ['revocation'],
}

describe('valueAt', () => {
  it('S4: counts from the most significant bit in a Bitstring list', () => {
    const set = Array.from({ length: 16 }, (_, index) => index).filter(
      (index) => valueAt(bitstring, index) === 1,
    )
    expect(set).toEqual([0, 7, 9])
  })

  it('S4: counts from the least significant bits in a Token list', () => {
    const list = { ...bitstring, bits: 2, first: 'least_significant' } as const
    const values = Array.from({ length: 8 }, (_, index) => valueAt(list, index))
    expect(values).toEqual([1, 0, 0, 2, 0, 0, 0, 1])
  })

  it.each([16, 17, -1, 0.5, NaN, Infinity, 2 ** 53])('S3: has nothing at %d', (index) => {
    expect(entriesOf(bitstring)).toBe(16)
    expect(valueAt(bitstring, index)).toBeUndefined()
    expect(valueAt(bitstring, 15)).toBe(0)
  })
})
