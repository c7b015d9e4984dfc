import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519'
import { p256 } from '@noble/curves/nist'
import { sha512 } from '@noble/hashes/sha2'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { PublicJwk, SignatureAlgorithm } from '../../src/domain/jwk.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { MAX_CACHED_ENTRIES } from '../../src/domain/limits.ts'
import { part } from '../support/compact-jws.ts'
import { generateKey, WEB_CRYPTO_NAMES } from '../support/generated-keys.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const

const signingInput = (alg: string, payload: string) =>
  `${part(JSON.stringify({ alg, kid: 'did:web:issuer.example#key-1', typ: 'JWT' }))}.${part(payload)}`
const PAYLOAD = '{"iss":"did:web:issuer.example","vc":{}}'

async function token(alg: SignatureAlgorithm, privateKey: CryptoKey) {
  const input = signingInput(alg, PAYLOAD)
  const signature = await crypto.subtle.sign(WEB_CRYPTO_NAMES[alg].sign, privateKey, utf8(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

const verifier = createSignatureVerifier()

/** `accepted`, or why not: the gate and the verifier as a use case puts them in order. */
async function judge(compact: string, jwk: PublicJwk): Promise<string> {
  const jws = readCompactJws(compact, 'credential-vcdm1')
  if (!jws.ok) return jws.refusal.reason
  const verified = await verifier.verify(jws.value, jwk)
  return verified.ok ? 'accepted' : verified.refusal.reason
}

describe.each(ALGORITHMS)('SignatureVerifier: %s', (alg) => {
  it('accepts a genuine token, again and with a key object of its own', async () => {
    const { privateKey, jwk } = await generateKey(alg)
    const compact = await token(alg, privateKey)
    expect(await judge(compact, jwk)).toBe('accepted')
    expect(await judge(compact, jwk)).toBe('accepted')
    expect(await judge(compact, { ...jwk })).toBe('accepted')
  })

  it('refuses another payload, another header and another key of the same kind', async () => {
    const { privateKey, jwk } = await generateKey(alg)
    const [header = '', , signature = ''] = (await token(alg, privateKey)).split('.')
    const otherPayload = part('{"iss":"did:web:other.example","vc":{}}')
    const otherHeader = part(JSON.stringify({ alg, kid: 'did:web:issuer.example#key-1' }))
    expect(await judge(`${header}.${otherPayload}.${signature}`, jwk)).toBe('signature_invalid')
    expect(await judge(`${otherHeader}.${part(PAYLOAD)}.${signature}`, jwk)).toBe(
      'signature_invalid',
    )
    const other = await generateKey(alg)
    expect(await judge(`${header}.${part(PAYLOAD)}.${signature}`, other.jwk)).toBe(
      'signature_invalid',
    )
  })

  it('J24: refuses a signature of any other length', async () => {
    const { privateKey, jwk } = await generateKey(alg)
    const [header = '', payload = '', signature = ''] = (await token(alg, privateKey)).split('.')
    const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const withSignature = (other: Uint8Array) =>
      judge(`${header}.${payload}.${encodeBase64url(other)}`, jwk)
    expect(await withSignature(bytes)).toBe('accepted')
    const others = [bytes.slice(0, 1), bytes.slice(0, -1), bytes.slice(1)]
    const longer = [Uint8Array.of(...bytes, 0), Uint8Array.of(0, ...bytes)]
    for (const other of [...others, ...longer, Uint8Array.of(...bytes, ...bytes)])
      expect(await withSignature(other)).toBe('signature_invalid')
  })

  it('J4: refuses a key that is pinned to another algorithm, or to none', async () => {
    const { privateKey, jwk } = await generateKey(alg)
    const compact = await token(alg, privateKey)
    const own = { EdDSA: 'Ed25519', ES256: 'P-256', ES384: 'P-384', PS256: 'RSA' }[alg]
    const reasons = await Promise.all(
      Object.entries(PUBLIC_KEYS)
        .filter(([name]) => name !== own)
        .map(([, key]) => judge(compact, key)),
    )
    expect(reasons).toEqual(Array.from({ length: 6 }, () => 'key_alg_mismatch'))
    expect(await judge(compact, jwk)).toBe('accepted')
  })

  it('G10: refuses every single-bit flip of a whole token', async () => {
    const { privateKey, jwk } = await generateKey(alg)
    const compact = await token(alg, privateKey)
    const accepted: number[] = []
    let tried = 0
    for (let at = 0; at < compact.length; at++)
      for (let bit = 0; bit < 7; bit++) {
        const flipped = String.fromCharCode(compact.charCodeAt(at) ^ (1 << bit))
        tried++
        const outcome = await judge(
          `${compact.slice(0, at)}${flipped}${compact.slice(at + 1)}`,
          jwk,
        )
        if (outcome === 'accepted') accepted.push(at)
      }
    expect(accepted).toEqual([])
    expect(tried).toBe(compact.length * 7)
  })
})

describe('SignatureVerifier: ECDSA values (rows J24, J25)', () => {
  const N = p256.Point.Fn.ORDER
  const secret = 0x1234567890abcdefn
  const jwk = (() => {
    const { x, y } = p256.Point.BASE.multiply(secret).toAffine()
    return { kty: 'EC', crv: 'P-256', x: number(x), y: number(y) } as const
  })()
  const input = signingInput('ES256', PAYLOAD)
  const genuine = p256.sign(utf8(input), p256.Point.Fn.toBytes(secret), { prehash: true })
  const withValues = (r: bigint, s: bigint) => judge(`${input}.${number(r, s)}`, jwk)

  function number(...values: readonly bigint[]): string {
    return encodeBase64url(
      Uint8Array.from(values.flatMap((value) => Array.from(p256.Point.Fp.toBytes(value)))),
    )
  }

  it('accepts the signature every refusal below is made from', async () => {
    expect(await withValues(genuine.r, genuine.s)).toBe('accepted')
  })

  it('J25: accepts (r, n - s) too, so that a replay store must not go by the text', async () => {
    expect(await withValues(genuine.r, N - genuine.s)).toBe('accepted')
  })

  it.each([
    { what: 'r = 0', r: 0n, s: genuine.s },
    { what: 's = 0', r: genuine.r, s: 0n },
    { what: 'r = s = 0', r: 0n, s: 0n },
    { what: 'r = s = 1', r: 1n, s: 1n },
    { what: 'r = s = n', r: N, s: N },
    { what: 'r = n, s = 0', r: N, s: 0n },
    { what: 's beyond n', r: genuine.r, s: N + 1n },
    { what: 'r and s exchanged', r: genuine.s, s: genuine.r },
  ])('J24: refuses $what', async ({ r, s }) => {
    expect(await withValues(r, s)).toBe('signature_invalid')
  })

  it('J24: refuses the genuine values in DER', async () => {
    const der = encodeBase64url(genuine.toBytes('der'))
    expect(await judge(`${input}.${der}`, jwk)).toBe('signature_invalid')
  })
})

describe('SignatureVerifier: Ed25519 values (row J26)', () => {
  const { Point } = ed25519
  const L = Point.Fn.ORDER
  const scalar = 0x1234567890abcdefn
  const publicPoint = Point.BASE.multiply(scalar)
  const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex))
  const input = signingInput('EdDSA', PAYLOAD)
  type PointOfCurve = typeof publicPoint

  const littleEndian = (value: bigint) =>
    Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))
  const jwkOf = (point: PointOfCurve): PublicJwk => ({
    kty: 'OKP',
    crv: 'Ed25519',
    x: encodeBase64url(point.toBytes()),
  })
  /** The scalar that RFC 8032 §5.1.6 calls k, for any R and A. */
  const challenge = (R: PointOfCurve, A: PointOfCurve) => {
    const digest = sha512(Uint8Array.of(...R.toBytes(), ...A.toBytes(), ...utf8(input)))
    return digest.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n) % L
  }
  const compact = (R: PointOfCurve, S: bigint) =>
    `${input}.${encodeBase64url(Uint8Array.of(...R.toBytes(), ...littleEndian(S)))}`
  const nonce = 0xfedcba9876543210n
  /** A signature with the private scalar over an R of our choice, which only its owner can make. */
  const signed = (R: PointOfCurve, r: bigint, A: PointOfCurve) =>
    compact(R, (r + challenge(R, A) * scalar) % L)
  const R = Point.BASE.multiply(nonce)

  it('accepts the signature every refusal below is made from', async () => {
    expect(await judge(signed(R, nonce, publicPoint), jwkOf(publicPoint))).toBe('accepted')
  })

  it('J26: refuses S beyond the order, which names the same signature again', async () => {
    const S = (nonce + challenge(R, publicPoint) * scalar) % L
    for (const other of [S + L, S + 2n * L, S + 8n * L])
      expect(await judge(compact(R, other), jwkOf(publicPoint))).toBe('signature_invalid')
  })

  it('J26: refuses an R of small order, even where the equation holds', async () => {
    for (const small of torsion)
      expect(await judge(signed(small, 0n, publicPoint), jwkOf(publicPoint))).toBe(
        'signature_invalid',
      )
  })

  it('J26: refuses an R with a part of small order', async () => {
    const mixed = torsion.filter((point) => !point.is0()).map((point) => R.add(point))
    expect(mixed).toHaveLength(7)
    for (const other of mixed)
      expect(await judge(signed(other, nonce, publicPoint), jwkOf(publicPoint))).toBe(
        'signature_invalid',
      )
  })

  it('J26: refuses every key of small order, under which anybody can sign', async () => {
    let forgeriesThatHold = 0
    for (const key of torsion) {
      const forged = compact(R, nonce)
      if (R.add(key.multiplyUnsafe(challenge(R, key))).equals(R)) forgeriesThatHold++
      expect(await judge(forged, jwkOf(key))).toBe('key_small_order')
    }
    // At least for the identity the equation holds without any private key.
    expect(forgeriesThatHold).toBeGreaterThan(0)
  })

  it('J26: refuses every key with a part of small order, though its owner signs', async () => {
    const mixed = torsion.filter((point) => !point.is0()).map((point) => publicPoint.add(point))
    for (const key of mixed)
      expect(await judge(signed(R, nonce, key), jwkOf(key))).toBe('key_small_order')
  })
})

