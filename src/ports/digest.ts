/** SHA-256 of what was added so far. */
export interface RunningDigest {
  add(bytes: Uint8Array): void
  /** 32 bytes; more may be added behind it. */
  soFar(): Uint8Array
}

export interface Digest {
  /** SHA-256, 32 bytes. Synchronous, because it is also taken inside storage transactions. */
  sha256(bytes: Uint8Array): Uint8Array
  /** SHA-256 over bytes that come piece by piece. */
  running(): RunningDigest
  /** HMAC with SHA-256 (RFC 2104), 32 bytes. */
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array
  /** True when both are equal; takes the same time wherever they differ (row H8). */
  equal(a: Uint8Array, b: Uint8Array): boolean
}
