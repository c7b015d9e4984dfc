import { decodeBase64url, encodeBase64url, utf8, utf8Text } from './base64url.ts'
import { holderOf, type HolderSigner } from './holder-signer.ts'
import { isJsonObject, parsedJson, type JsonObject } from './json.ts'
import { platformNow, type EpochSeconds } from './platform.ts'
import { TrustError } from './trust-error.ts'

const VCDM2 = 'https://www.w3.org/ns/credentials/v2'

/** A secured credential: a compact JWT, or the enveloped object that issuing answers with. */
export type SecuredCredential = string | JsonObject

export interface NewPresentation {
  readonly signer: HolderSigner
  /** One to eight. Each must be about the holder, or vouch for the issuer of one that is. */
  readonly credentials: readonly SecuredCredential[]
  /** The `audience` of the verifier, exactly. */
  readonly audience: string
  /** From the verifier; it counts once. */
  readonly challenge: string
  /** At most 300; 120 where absent. */
  readonly lifetimeSeconds?: number
  /** The holder's clock; the platform's where absent. */
  readonly now?: EpochSeconds
}

/** Longest life of a presentation, in seconds. */
const MAX_LIFETIME_SECONDS = 300
const LIFETIME_SECONDS = 120
const MAX_CREDENTIALS = 8

/**
 * Builds and signs a presentation: a `vp+jwt` (VC-JOSE-COSE §3) with the credentials enveloped, `aud`,
 * `nonce`, `iat` and `exp`. Throws `credentials_missing`, `too_many_credentials`, `credential_invalid`,
 * `lifetime_too_long`, `kid_not_did_url` and `signature_form_wrong`. Does not ask whether the DID
 * document lists the key: see `assertHolderKey`.
 *
 * @example
 * const { challenge } = await createTrustClient({ url }).verifier('seller').challenge()
 * const presentation = await createPresentation({ signer, credentials: [credential], audience, challenge })
 * presentation.split('.').length // → 3
 */
export async function createPresentation(wanted: NewPresentation): Promise<string> {
  const { signer, credentials, audience, challenge } = wanted
  const { lifetimeSeconds = LIFETIME_SECONDS, now = platformNow() } = wanted
  if (credentials.length === 0) throw new TrustError('credentials_missing')
  if (credentials.length > MAX_CREDENTIALS) throw new TrustError('too_many_credentials')
  if (!(lifetimeSeconds >= 1 && lifetimeSeconds <= MAX_LIFETIME_SECONDS))
    throw new TrustError('lifetime_too_long')
  const header = { alg: signer.alg, typ: 'vp+jwt', cty: 'vp', kid: signer.kid }
  const payload = {
    '@context': [VCDM2],
    type: ['VerifiablePresentation'],
    holder: holderOf(signer),
    verifiableCredential: credentials.map(envelopedCredential),
    aud: audience,
    nonce: challenge,
    iat: now,
    exp: now + Math.floor(lifetimeSeconds),
  }
  const input = `${part(header)}.${part(payload)}`
  const signature = await signer.sign(utf8(input))
  if (!hasForm(signer, signature)) throw new TrustError('signature_form_wrong')
  return `${input}.${encodeBase64url(signature)}`
}

const part = (value: object): string => encodeBase64url(utf8(JSON.stringify(value)))

const hasForm = ({ alg }: HolderSigner, signature: Uint8Array): boolean =>
  alg === 'PS256' ? signature.length >= 256 : signature.length === 64

/** A credential as a presentation carries it (VC-JOSE-COSE §3.2). */
export function envelopedCredential(credential: SecuredCredential): JsonObject {
  if (isJsonObject(credential)) {
    const inside = credential['verifiableCredential']
    if (typeof inside === 'string' || isJsonObject(inside)) return envelopedCredential(inside)
    return credential
  }
  const header = headerOf(credential)
  if (header === undefined) throw new TrustError('credential_invalid')
  const mediaType = header['typ'] === 'vc+jwt' ? 'application/vc+jwt' : 'application/jwt'
  return {
    '@context': VCDM2,
    id: `data:${mediaType},${credential}`,
    type: 'EnvelopedVerifiableCredential',
  }
}

function headerOf(token: string): JsonObject | undefined {
  const [header = '', ...others] = token.split('.')
  if (others.length !== 2) return undefined
  const bytes = decodeBase64url(header)
  const value = bytes === undefined ? undefined : parsedJson(utf8Text(bytes) ?? '')
  return isJsonObject(value) ? value : undefined
}
