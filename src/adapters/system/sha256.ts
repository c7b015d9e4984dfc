import { createHash, createHmac, hash } from 'node:crypto'
import type { Digest } from '../../ports/digest.ts'

/** By the platform, which is faster than any JavaScript, and at once, which WebCrypto is not. */
export const sha256: Digest = {
  sha256: (bytes) => plain(createHash('sha256').update(bytes).digest()),
  running() {
    const state = createHash('sha256')
    return {
      add: (bytes) => {
        state.update(bytes)
      },
      soFar: () => plain(state.copy().digest()),
    }
  },
  hmacSha256: (key, bytes) => plain(createHmac('sha256', key).update(bytes).digest()),
  equal: (a, b) => {
    let difference = a.length ^ b.length
    for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
    return difference === 0
  },
}

/** base64url SHA-256 of a text. */
export const sha256Text = (text: string): string => hash('sha256', text, 'base64url')

/** The platform's bytes, as those that everybody else makes. */
const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length)