describe('SignatureVerifier: keys that the gate of keys refuses', () => {
  it.each([
    { what: 'beside its curve', jwk: { ...PUBLIC_KEYS['P-256'], y: PUBLIC_KEYS['P-256'].x } },
    { what: 'with a short coordinate', jwk: { ...PUBLIC_KEYS['P-256'], x: 'AQAB' } },
  ])('J28: refuses an ES256 key $what', async ({ jwk }) => {
    const { privateKey } = await generateKey('ES256')
    expect(await judge(await token('ES256', privateKey), jwk)).toBe('key_unusable')
  })

  it.each([
    { bits: 1_024, expected: 'key_unusable' },
    { bits: 2_049, expected: 'signature_invalid' },
    { bits: 4_096, expected: 'signature_invalid' },
    { bits: 8_192, expected: 'signature_invalid' },
  ])('J27: an RSA key of $bits bits leads to $expected', async ({ bits, expected }) => {
    // No product of two primes, yet no small factor either: good for import, and nobody's key.
    let n = (1n << BigInt(bits - 1)) + 1n
    while (SMALL.some((prime) => n % prime === 0n)) n += 2n
    const bytes = Math.ceil(bits / 8)
    const modulus = Uint8Array.from({ length: bytes }, (_, at) =>
      Number((n >> BigInt(8 * (bytes - 1 - at))) & 255n),
    )
    const jwk: PublicJwk = { kty: 'RSA', n: encodeBase64url(modulus), e: 'AQAB' }
    const signature = encodeBase64url(new Uint8Array(bytes).fill(1))
    expect(await judge(`${signingInput('PS256', PAYLOAD)}.${signature}`, jwk)).toBe(expected)
  })
  const SMALL = Array.from({ length: 83 }, (_, at) => BigInt(2 * at + 3))
})

