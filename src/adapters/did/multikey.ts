import { p256, p384, p521 } from '@noble/curves/nist'
import { secp256k1 } from '@noble/curves/secp256k1'
import { encodeBase64url } from '../../domain/base64url.ts'
import { publicJwk, type PublicJwk } from '../../domain/jwk.ts'
import { MAX_DID_KEY_CHARACTERS, MAX_DID_KEY_RSA_CHARACTERS } from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { decodeBase58, encodeBase58 } from './base58.ts'
import { readRsaPublicKey } from './rsa-public-key.ts'

export interface MultikeyRefusal {
  readonly reason:
    /** Not a Multikey, or not its one canonical spelling (row D15), or no key of its type. */
    | 'multikey_invalid'
    /** A Multikey of a type that this service does not know (row D16). */
    | 'key_type_not_supported'
}

/** Reads the bytes after the prefix; `undefined` when they are no key of this type. */
type KeyReader = (bytes: Uint8Array) => PublicJwk | undefined

/** The key types that we read, by their name here, with their multicodec. */
export const MULTICODECS = {
  Ed25519: 0xed,
  X25519: 0xec,
  secp256k1: 0xe7,
  'P-256': 0x1200,
  'P-384': 0x1201,
  'P-521': 0x1202,
  RSA: 0x1205,
} as const

/** How each of them is read. */
const READERS: ReadonlyMap<number, KeyReader> = new Map<number, KeyReader>([
  [MULTICODECS.Ed25519, (x) => coordinateKey('Ed25519', x)],
  [MULTICODECS.X25519, (x) => coordinateKey('X25519', x)],
  [MULTICODECS.secp256k1, pointReader('secp256k1', secp256k1)],
  [MULTICODECS['P-256'], pointReader('P-256', p256)],
  [MULTICODECS['P-384'], pointReader('P-384', p384)],
  [MULTICODECS['P-521'], pointReader('P-521', p521)],
  [MULTICODECS.RSA, readRsa],
])

/**
 * Other public keys of the multicodec table: BLS12-381, sr25519, Ed448, X448, SM2, ML-DSA, and a JWK.
 * Whatever is neither here nor above is no public key at all.
 */
const FOREIGN: ReadonlySet<number> = new Set([
  0xea, 0xeb, 0xee, 0xef, 0x1203, 0x1204, 0x1206, 0x1210, 0x1211, 0x1212, 0xeb51,
])

/**
 * The key of a Multikey in base58btc (CID 1.0 §2.2.2; did:key §3.1.2). Canonical only: the shortest
 * varint, compressed points, minimal DER. An elliptic point is on its curve; whether the key is a sound
 * one, and an X25519 or Ed25519 key below its modulus, is not judged here.
 */
export function readMultikey(text: string): Result<PublicJwk, MultikeyRefusal> {
  if (!text.startsWith('z') || text.length > MAX_DID_KEY_RSA_CHARACTERS) return invalid
  const bytes = decodeBase58(text.slice(1))
  const codec = bytes === undefined ? undefined : readVarint(bytes)
  if (bytes === undefined || codec === undefined) return invalid
  if (FOREIGN.has(codec.value)) return refuse({ reason: 'key_type_not_supported' })
  const key = READERS.get(codec.value)?.(bytes.subarray(codec.length))
  if (key === undefined) return invalid
  return key.kty !== 'RSA' && text.length > MAX_DID_KEY_CHARACTERS ? invalid : ok(key)
}

const invalid = refuse({ reason: 'multikey_invalid' } as const)

/** The Multikey of an X25519 key, whose name it is in the document of an Ed25519 did:key. */
export const x25519Multikey = (bytes: Uint8Array): string =>
  `z${encodeBase58(Uint8Array.of(MULTICODECS.X25519, 0x01, ...bytes))}`

/** Every multicodec of a key is shorter than this. */
const MAX_VARINT_BYTES = 4

/** The unsigned varint at the beginning, in its shortest form alone. */
function readVarint(
  bytes: Uint8Array,
): { readonly value: number; readonly length: number } | undefined {
  let value = 0
  for (let at = 0; at < MAX_VARINT_BYTES; at++) {
    const byte = bytes[at]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 0x80 ** at
    // A last byte of zero adds nothing, so that there is a shorter form.
    if (byte < 0x80) return byte === 0 && at > 0 ? undefined : { value, length: at + 1 }
  }
  return undefined
}

function coordinateKey(crv: 'Ed25519' | 'X25519', bytes: Uint8Array): PublicJwk | undefined {
  return bytes.length === 32 ? { kty: 'OKP', crv, x: encodeBase64url(bytes) } : undefined
}

interface Curve {
  readonly Point: { fromBytes(bytes: Uint8Array): { toBytes(compressed: boolean): Uint8Array } }
}

function pointReader(crv: (PublicJwk & { kty: 'EC' })['crv'], curve: Curve): KeyReader {
  return (bytes) => {
    if (bytes[0] !== 0x02 && bytes[0] !== 0x03) return undefined
    const point = decompressed(curve, bytes)
    if (point === undefined) return undefined
    const size = (point.length - 1) / 2
    return {
      kty: 'EC',
      crv,
      x: encodeBase64url(point.subarray(1, 1 + size)),
      y: encodeBase64url(point.subarray(1 + size)),
    }
  }
}

/** The uncompressed point; both coordinates come in their full length, leading zeros included. */
function decompressed(curve: Curve, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return curve.Point.fromBytes(bytes).toBytes(false)
  } catch (cause) {
    // The curve library throws a plain Error for bytes that are no point; anything else is a bug.
    if (cause instanceof Error && cause.name === 'Error') return undefined
    throw cause
  }
}

function readRsa(bytes: Uint8Array): PublicJwk | undefined {
  const key = readRsaPublicKey(bytes)
  if (key === undefined) return undefined
  const jwk = publicJwk({ kty: 'RSA', n: encodeBase64url(key.n), e: encodeBase64url(key.e) })
  return jwk.ok ? jwk.value : undefined
}
