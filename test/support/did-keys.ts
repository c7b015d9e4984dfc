import { p256, p384, p521 } from '@noble/curves/nist'
import { secp256k1 } from '@noble/curves/secp256k1'
import { encodeBase58 } from '../../src/adapters/did/base58.ts'
import type { Did } from '../../src/domain/did/did.ts'

/** Multicodec prefixes as unsigned varints, as the did:key registry has them. */
export const PREFIXES = {
  Ed25519: [0xed, 0x01],
  X25519: [0xec, 0x01],
  'P-256': [0x80, 0x24],
  'P-384': [0x81, 0x24],
  'P-521': [0x82, 0x24],
  secp256k1: [0xe7, 0x01],
  RSA: [0x85, 0x24],
} as const

export const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521, secp256k1 } as const

/** A did:key of whatever bytes. */
export const didKeyOfBytes = (prefix: readonly number[], bytes: Iterable<number>): Did =>
  `did:key:z${encodeBase58(Uint8Array.of(...prefix, ...bytes))}`

/** The point that belongs to the private key `scalar`, which everybody knows. */
export const publicPoint = (crv: keyof typeof CURVES, scalar: bigint, compressed: boolean) =>
  CURVES[crv].Point.BASE.multiply(scalar).toBytes(compressed)
