export interface Compression {
  /** GZIP (RFC 1952), for Bitstring Status List 1.0 §3.3. */
  gzip(bytes: Uint8Array): Promise<Uint8Array>
  /** ZLIB (RFC 1950), for Token Status List §4.1. */
  zlib(bytes: Uint8Array): Promise<Uint8Array>
}
