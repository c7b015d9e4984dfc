import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519'
import { p256 } from '@noble/curves/nist'
import { describe, expect, it } from 'vitest'
import { publicKeyFault } from '../../src/adapters/jose/key-quality.ts'
import { hasRocaFingerprint, hasSmallFactor } from '../../src/adapters/jose/roca.ts'
import { encodeBase64url } from '../../src/domain/base64url.ts'
import { publicJwk, type PublicJwk } from '../../src/domain/jwk.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'

/** The number in so many bytes, most significant first. */
const bigEndian = (value: bigint, bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, at) =>
    Number((value >> BigInt(8 * (bytes - 1 - at))) & 255n),
  )
const littleEndian = (value: bigint) => bigEndian(value, 32).reverse()

const ed25519Key = (bytes: Uint8Array): PublicJwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: encodeBase64url(bytes),
})
const p256Key = (x: bigint, y: bigint): PublicJwk => ({
  kty: 'EC',
  crv: 'P-256',
  x: encodeBase64url(bigEndian(x, 32)),
  y: encodeBase64url(bigEndian(y, 32)),
})
const rsaKey = (n: bigint): PublicJwk => ({
  kty: 'RSA',
  n: encodeBase64url(bigEndian(n, Math.ceil(n.toString(16).length / 2))),
  e: 'AQAB',
})

const P = ed25519.Point.Fp.ORDER
const SIGN_OF_X = 1n << 255n
const GENUINE = ed25519.Point.fromBytes(ed25519.getPublicKey(new Uint8Array(32).fill(7)))

describe('publicKeyFault: sound keys', () => {
  it.each(Object.entries(PUBLIC_KEYS).map(([name, jwk]) => ({ name, jwk })))(
    'finds nothing wrong with $name',
    ({ jwk }) => {
      expect(publicKeyFault(jwk)).toBeUndefined()
    },
  )

  it('J27: finds nothing wrong with RSA keys of the platform, of 2,048 and 3,072 bits', async () => {
    for (const modulusLength of [2_048, 3_072]) {
      const { publicKey } = (await crypto.subtle.generateKey(
        {
          name: 'RSA-PSS',
          hash: 'SHA-256',
          modulusLength,
          publicExponent: Uint8Array.of(1, 0, 1),
        },
        true,
        ['sign', 'verify'],
      )) as CryptoKeyPair
      const jwk = publicJwk(await crypto.subtle.exportKey('jwk', publicKey))
      expect(jwk.ok ? publicKeyFault(jwk.value) : jwk).toBeUndefined()
    }
  })
})

describe('publicKeyFault: Ed25519 (RFC 8032 §5.1.3)', () => {
  it('J26: refuses all eight points whose order divides eight', () => {
    expect(ED25519_TORSION_SUBGROUP).toHaveLength(8)
    for (const hex of ED25519_TORSION_SUBGROUP)
      expect(publicKeyFault(ed25519Key(ed25519.Point.fromHex(hex).toBytes()))).toBe(
        'key_small_order',
      )
  })

  it.each([
    { what: 'the identity with the sign of x set', y: 1n + SIGN_OF_X },
    { what: 'the point of order 2 with the sign of x set', y: P - 1n + SIGN_OF_X },
    { what: 'a point of order 4 as y = p', y: P },
    { what: 'the other point of order 4 as y = p', y: P + SIGN_OF_X },
    { what: 'the identity as y = p + 1', y: P + 1n },
    { what: 'the identity as y = p + 1 with the sign of x set', y: P + 1n + SIGN_OF_X },
  ])('J26: refuses $what for its order', ({ y }) => {
    expect(publicKeyFault(ed25519Key(littleEndian(y)))).toBe('key_small_order')
  })

  it('J26: refuses every other y that is not reduced', () => {
    const unreduced = Array.from({ length: 17 }, (_, k) => P + BigInt(k + 2))
    for (const y of unreduced)
      for (const sign of [0n, SIGN_OF_X])
        expect(publicKeyFault(ed25519Key(littleEndian(y + sign)))).toBe('key_unusable')
  })

  it('J26: refuses y = 2, which is on no point of the curve', () => {
    expect(publicKeyFault(ed25519Key(littleEndian(2n)))).toBe('key_unusable')
  })

  it('J26: refuses a genuine key with any part of small order added, accepts it without', () => {
    const faults = ED25519_TORSION_SUBGROUP.map((hex) => {
      const mixed = GENUINE.add(ed25519.Point.fromHex(hex))
      return { fault: publicKeyFault(ed25519Key(mixed.toBytes())), same: mixed.equals(GENUINE) }
    })
    expect(faults.filter(({ same }) => same)).toEqual([{ fault: undefined, same: true }])
    expect(faults.filter(({ fault }) => fault === 'key_small_order')).toHaveLength(7)
  })
})

