import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../src/domain/jwk.ts'

/** A private key as it stands in the secret `SIGNING_KEYS`. */
export interface SigningJwk extends JWK {
  readonly kid: string
  readonly alg: SignatureAlgorithm
}

/** The value of the secret `SIGNING_KEYS`: a JWK Set (RFC 7517 §5) of private keys. */
export interface SigningKeySet {
  readonly keys: readonly JWK[]
}

/** Members that may be published (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2); any other stays behind. */
const PUBLIC_MEMBERS = new Set(['kid', 'alg', 'use', 'kty', 'crv', 'x', 'y', 'n', 'e'])

/** True for the name of an algorithm that the service signs with. */
export const isSignatureAlgorithm = (name: string): name is SignatureAlgorithm =>
  SIGNATURE_ALGORITHMS.some((alg) => alg === name)

/** A new private key. `kid` absent: its thumbprint (RFC 7638). `rsaBits` counts for PS256 only. */
export async function makeSigningKey(
  alg: SignatureAlgorithm,
  kid: string | undefined,
  rsaBits: number,
): Promise<SigningJwk> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: rsaBits })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: kid ?? (await calculateJwkThumbprint(jwk)), alg, use: 'sig' }
}

/** The keys that development and tests sign with: one for every algorithm of the service. */
export async function makeDevelopmentKeys(): Promise<SigningKeySet> {
  return {
    keys: await Promise.all([
      makeSigningKey('EdDSA', 'dev-ed25519', DEVELOPMENT_RSA_BITS),
      makeSigningKey('ES256', 'dev-p256', DEVELOPMENT_RSA_BITS),
      makeSigningKey('ES384', 'dev-p384', DEVELOPMENT_RSA_BITS),
      makeSigningKey('PS256', 'dev-rsa', DEVELOPMENT_RSA_BITS),
    ]),
  }
}

/** The least that the service accepts; made quickly and used nowhere else. */
const DEVELOPMENT_RSA_BITS = 2_048

/** The same keys, public members only. */
export const publicPart = (set: SigningKeySet): SigningKeySet => ({
  keys: set.keys.map((jwk) =>
    Object.fromEntries(Object.entries(jwk).filter(([member]) => PUBLIC_MEMBERS.has(member))),
  ),
})
