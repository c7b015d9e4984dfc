import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as hash } from '@noble/hashes/sha2.js'
import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import type { Digest } from '../../ports/digest.ts'

export const sha256: Digest = {
  sha256: (bytes) => hash(bytes),
  running() {
    const state = hash.create()
    return {
      add: (bytes) => {
        state.update(bytes)
      },
      soFar: () => state.clone().digest(),
    }
  },
  hmacSha256: (key, bytes) => hmac(hash, key, bytes),
  equal: (a, b) => {
    let difference = a.length ^ b.length
    for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
    return difference === 0
  },
}

/** base64url SHA-256 of a text. */
export const sha256Text = (text: string): string => encodeBase64url(hash(utf8(text)))
