import { ALGORITHMS, MIN_RSA_BITS, type HolderAlg, type PlatformKey } from './algorithms.ts'
import { TrustError } from './trust-error.ts'

/**
 * Whoever signs for a participant. The private key stays wherever it is: an HSM signs, or a WebCrypto
 * key that cannot be exported.
 */
export interface HolderSigner {
  /** DID URL of the key, as the DID document names it. What stands before "#" is the holder. */
  readonly kid: string
  readonly alg: HolderAlg
  /**
   * Signs these bytes, which are not hashed yet. Ed25519: 64 bytes (RFC 8032). ES256: r and s, 32 bytes
   * each (RFC 7518 §3.4); see `signatureFromDer`. PS256: RSA-PSS, SHA-256, a salt of 32 bytes.
   */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

/** The DID of a signer. Throws `kid_not_did_url` for a kid that names none. */
export function holderOf({ kid }: Pick<HolderSigner, 'kid'>): string {
  const [did = '', fragment = '', ...more] = kid.split('#')
  const named = /^did:[a-z0-9]+:[^\s?/]+$/.test(did) && fragment !== '' && more.length === 0
  if (!named) throw new TrustError('kid_not_did_url')
  return did
}

/**
 * A signer over a WebCrypto key, which need not be extractable. The algorithm is that of the key: Ed25519,
 * ECDSA over P-256, or RSA-PSS with SHA-256. Throws `key_not_supported` for any other.
 *
 * @example
 * const { privateKey } = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])
 * const signer = webCryptoSigner('did:web:buyer.example#key-1', privateKey)
 * signer.alg // → 'EdDSA'
 */
export function webCryptoSigner(kid: string, privateKey: PlatformKey): HolderSigner {
  const alg = algOf(privateKey)
  if (alg === undefined) throw new TrustError('key_not_supported')
  holderOf({ kid })
  return {
    kid,
    alg,
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign(ALGORITHMS[alg].used, privateKey, bytes)),
  }
}

function algOf({ type, usages, algorithm }: PlatformKey): HolderAlg | undefined {
  if (type !== 'private' || !usages.includes('sign')) return undefined
  const { name, namedCurve, hash, modulusLength } = algorithm as {
    readonly name: string
    readonly namedCurve?: string
    readonly hash?: string | { readonly name: string }
    readonly modulusLength?: number
  }
  if (name === 'Ed25519') return 'EdDSA'
  if (name === 'ECDSA' && namedCurve === 'P-256') return 'ES256'
  const sha256 = (typeof hash === 'string' ? hash : hash?.name) === 'SHA-256'
  const large = (modulusLength ?? 0) >= MIN_RSA_BITS
  return name === 'RSA-PSS' && sha256 && large ? 'PS256' : undefined
}

/**
 * The 64 bytes of an ES256 signature, from the ASN.1 DER (`SEQUENCE { r INTEGER, s INTEGER }`) that many
 * HSMs answer with. Throws `signature_form_wrong` for anything else.
 *
 * @example
 * const signer = {
 *   kid: 'did:web:buyer.example#key-1',
 *   alg: 'ES256',
 *   sign: async (bytes) => signatureFromDer(await hsm.sign(bytes)),
 * }
 * const presentation = await createPresentation({ signer, credentials: [credential], audience, challenge })
 * presentation.split('.').length // → 3
 */
export function signatureFromDer(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(2 * INTEGER_BYTES)
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) throw new TrustError('signature_form_wrong')
  let at = 2
  for (const end of [INTEGER_BYTES, 2 * INTEGER_BYTES]) {
    const [tag, length = 0] = [der[at], der[at + 1]]
    const digits = der.subarray(at + 2, at + 2 + length)
    const integer = digits[0] === 0 ? digits.subarray(1) : digits
    const whole = tag === INTEGER && digits.length === length && length > 0
    if (!whole || integer.length > INTEGER_BYTES) throw new TrustError('signature_form_wrong')
    raw.set(integer, end - integer.length)
    at += 2 + length
  }
  if (at !== der.length) throw new TrustError('signature_form_wrong')
  return raw
}

/** ASN.1 tags (X.690), and the bytes of a number below the order of P-256. */
const [SEQUENCE, INTEGER, INTEGER_BYTES] = [0x30, 0x02, 32]
