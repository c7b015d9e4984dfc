import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/adapters/system/sha256.ts'
import { utf8 } from '../../src/domain/base64url.ts'

describe('the comparison of secrets', () => {
  const digest = sha256.sha256(utf8('a token'))

  it('H8: finds two equal digests equal', () => {
    expect(sha256.equal(digest, sha256.sha256(utf8('a token')))).toBe(true)
  })

  it('H8: finds them different wherever a single bit is', () => {
    for (let at = 0; at < digest.length * 8; at++) {
      const other = Uint8Array.from(digest)
      other[at >> 3] = (other[at >> 3] ?? 0) ^ (1 << (at & 7))
      expect(sha256.equal(digest, other)).toBe(false)
    }
  })

  it.each([
    { when: 'empty', other: new Uint8Array() },
    { when: 'cut off', other: digest.slice(0, -1) },
    { when: 'longer by a zero', other: Uint8Array.from([...digest, 0]) },
  ])('H8: finds one that is $when different, from either side', ({ other }) => {
    expect(sha256.equal(digest, other)).toBe(false)
    expect(sha256.equal(other, digest)).toBe(false)
  })
})
