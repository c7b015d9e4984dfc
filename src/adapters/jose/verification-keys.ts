import {
  algorithmOf,
  thumbprintInput,
  type PublicJwk,
  type SignatureAlgorithm,
} from '../../domain/jwk.ts'
import { MAX_CACHED_ENTRIES } from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { importKey, signatureBytes } from './algorithms.ts'
import { leastRecentlyUsed } from '../cache/least-recently-used.ts'
import { publicKeyFault, type PublicKeyFault } from './key-quality.ts'

/** A public key that is ready to verify, with the one algorithm it verifies (row J4). */
export interface VerificationKey {
  readonly alg: SignatureAlgorithm
  readonly cryptoKey: CryptoKey
  readonly signatureBytes: number
}

interface KeyRefusal {
  readonly reason: 'key_alg_mismatch' | PublicKeyFault
}

type Imported = Result<VerificationKey, KeyRefusal>

/** Imports public keys, each once as long as it is remembered; so is why a key was refused. */
interface VerificationKeys {
  /** What is remembered of the key, without a wait: the hot path of every verification. */
  known(jwk: PublicJwk): Imported | undefined
  import(jwk: PublicJwk): Promise<Imported>
}

export function createVerificationKeys(): VerificationKeys {
  const memo = leastRecentlyUsed<Imported>(MAX_CACHED_ENTRIES)
  // Documents are kept, and their keys are the same objects each time: that needs no look at the key.
  const ofObject = new WeakMap<PublicJwk, Imported>()
  return {
    known(jwk) {
      const imported = ofObject.get(jwk) ?? memo.get(thumbprintInput(jwk))
      if (imported !== undefined) ofObject.set(jwk, imported)
      return imported
    },
    async import(jwk) {
      const imported = await importSoundKey(jwk)
      memo.set(thumbprintInput(jwk), imported)
      return imported
    },
  }
}

async function importSoundKey(jwk: PublicJwk): Promise<Imported> {
  const fault = publicKeyFault(jwk)
  if (fault !== undefined) return refuse({ reason: fault })
  const alg = algorithmOf(jwk)
  if (alg === undefined) return refuse({ reason: 'key_alg_mismatch' })
  try {
    const cryptoKey = await importKey(jwk, alg, 'verify')
    return ok({ alg, cryptoKey, signatureBytes: signatureBytes(jwk, alg) })
  } catch (cause) {
    // The platform may refuse what passed our checks; every other failure is ours.
    if (cause instanceof DOMException && cause.name === 'DataError')
      return refuse({ reason: 'key_unusable' })
    throw cause
  }
}
