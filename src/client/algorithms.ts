import type { JsonObject } from './json.ts'

/** What participants sign with (rule F6). */
export type HolderAlg = 'EdDSA' | 'ES256' | 'PS256'
/** What decisions may be signed with. */
export type SignatureAlg = HolderAlg | 'ES384'

/** A WebCrypto key; its name is not the same in the types of every platform. */
export type PlatformKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

interface Algorithm {
  /** What WebCrypto imports a key for. */
  readonly imported: EcKeyImportParams | RsaHashedImportParams | { readonly name: string }
  /** What WebCrypto signs and verifies with. */
  readonly used: EcdsaParams | RsaPssParams | { readonly name: string }
  /** Members that a public JWK of this algorithm has, and no other. */
  readonly jwk: Readonly<Record<string, string>>
}

interface EcKeyImportParams {
  readonly name: string
  readonly namedCurve: string
}
interface RsaHashedImportParams {
  readonly name: string
  readonly hash: string
}
interface EcdsaParams {
  readonly name: string
  readonly hash: string
}
interface RsaPssParams {
  readonly name: string
  readonly saltLength: number
}

/** JOSE algorithms (RFC 7518 §3, RFC 8037 §3.1) as WebCrypto knows them. */
export const ALGORITHMS: Readonly<Record<SignatureAlg, Algorithm>> = {
  EdDSA: {
    imported: { name: 'Ed25519' },
    used: { name: 'Ed25519' },
    jwk: { kty: 'OKP', crv: 'Ed25519' },
  },
  ES256: {
    imported: { name: 'ECDSA', namedCurve: 'P-256' },
    used: { name: 'ECDSA', hash: 'SHA-256' },
    jwk: { kty: 'EC', crv: 'P-256' },
  },
  ES384: {
    imported: { name: 'ECDSA', namedCurve: 'P-384' },
    used: { name: 'ECDSA', hash: 'SHA-384' },
    jwk: { kty: 'EC', crv: 'P-384' },
  },
  PS256: {
    imported: { name: 'RSA-PSS', hash: 'SHA-256' },
    used: { name: 'RSA-PSS', saltLength: 32 },
    jwk: { kty: 'RSA' },
  },
}

/** Smallest RSA modulus, in bits. */
export const MIN_RSA_BITS = 2_048

export const isSignatureAlg = (alg: unknown): alg is SignatureAlg =>
  typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg)

/** True when a JWK is a public key for `alg`: its kind and curve, and its own `alg` where it names one. */
export const fitsAlg = (jwk: JsonObject, alg: SignatureAlg): boolean =>
  Object.entries(ALGORITHMS[alg].jwk).every(([member, value]) => jwk[member] === value) &&
  (jwk['alg'] === undefined || jwk['alg'] === alg || jwk['alg'] === ED25519[alg])

/** RFC 9864 has a name for EdDSA on this curve alone. */
const ED25519: Readonly<Partial<Record<SignatureAlg, string>>> = { EdDSA: 'Ed25519' }
