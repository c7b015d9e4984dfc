import { decodeBase64url } from '../../domain/base64url.ts'
import type { Did } from '../../domain/did/did.ts'
import type { PublicJwk } from '../../domain/jwk.ts'
import { encodeBase58 } from './base58.ts'
import { MULTICODECS } from './multikey.ts'
import { writeRsaPublicKey } from './rsa-public-key.ts'

/** The did:key of a public key (did:key §3.1.2). The key is taken to be sound. */
export function didKeyOf(jwk: PublicJwk): Did {
  const codec = MULTICODECS[jwk.kty === 'RSA' ? 'RSA' : jwk.crv]
  // An unsigned varint of two bytes: every codec above lies between 2^7 and 2^14.
  const prefix = [(codec & 0x7f) | 0x80, codec >> 7]
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
