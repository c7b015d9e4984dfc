import type { Result } from '../domain/result.ts'

export type Packing = 'gzip' | 'zlib'

export interface UnpackRefusal {
  /** `malformed`: cut off, damaged, of another packing, or with something behind its end (row S2). */
  readonly reason: 'too_large' | 'malformed'
}

export interface Compression {
  /** GZIP (RFC 1952), for Bitstring Status List 1.0 §3.3. */
  gzip(bytes: Uint8Array): Promise<Uint8Array>
  /** ZLIB (RFC 1950), for Token Status List §4.1. */
  zlib(bytes: Uint8Array): Promise<Uint8Array>
  /**
   * Undoes either, counting while it does: past `maxBytes` it stops, however much would still come
   * (row S1). Exactly one member, complete, with a good checksum.
   */
  unpack(
    bytes: Uint8Array,
    packing: Packing,
    maxBytes: number,
  ): Promise<Result<Uint8Array, UnpackRefusal>>
}