describe('publicKeyFault: EC (RFC 7518 §6.2.1)', () => {
  const { x, y } = p256.Point.BASE.toAffine()
  const FIELD = p256.Point.Fp.ORDER

  it('J28: accepts a point of the curve and its mirror image', () => {
    expect(publicKeyFault(p256Key(x, y))).toBeUndefined()
    expect(publicKeyFault(p256Key(x, FIELD - y))).toBeUndefined()
  })

  it.each([
    { what: 'a point beside the curve', key: p256Key(x, y ^ 1n) },
    { what: 'the coordinates exchanged', key: p256Key(y, x) },
    { what: '(0, 0)', key: p256Key(0n, 0n) },
    { what: 'an x of p', key: p256Key(FIELD, y) },
    { what: 'the largest numbers', key: p256Key((1n << 256n) - 1n, (1n << 256n) - 1n) },
  ])('J28: refuses $what', ({ key }) => {
    expect(publicKeyFault(key)).toBe('key_unusable')
  })

  it('J28: refuses coordinates that are not reduced, accepts the same point reduced', () => {
    const small = Array.from({ length: 64 }, (_, at) => BigInt(at + 1)).find((candidate) =>
      isOnCurve(p256Key(candidate, ySquareRoot(candidate))),
    )
    const point = small === undefined ? undefined : { x: small, y: ySquareRoot(small) }
    expect(point).toBeDefined()
    if (point === undefined) return
    expect(publicKeyFault(p256Key(point.x, point.y))).toBeUndefined()
    expect(publicKeyFault(p256Key(point.x + FIELD, point.y))).toBe('key_unusable')
  })

  it('J28: refuses P-256 coordinates that were padded to the length of P-384', () => {
    const padded = (value: bigint) => encodeBase64url(bigEndian(value, 48))
    const jwk: PublicJwk = { kty: 'EC', crv: 'P-384', x: padded(x), y: padded(y) }
    expect(publicKeyFault(jwk)).toBe('key_unusable')
  })

  it.each(['P-256', 'P-384', 'P-521', 'secp256k1'] as const)(
    'J28: refuses the sound key of %s with one letter of y changed',
    (crv) => {
      const key = PUBLIC_KEYS[crv]
      const y = `${key.y.slice(0, 8)}${key.y[8] === 'A' ? 'B' : 'A'}${key.y.slice(9)}`
      expect(publicKeyFault({ ...key, y })).toBe('key_unusable')
    },
  )

  const isOnCurve = (key: PublicJwk) => publicKeyFault(key) === undefined
  /** A root of x³ - 3x + b where there is one: p is 3 modulo 4. */
  const ySquareRoot = (value: bigint) => {
    const { b } = p256.Point.CURVE()
    const { Fp } = p256.Point
    return Fp.pow(Fp.create(value ** 3n - 3n * value + b), (FIELD + 1n) / 4n)
  }
})

describe('publicKeyFault: shape is judged again', () => {
  it.each([
    { what: 'a short coordinate', key: { ...PUBLIC_KEYS['P-256'], x: 'AQAB' } },
    {
      what: 'a padded coordinate',
      key: { ...PUBLIC_KEYS.Ed25519, x: `${PUBLIC_KEYS.Ed25519.x}=` },
    },
    { what: 'a small modulus', key: { ...PUBLIC_KEYS.RSA, n: 'AQAB' } },
    { what: 'the exponent 3', key: { ...PUBLIC_KEYS.RSA, e: 'Aw' } },
    { what: 'a short X25519 key', key: { ...PUBLIC_KEYS.X25519, x: 'AQAB' } },
  ])('J27, J28: refuses $what that never passed publicJwk', ({ key }) => {
    expect(publicKeyFault(key as PublicJwk)).toBe('key_unusable')
  })
})

describe('publicKeyFault: RSA moduli', () => {
  const PRIMES = Array.from({ length: 166 }, (_, at) => at + 2).filter((n) =>
    Array.from({ length: 11 }, (_, at) => at + 2).every((d) => d >= n || n % d !== 0),
  )
  const PRODUCT = PRIMES.reduce((product, prime) => product * BigInt(prime), 1n)
  const power = (exponent: number) =>
    Array.from({ length: exponent }).reduce<bigint>((value) => (value * 65_537n) % PRODUCT, 1n)
  /** 2,048 bits, and a power of 65537 modulo every prime to 167: the mark of the generator. */
  const marked = power(1_234) + PRODUCT * ((1n << 2_047n) / PRODUCT + 1n)

  it('J27: refuses a modulus with the mark of the ROCA generator', () => {
    expect(PRIMES).toHaveLength(39)
    expect(hasRocaFingerprint(marked)).toBe(true)
    expect(hasSmallFactor(marked)).toBe(false)
    expect(publicKeyFault(rsaKey(marked))).toBe('key_unusable')
  })

  it('J27: accepts the next modulus without the mark and without a small factor', () => {
    let other = marked + 2n
    while (hasSmallFactor(other)) other += 2n
    expect(hasRocaFingerprint(other)).toBe(false)
    expect(publicKeyFault(rsaKey(other))).toBeUndefined()
  })

  it.each([3, 5, 167])('J27: refuses a modulus that %i divides', (factor) => {
    const prime = BigInt(factor)
    const multiple = ((1n << 2_047n) / prime) * prime + prime
    const odd = multiple % 2n === 0n ? multiple + prime : multiple
    expect(publicKeyFault(rsaKey(odd))).toBe('key_unusable')
  })
})
