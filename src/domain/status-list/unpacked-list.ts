import type { StatusBits } from './bits.ts'

/** A status list that was verified and unpacked, as it is kept: looking at an entry costs the same anywhere. */
export interface UnpackedList {
  readonly bytes: Uint8Array
  /** Bits of one entry. */
  readonly bits: StatusBits
  /** Where in a byte its first entry is: Bitstring lists begin at the most significant bits, Token lists at the least. */
  readonly first: 'most_significant' | 'least_significant'
  /** What a set bit means; `undefined` for a Token Status List, whose values say so themselves. */
  readonly purposes: readonly string[] | undefined
}

/** How many entries the list has. */
export const entriesOf = ({ bytes, bits }: UnpackedList): number => (bytes.length * 8) / bits

/** The value of one entry; `undefined` for an index that is outside the list (row S3). */
export function valueAt(list: UnpackedList, index: number): number | undefined {
  const { bytes, bits, first } = list
  if (!Number.isSafeInteger(index) || index < 0 || index >= entriesOf(list)) return undefined
  const perByte = 8 / bits
  const byte = bytes[Math.floor(index / perByte)]
  if (byte === undefined) return undefined
  const place = index % perByte
  const shift = bits * (first === 'least_significant' ? place : perByte - 1 - place)
  return (byte >> shift) & ((1 << bits) - 1)
}
