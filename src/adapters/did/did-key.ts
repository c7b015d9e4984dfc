import { ed25519 } from '@noble/curves/ed25519'
import { decodeBase64url, encodeBase64url } from '../../domain/base64url.ts'
import type { Did } from '../../domain/did/did.ts'
import type { KeyArithmetic } from '../../domain/did/method-key.ts'
import type { PublicJwk } from '../../domain/jwk.ts'
import { DID_COMPUTED_CACHE_SECONDS } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import { keyDocument, type NamedKey } from './key-document.ts'
import type { DidMethod, FoundDocument } from './method.ts'
import { readMultikey, x25519Multikey } from './multikey.ts'

/**
 * did:key (W3C CCG): the DID is its key, the document is computed. Refuses every spelling but the
 * canonical one (row D15), a key that is unsound (J26, J27), and by a reason of its own a key type
 * that we do not know (D16).
 */
export const createDidKey = (arithmetic: KeyArithmetic): DidMethod => ({
  timeToLiveSeconds: () => DID_COMPUTED_CACHE_SECONDS,
  async find(did) {
    const multikey = did.slice('did:key:'.length)
    const key = readMultikey(multikey)
    if (!key.ok)
      return refuse({
        reason: key.refusal.reason === 'multikey_invalid' ? 'did_invalid' : key.refusal.reason,
      })
    const fault = arithmetic.faultOf(key.value)
    if (fault !== undefined) return refuse({ reason: 'did_invalid', fault })
    return ok(documentOf(did, multikey, key.value))
  },
})

function documentOf(did: Did, multikey: string, jwk: PublicJwk): FoundDocument {
  const key: NamedKey = { id: `${did}#${multikey}`, jwk }
  if (jwk.kty !== 'OKP') return keyDocument(did, { signing: key, agreeing: key })
  return jwk.crv === 'X25519'
    ? keyDocument(did, { signing: undefined, agreeing: key })
    : keyDocument(did, { signing: key, agreeing: derivedX25519(did, jwk.x) })
}

/** The X25519 key that belongs to an Ed25519 key (RFC 7748 §4.1), under its own Multikey as name. */
function derivedX25519(did: Did, x: string): NamedKey {
  const bytes = ed25519.utils.toMontgomery(decodeBase64url(x) ?? new Uint8Array())
  return {
    id: `${did}#${x25519Multikey(bytes)}`,
    jwk: { kty: 'OKP', crv: 'X25519', x: encodeBase64url(bytes) },
  }
}
