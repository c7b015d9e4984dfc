export interface Random {
  /** `length` bytes from a cryptographic source. */
  bytes(length: number): Uint8Array
  /** A version 4 UUID (RFC 9562). */
  uuid(): string
}
