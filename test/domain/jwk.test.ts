import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/domain/base64url.ts'
import {
  algorithmOf,
  publicJwk,
  sameKey,
  signatureAlgorithm,
  thumbprintInput,
} from '../../src/domain/jwk.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'

const refused = (fault: string) => ({ ok: false, refusal: { reason: 'key_unusable', fault } })
const ENTRIES = Object.entries(PUBLIC_KEYS).map(([name, jwk]) => ({ name, jwk }))
const SIGNING = [
  { name: 'Ed25519', jwk: PUBLIC_KEYS.Ed25519, alg: 'EdDSA', otherAlg: 'ES256' },
  { name: 'P-256', jwk: PUBLIC_KEYS['P-256'], alg: 'ES256', otherAlg: 'ES384' },
  { name: 'P-384', jwk: PUBLIC_KEYS['P-384'], alg: 'ES384', otherAlg: 'ES256' },
  { name: 'RSA', jwk: PUBLIC_KEYS.RSA, alg: 'PS256', otherAlg: 'RS256' },
] as const
const { Ed25519, X25519, RSA } = PUBLIC_KEYS
const P256 = PUBLIC_KEYS['P-256']

/** Base64url of a number of so many bits, the highest and the lowest of them set. */
const modulus = (bits: number) => {
  const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0xa5)
  bytes[0] = 1 << ((bits - 1) % 8)
  return encodeBase64url(bytes)
}

