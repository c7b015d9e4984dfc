import type { KeyArithmetic, KeyFault } from '../../domain/did/method-key.ts'
import type { PublicJwk } from '../../domain/jwk.ts'
import { MAX_CACHED_ENTRIES } from '../../domain/limits.ts'
import { publicKeyFault } from '../jose/key-quality.ts'
import { leastRecentlyUsed } from '../cache/least-recently-used.ts'
import { readMultikey } from './multikey.ts'

/** Judges keys and remembers the judgement: it costs up to a millisecond and never changes. */
export function createKeyArithmetic(): KeyArithmetic {
  const judged = leastRecentlyUsed<KeyFault | 'sound'>(MAX_CACHED_ENTRIES)
  return {
    multikey(text) {
      const key = readMultikey(text)
      return key.ok ? key.value : undefined
    },
    faultOf(jwk) {
      const name = nameOf(jwk)
      const known = judged.get(name) ?? publicKeyFault(jwk) ?? 'sound'
      judged.set(name, known)
      return known === 'sound' ? undefined : known
    },
  }
}

/** Told apart by their members as they stand: each has one canonical spelling. */
const nameOf = (jwk: PublicJwk): string =>
  jwk.kty === 'RSA'
    ? `${jwk.n}.${jwk.e}`
    : jwk.kty === 'OKP'
      ? `${jwk.crv}.${jwk.x}`
      : `${jwk.crv}.${jwk.x}.${jwk.y}`
