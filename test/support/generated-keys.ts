import { publicJwk, type PublicJwk, type SignatureAlgorithm } from '../../src/domain/jwk.ts'

/** What Web Cryptography calls each algorithm when it makes a key and when it signs. */
export const WEB_CRYPTO_NAMES = {
  EdDSA: { generate: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  ES256: {
    generate: { name: 'ECDSA', namedCurve: 'P-256' },
    sign: { name: 'ECDSA', hash: 'SHA-256' },
  },
  ES384: {
    generate: { name: 'ECDSA', namedCurve: 'P-384' },
    sign: { name: 'ECDSA', hash: 'SHA-384' },
  },
  PS256: {
    generate: {
      name: 'RSA-PSS',
      hash: 'SHA-256',
      modulusLength: 2_048,
      publicExponent: Uint8Array.of(1, 0, 1),
    },
    sign: { name: 'RSA-PSS', saltLength: 32 },
  },
} as const

export interface GeneratedKey {
  readonly privateKey: CryptoKey
  readonly jwk: PublicJwk
  /** All members, the private ones too, and no others. */
  readonly privateJwk: Readonly<Record<string, string>>
}

/** A key of this run, so that no private key stands in the repository. */
export async function generateKey(alg: SignatureAlgorithm): Promise<GeneratedKey> {
  const pair = await crypto.subtle.generateKey(WEB_CRYPTO_NAMES[alg].generate, true, [
    'sign',
    'verify',
  ])
  const { privateKey, publicKey } = pair as CryptoKeyPair
  const jwk = publicJwk(await crypto.subtle.exportKey('jwk', publicKey))
  if (!jwk.ok) throw new Error('the platform made a key that is refused')
  const exported = await crypto.subtle.exportKey('jwk', privateKey)
  const members = Object.entries(exported).filter(
    ([member, value]) => typeof value === 'string' && !['alg', 'use'].includes(member),
  )
  return { privateKey, jwk: jwk.value, privateJwk: Object.fromEntries(members) }
}
