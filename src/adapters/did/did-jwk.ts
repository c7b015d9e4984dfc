import { decodeBase64url, utf8 } from '../../domain/base64url.ts'
import type { Did } from '../../domain/did/did.ts'
import type { KeyArithmetic } from '../../domain/did/method-key.ts'
import { parseStrictJson, isJsonObject, type JsonObject } from '../../domain/json/strict-json.ts'
import { publicJwk, thumbprintInput, type PublicJwk } from '../../domain/jwk.ts'
import { DID_COMPUTED_CACHE_SECONDS } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import { keyDocument } from './key-document.ts'
import type { DidMethod, FoundDocument } from './method.ts'

/** Keys that the method allows and we have no use for; everything else that fails is malformed. */
const FOREIGN_KEY_TYPES = ['OKP', 'EC', 'AKP']

/**
 * did:jwk: the DID is its JWK, the document is computed; the method's name for the key is `#0`.
 * The method knows no canonical form, so that one key could have any number of names. Accepted is
 * the one form that RFC 7638 §3 makes for a thumbprint: the required members alone, in alphabetical
 * order, without white space (row D15). A private or symmetric key is refused (rows D16, K5).
 */
export const createDidJwk = (arithmetic: KeyArithmetic): DidMethod => ({
  timeToLiveSeconds: () => DID_COMPUTED_CACHE_SECONDS,
  async find(did) {
    const bytes = decodeBase64url(did.slice('did:jwk:'.length))
    const json = bytes === undefined ? undefined : parseStrictJson(bytes)
    if (bytes === undefined || json?.ok !== true || !isJsonObject(json.value))
      return refuse({ reason: 'did_invalid' })
    const key = publicJwk(json.value)
    if (!key.ok) {
      const foreign = key.refusal.fault === 'key_type' && isForeign(json.value)
      return refuse(
        foreign
          ? { reason: 'key_type_not_supported' }
          : { reason: 'did_invalid', fault: 'key_unusable' },
      )
    }
    const canonical = utf8(thumbprintInput(key.value))
    const same =
      canonical.length === bytes.length && canonical.every((byte, at) => byte === bytes[at])
    if (!same) return refuse({ reason: 'did_invalid' })
    const fault = arithmetic.faultOf(key.value)
    if (fault !== undefined) return refuse({ reason: 'did_invalid', fault })
    return ok(documentOf(did, key.value))
  },
})

const isForeign = ({ kty }: JsonObject): boolean => FOREIGN_KEY_TYPES.some((known) => known === kty)

function documentOf(did: Did, jwk: PublicJwk): FoundDocument {
  const key = { id: `${did}#0`, jwk }
  return keyDocument(did, {
    signing: jwk.kty === 'OKP' && jwk.crv === 'X25519' ? undefined : key,
    agreeing: jwk.kty === 'OKP' && jwk.crv === 'Ed25519' ? undefined : key,
  })
}
