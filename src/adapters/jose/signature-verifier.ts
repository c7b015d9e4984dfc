import { utf8 } from '../../domain/base64url.ts'
import { algorithmOf } from '../../domain/jwk.ts'
import { MAX_CACHED_ENTRIES, MAX_REMEMBERED_TOKEN_CHARACTERS } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import type { SignatureVerifier } from '../../ports/signature-verifier.ts'
import { leastRecentlyUsedByWeight } from '../cache/least-recently-used.ts'
import { WEB_CRYPTO } from './algorithms.ts'
import { createVerificationKeys, type VerificationKey } from './verification-keys.ts'

/** Found by the text of the signature, which is short; it counts for this token and this key alone. */
interface GoodSignature {
  readonly compact: string
  readonly key: VerificationKey
}

/**
 * The platform's Web Cryptography behind the port. The token was decoded by the gate, so the signature is
 * verified over its text directly; a JOSE library would decode and judge it a second time.
 * That a signature was good is remembered by the whole token and the key, as long as there is room: it
 * cannot change. What follows from it can, and is judged each time (row V17).
 */
export function createSignatureVerifier(): SignatureVerifier {
  const keys = createVerificationKeys()
  const good = leastRecentlyUsedByWeight<GoodSignature>(
    { entries: MAX_CACHED_ENTRIES, weight: MAX_REMEMBERED_TOKEN_CHARACTERS },
    ({ compact }) => compact.length,
  )
  return {
    async verify(jws, jwk) {
      if (algorithmOf(jwk) !== jws.alg) return refuse({ reason: 'key_alg_mismatch' })
      const key = keys.known(jwk) ?? (await keys.import(jwk))
      if (!key.ok) return key
      const { compact } = jws
      const end = compact.lastIndexOf('.')
      const text = compact.slice(end + 1)
      const before = good.get(text)
      if (before?.compact === compact && before.key === key.value) return ok(true)
      const signed = utf8(compact.slice(0, end))
      if (!(await verifiesBytes(key.value, jws.signature, signed)))
        return refuse({ reason: 'signature_invalid' })
      good.set(text, { compact, key: key.value })
      return ok(true)
    },
  }
}

/**
 * True when `signature` is the key's over `data`. A signature of another length, one in DER or with a
 * scalar out of range is none (rows J24, J26); the other ECDSA value `n - s` is one (row J25), so the
 * text of a token identifies nothing.
 */
export function verifiesBytes(
  key: VerificationKey,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  if (signature.length !== key.signatureBytes) return Promise.resolve(false)
  if (key.alg === 'EdDSA' && startsWithIdentity(signature)) return Promise.resolve(false)
  return crypto.subtle.verify(WEB_CRYPTO[key.alg].signature, key.cryptoKey, signature, data)
}

/**
 * True for an Ed25519 signature whose R is the identity. With a key of prime order every other R of
 * small or mixed order fails the equation; this one passes, and gives the private key away.
 */
function startsWithIdentity(signature: Uint8Array): boolean {
  return signature[0] === 1 && signature.subarray(1, 32).every((byte) => byte === 0)
}
