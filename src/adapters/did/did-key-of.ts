import { decodeBase64url } from '../../domain/base64url.ts'
import type { Did } from '../../domain/did/did.ts'
import type { PublicJwk } from '../../domain/jwk.ts'
import { encodeBase58 } from './base58.ts'
import { writeRsaPublicKey } from './rsa-public-key.ts'

/** Multicodec prefixes as unsigned varints. */
const PREFIX = {
  Ed25519: [0xed, 0x01],
  X25519: [0xec, 0x01],
  'P-256': [0x80, 0x24],
  'P-384': [0x81, 0x24],
  'P-521': [0x82, 0x24],
  secp256k1: [0xe7, 0x01],
  RSA: [0x85, 0x24],
} as const

/** The did:key of a public key (did:key §3.1.2). The key is taken to be sound. */
export function didKeyOf(jwk: PublicJwk): Did {
  const prefix = PREFIX[jwk.kty === 'RSA' ? 'RSA' : jwk.crv]
  return `did:key:z${encodeBase58(Uint8Array.of(...prefix, ...keyBytes(jwk)))}`
}

function keyBytes(jwk: PublicJwk): Uint8Array {
  switch (jwk.kty) {
    case 'OKP':
      return bytesOf(jwk.x)
    case 'EC': {
      const [x, y] = [bytesOf(jwk.x), bytesOf(jwk.y)]
      return Uint8Array.of(2 + ((y.at(-1) ?? 0) & 1), ...x)
    }
    case 'RSA':
      return writeRsaPublicKey(bytesOf(jwk.n), bytesOf(jwk.e))
  }
}

function bytesOf(member: string): Uint8Array {
  const bytes = decodeBase64url(member)
  if (bytes === undefined) throw new Error('a public key was not checked before it was used')
  return bytes
}