describe('SignatureVerifier: imports', () => {
  afterEach(() => vi.restoreAllMocks())

  it('imports a key once, and remembers a refusal as well', async () => {
    const own = createSignatureVerifier()
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    const { privateKey, jwk } = await generateKey('ES256')
    const jws = readCompactJws(await token('ES256', privateKey), 'credential-vcdm1')
    if (!jws.ok) throw new Error('the token must be well-formed')
    for (let round = 0; round < 3; round++)
      expect(await own.verify(jws.value, { ...jwk })).toEqual({ ok: true, value: true })
    expect(importKey).toHaveBeenCalledTimes(1)
    const weak: PublicJwk = { ...PUBLIC_KEYS['P-256'], y: PUBLIC_KEYS['P-256'].x }
    for (let round = 0; round < 3; round++)
      expect(await own.verify(jws.value, weak)).toMatchObject({ ok: false })
    expect(importKey).toHaveBeenCalledTimes(1)
  })

  it('forgets the keys that were not used for longest, and imports them again', async () => {
    const own = createSignatureVerifier()
    const { privateKey, jwk } = await generateKey('ES256')
    const jws = readCompactJws(await token('ES256', privateKey), 'credential-vcdm1')
    if (!jws.ok) throw new Error('the token must be well-formed')
    await own.verify(jws.value, jwk)
    const weak = PUBLIC_KEYS['P-256'].x
    for (let other = 0; other < MAX_CACHED_ENTRIES; other++) {
      const x = encodeBase64url(Uint8Array.from({ length: 32 }, (_, at) => (other >> at) & 1))
      await own.verify(jws.value, { kty: 'EC', crv: 'P-256', x, y: weak })
    }
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    expect(await own.verify(jws.value, jwk)).toEqual({ ok: true, value: true })
    expect(importKey).toHaveBeenCalledTimes(1)
  })
})