describe('publicJwk (RFC 7517 §4)', () => {
  it.each(ENTRIES)('reads a key of type $name', ({ jwk }) => {
    expect(publicJwk(jwk)).toEqual({ ok: true, value: jwk })
  })

  it.each(ENTRIES)('leaves out of $name whatever is no public member', ({ jwk }) => {
    const more = { kid: 'a', x5c: ['MIIB'], x5t: 'MHg', ext: true, key_ops: ['verify'], name: {} }
    expect(publicJwk({ ...more, ...jwk })).toEqual({ ok: true, value: jwk })
  })

  it.each([undefined, null, 'key', 1, true, [], [Ed25519]])('refuses %j', (value) => {
    expect(publicJwk(value)).toEqual(refused('not_an_object'))
  })

  it.each(
    ENTRIES.flatMap(({ name, jwk }) =>
      ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map((member) => ({ name, jwk, member })),
    ),
  )('J29: refuses $name with the private member $member', ({ jwk, member }) => {
    expect(publicJwk({ ...jwk, [member]: 'AQ' })).toEqual(refused('private_member'))
    expect(publicJwk({ ...jwk, [member]: null })).toEqual(refused('private_member'))
  })

  it.each([
    { when: 'a secret', jwk: { kty: 'oct', k: 'c2VjcmV0' }, fault: 'private_member' },
    { when: 'a secret without its bytes', jwk: { kty: 'oct' }, fault: 'key_type' },
    { when: 'no type', jwk: { crv: 'Ed25519', x: Ed25519.x }, fault: 'key_type' },
    { when: 'a type in lower case', jwk: { ...P256, kty: 'ec' }, fault: 'key_type' },
    { when: 'a list as type', jwk: { ...P256, kty: ['EC'] }, fault: 'key_type' },
    { when: 'a curve without type', jwk: { ...Ed25519, kty: 'EC' }, fault: 'key_type' },
    { when: 'an EC curve as OKP', jwk: { ...P256, kty: 'OKP' }, fault: 'key_type' },
    { when: 'no curve', jwk: { kty: 'EC', x: P256.x, y: P256.y }, fault: 'key_type' },
    { when: 'Ed448', jwk: { ...Ed25519, crv: 'Ed448' }, fault: 'key_type' },
    { when: 'P-192', jwk: { ...P256, crv: 'P-192' }, fault: 'key_type' },
    { when: 'BLS12381', jwk: { ...P256, crv: 'BLS12381G1' }, fault: 'key_type' },
    { when: 'a curve of the prototype', jwk: { ...P256, crv: 'constructor' }, fault: 'key_type' },
    { when: 'ML-DSA', jwk: { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA' }, fault: 'key_type' },
  ])('D16: refuses $when', ({ jwk, fault }) => {
    expect(publicJwk(jwk)).toEqual(refused(fault))
  })
})

describe('publicJwk: coordinates (RFC 7518 §6.2.1.2, RFC 8037 §2)', () => {
  const curves = [
    { jwk: Ed25519, bytes: 32, coordinates: ['x'] },
    { jwk: X25519, bytes: 32, coordinates: ['x'] },
    { jwk: P256, bytes: 32, coordinates: ['x', 'y'] },
    { jwk: PUBLIC_KEYS['P-384'], bytes: 48, coordinates: ['x', 'y'] },
    { jwk: PUBLIC_KEYS['P-521'], bytes: 66, coordinates: ['x', 'y'] },
    { jwk: PUBLIC_KEYS.secp256k1, bytes: 32, coordinates: ['x', 'y'] },
  ]
  const table = curves.flatMap(({ jwk, bytes, coordinates }) =>
    coordinates.map((coordinate) => ({ crv: jwk.crv, jwk, bytes, coordinate })),
  )

  it.each(table)('J28: $crv: refuses $coordinate of another length', (row) => {
    const ofLength = (bytes: number) =>
      publicJwk({ ...row.jwk, [row.coordinate]: encodeBase64url(new Uint8Array(bytes).fill(1)) })
    expect(ofLength(row.bytes)).toMatchObject({ ok: true })
    for (const bytes of [0, row.bytes - 1, row.bytes + 1, 2 * row.bytes])
      expect(ofLength(bytes)).toEqual(refused('coordinate'))
  })

  it.each(table)('J17: $crv: refuses $coordinate that is not canonical base64url', (row) => {
    const text = row.jwk[row.coordinate as keyof typeof row.jwk] as string
    for (const other of [`${text}=`, `${text}\n`, ` ${text}`, `${text.slice(0, -1)}!`, text + 'AA'])
      expect(publicJwk({ ...row.jwk, [row.coordinate]: other })).toEqual(refused('coordinate'))
  })

  it.each(table)('J28: $crv: refuses $coordinate that is no text or absent', (row) => {
    for (const other of [undefined, null, 1, ['AQ'], {}])
      expect(publicJwk({ ...row.jwk, [row.coordinate]: other })).toEqual(refused('coordinate'))
  })

  it('J28: refuses P-256 coordinates as a P-384 key', () => {
    expect(publicJwk({ ...P256, crv: 'P-384' })).toEqual(refused('coordinate'))
  })
})

describe('publicJwk: RSA (RFC 7518 §6.3.1)', () => {
  it.each([
    { bits: 1_023, accepted: false },
    { bits: 1_024, accepted: false },
    { bits: 2_040, accepted: false },
    { bits: 2_047, accepted: false },
    { bits: 2_048, accepted: true },
    { bits: 2_049, accepted: true },
    { bits: 4_096, accepted: true },
    { bits: 8_192, accepted: true },
    { bits: 8_193, accepted: false },
    { bits: 16_384, accepted: false },
  ])('J27: a modulus of $bits bits is accepted: $accepted', ({ bits, accepted }) => {
    const read = publicJwk({ ...RSA, n: modulus(bits) })
    if (accepted) expect(read).toMatchObject({ ok: true })
    else expect(read).toEqual(refused('modulus'))
  })

  it('J27: refuses an even modulus', () => {
    const even = new Uint8Array(256).fill(0xa5)
    even[255] = 0xa4
    expect(publicJwk({ ...RSA, n: encodeBase64url(even) })).toEqual(refused('modulus'))
    even[255] = 0xa5
    expect(publicJwk({ ...RSA, n: encodeBase64url(even) })).toMatchObject({ ok: true })
  })

  it('J27: refuses a modulus with a leading zero, which would name the key a second time', () => {
    const padded = new Uint8Array(257).fill(0xa5)
    padded[0] = 0
    expect(publicJwk({ ...RSA, n: encodeBase64url(padded) })).toEqual(refused('modulus'))
  })

  it.each([undefined, null, 1, '', `${RSA.n}=`, `${RSA.n.slice(0, -1)}+`])(
    'J27: refuses %j as modulus',
    (n) => {
      expect(publicJwk({ ...RSA, n })).toEqual(refused('modulus'))
    },
  )

  it.each([
    { when: '1', e: 'AQ' },
    { when: '3', e: 'Aw' },
    { when: '17', e: 'EQ' },
    { when: '65536, which is even', e: 'AQAA' },
    { when: '65537 with a leading zero', e: 'AAEAAQ' },
    { when: '2^32 + 1', e: 'AQAAAAE' },
    { when: 'the number', e: 65_537 },
    { when: 'nothing', e: undefined },
  ])('J27: refuses $when as exponent', ({ e }) => {
    expect(publicJwk({ ...RSA, e })).toEqual(refused('exponent'))
  })
})

describe('publicJwk: what a key says about its use (RFC 7517 §4.2–4.4)', () => {
  it.each(SIGNING)('J29: $name may say sig, verify and $alg', ({ jwk, alg }) => {
    const saying = { ...jwk, use: 'sig', key_ops: ['verify'], alg }
    expect(publicJwk(saying)).toEqual({ ok: true, value: jwk })
  })

  it('J29: an Ed25519 key may say EdDSA or, as RFC 9864 names it, Ed25519', () => {
    expect(publicJwk({ ...Ed25519, alg: 'Ed25519' })).toMatchObject({ ok: true })
    expect(publicJwk({ ...P256, alg: 'Ed25519' })).toEqual(refused('alg'))
  })

  it.each(
    SIGNING.flatMap(({ name, jwk, otherAlg }) => [
      { name, jwk, member: 'use', values: ['enc', 'SIG', '', null, ['sig']] },
      {
        name,
        jwk,
        member: 'key_ops',
        values: [['deriveBits'], ['encrypt'], ['sign'], [], 'verify', null, { verify: true }],
      },
      { name, jwk, member: 'alg', values: [otherAlg, 'none', 'ECDH-ES', 'HS256', '', null] },
    ]),
  )('J29: $name: refuses $member of $values', ({ jwk, member, values }) => {
    for (const value of values)
      expect(publicJwk({ ...jwk, [member]: value })).toEqual(refused(member))
  })

  it.each([
    { jwk: X25519, saying: { use: 'enc', key_ops: [], alg: 'ECDH-ES' } },
    { jwk: PUBLIC_KEYS['P-521'], saying: { use: 'sig', key_ops: ['verify'], alg: 'ES512' } },
    { jwk: PUBLIC_KEYS.secp256k1, saying: { use: 'sig', alg: 'ES256K' } },
  ])('J29: a key that signs nothing here, $jwk.crv, may say anything', ({ jwk, saying }) => {
    expect(algorithmOf(jwk)).toBeUndefined()
    expect(publicJwk({ ...jwk, ...saying })).toEqual({ ok: true, value: jwk })
  })
})

describe('algorithms and names of a key', () => {
  it.each(SIGNING)('J4: $name signs with $alg alone', ({ jwk, alg }) => {
    expect(algorithmOf(jwk)).toBe(alg)
  })

  it.each([
    { alg: 'EdDSA', known: 'EdDSA' },
    { alg: 'Ed25519', known: 'EdDSA' },
    { alg: 'ES256', known: 'ES256' },
    { alg: 'ES384', known: 'ES384' },
    { alg: 'PS256', known: 'PS256' },
    { alg: 'RS256', known: undefined },
    { alg: 'none', known: undefined },
    { alg: undefined, known: undefined },
    { alg: ['ES256'], known: undefined },
  ])('J3: $alg is known as $known', ({ alg, known }) => {
    expect(signatureAlgorithm(alg)).toBe(known)
  })

  it('has the thumbprint input of RFC 8037 appendix A.3', () => {
    expect(thumbprintInput(Ed25519)).toBe(
      '{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
    )
  })

  it('tells keys apart by their members and by nothing else', () => {
    const all = ENTRIES.map(({ jwk }) => jwk)
    for (const a of all) for (const b of all) expect(sameKey(a, { ...b })).toBe(a === b)
  })
})
