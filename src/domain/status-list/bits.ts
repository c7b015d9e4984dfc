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

/** Token Status List §4: `VALID` 0, `INVALID` 1, `SUSPENDED` 2, two bits an entry, least significant first. */
export function tokenStatusBytes(length: number, set: Iterable<SetEntry>): Uint8Array {
  const bytes = new Uint8Array(length / 4)
  for (const { index, revoked, suspended } of set) {
    const at = index >> 2
    bytes[at] = (bytes[at] ?? 0) | ((revoked ? 1 : suspended ? 2 : 0) << ((index & 3) * 2))
  }
  return bytes
}
