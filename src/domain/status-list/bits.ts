/** A set entry of a list; entries that are not named are zero. */
export interface SetEntry {
  readonly index: number
  readonly revoked: boolean
  readonly suspended: boolean
}

/** Bitstring Status List 1.0 §3.3: one bit an entry, index 0 is the most significant bit of byte 0. */
export function bitstring(length: number, set: Iterable<number>): Uint8Array {
  const bytes = new Uint8Array(length / 8)
  for (const index of set) {
    const at = index >> 3
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (index & 7))
  }
  return bytes
}

/** Token Status List §4: `VALID` 0, `INVALID` 1, `SUSPENDED` 2, two bits an entry. */
export const tokenStatusBytes = (length: number, set: Iterable<SetEntry>): Uint8Array =>
  packedStatuses(
    2,
    length,
    Array.from(set, ({ index, revoked, suspended }) => [index, revoked ? 1 : suspended ? 2 : 0]),
  )

/** Bits that one status of a Token Status List may take (§4.1). */
export type StatusBits = 1 | 2 | 4 | 8

/** Token Status List §4.1: index 0 is in the least significant bits of byte 0. Unnamed ones are 0. */
export function packedStatuses(
  bits: StatusBits,
  length: number,
  statuses: Iterable<readonly [index: number, status: number]>,
): Uint8Array {
  const perByte = 8 / bits
  const bytes = new Uint8Array(Math.ceil(length / perByte))
  for (const [index, status] of statuses) {
    const at = Math.floor(index / perByte)
    bytes[at] = (bytes[at] ?? 0) | (status << ((index % perByte) * bits))
  }
  return bytes
}
