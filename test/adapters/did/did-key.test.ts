import { ed25519 } from '@noble/curves/ed25519'
import { Resolver, type VerificationMethod } from 'did-resolver'
import { getResolver } from 'key-did-resolver'
import { describe, expect, it } from 'vitest'
import { decodeBase58 } from '../../../src/adapters/did/base58.ts'
import { createDidKey } from '../../../src/adapters/did/did-key.ts'
import { didKeyOf } from '../../../src/adapters/did/did-key-of.ts'
import { createKeyArithmetic } from '../../../src/adapters/did/key-arithmetic.ts'
import { decodeBase64url, encodeBase64url } from '../../../src/domain/base64url.ts'
import type { Did } from '../../../src/domain/did/did.ts'
import { MAX_DID_KEY_CHARACTERS, MAX_DID_KEY_RSA_CHARACTERS } from '../../../src/domain/limits.ts'
import { CURVES, didKeyOfBytes, PREFIXES, publicPoint } from '../../support/did-keys.ts'
import { didOf } from '../../support/did-documents.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const didKey = createDidKey(createKeyArithmetic())
const find = (did: Did) => didKey.find(did, undefined)
const INVALID = { ok: false, refusal: { reason: 'did_invalid' } }
const NOT_SUPPORTED = { ok: false, refusal: { reason: 'key_type_not_supported' } }
const ELLIPTIC = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const
const bytesOf = (text: string) => decodeBase64url(text) ?? new Uint8Array()
const oracle = new Resolver(getResolver())

describe('did:key', () => {
  it.each(Object.entries(PUBLIC_KEYS).map(([name, jwk]) => ({ name, jwk })))(
    'reads a $name key back out of its DID',
    async ({ jwk }) => {
      const did = didKeyOf(jwk)
      const multikey = did.slice('did:key:'.length)
      expect(await find(did)).toMatchObject({
        ok: true,
        value: {
          source: {
            '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
            id: did,
            verificationMethod: expect.arrayContaining([
              {
                id: `${did}#${multikey}`,
                type: 'JsonWebKey',
                controller: did,
                publicKeyJwk: jwk,
              },
            ]) as unknown,
          },
        },
      })
    },
  )

  it('D16: lists an X25519 key under keyAgreement alone', async () => {
    const found = await find(didKeyOf(PUBLIC_KEYS.X25519))
    const source = found.ok ? found.value.source : {}
    expect(Object.keys(source)).toEqual(['@context', 'id', 'verificationMethod', 'keyAgreement'])
  })

  it.each(ELLIPTIC)('agrees with key-did-resolver on sound %s keys', async (crv) => {
    for (const scalar of [1n, 2n, 3n, 1_234_567n]) {
      const did = didKeyOfBytes(PREFIXES[crv], publicPoint(crv, scalar, true))
      const found = await find(did)
      const { didDocument } = await oracle.resolve(did)
      const [theirs] = didDocument?.verificationMethod ?? []
      const ours = found.ok ? found.value.source['verificationMethod'] : undefined
      const [mine] = ours as { publicKeyJwk: { crv: string; x: string; y: string } }[]
      const expected = publicPoint(crv, scalar, false)
      const size = (expected.length - 1) / 2
      expect(bytesOf(mine?.publicKeyJwk.x ?? '')).toEqual(expected.subarray(1, size + 1))
      expect(bytesOf(mine?.publicKeyJwk.y ?? '')).toEqual(expected.subarray(size + 1))
      if (theirs?.publicKeyJwk !== undefined)
        expect(bytesOf(theirs.publicKeyJwk['x'] as string).at(-1)).toBe(expected[size])
    }
  })

  it('agrees with key-did-resolver on an Ed25519 key and the X25519 key made from it', async () => {
    const did = didKeyOfBytes(PREFIXES.Ed25519, ed25519.getPublicKey(new Uint8Array(32).fill(7)))
    const found = await find(did)
    const { didDocument } = await oracle.resolve(did)
    const embedded = (didDocument?.keyAgreement ?? []) as VerificationMethod[]
    const listed = [...(didDocument?.verificationMethod ?? []), ...embedded]
    const theirs = listed.map(({ id, publicKeyBase58 }) => ({
      fragment: id.slice(id.indexOf('#')),
      key: decodeBase58(publicKeyBase58 ?? ''),
    }))
    const methods = (found.ok ? found.value.source['verificationMethod'] : []) as {
      id: string
      publicKeyJwk: { x: string }
    }[]
    const ours = methods.map(({ id, publicKeyJwk }) => ({
      fragment: id.slice(id.indexOf('#')),
      key: bytesOf(publicKeyJwk.x),
    }))
    expect(ours).toEqual(theirs)
  })

  it.each(ELLIPTIC)('keeps leading zeros of %s coordinates', async (crv) => {
    const size = (publicPoint(crv, 1n, false).length - 1) / 2
    let point = CURVES[crv].Point.BASE
    while (point.toBytes(false)[1] !== 0) point = point.add(CURVES[crv].Point.BASE)
    const found = await find(didKeyOfBytes(PREFIXES[crv], point.toBytes(true)))
    const [method] = (found.ok ? found.value.source['verificationMethod'] : []) as {
      publicKeyJwk: { x: string; y: string }
    }[]
    expect(bytesOf(method?.publicKeyJwk.x ?? '')).toHaveLength(size)
    expect(bytesOf(method?.publicKeyJwk.y ?? '')).toHaveLength(size)
    expect(method?.publicKeyJwk.x.startsWith('A')).toBe(true)
  })

  it.each(ELLIPTIC)('D15: refuses a %s point in any form but the compressed one', async (crv) => {
    const [short, long] = [publicPoint(crv, 2n, true), publicPoint(crv, 2n, false)]
    expect((await find(didKeyOfBytes(PREFIXES[crv], short))).ok).toBe(true)
    expect(await find(didKeyOfBytes(PREFIXES[crv], long))).toMatchObject(INVALID)
    expect(await find(didKeyOfBytes(PREFIXES[crv], long.subarray(1)))).toMatchObject(INVALID)
    expect(await find(didKeyOfBytes(PREFIXES[crv], [0, ...short]))).toMatchObject(INVALID)
    expect(await find(didKeyOfBytes(PREFIXES[crv], [...short, 0]))).toMatchObject(INVALID)
    expect(await find(didKeyOfBytes(PREFIXES[crv], short.subarray(0, -1)))).toMatchObject(INVALID)
  })

  it.each(ELLIPTIC)('refuses %s bytes that are no point of the curve', async (crv) => {
    const size = publicPoint(crv, 1n, true).length
    const x = (last: number, rest = 0) => [2, ...Array<number>(size - 2).fill(rest), last]
    const results = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((last) => find(didKeyOfBytes(PREFIXES[crv], x(last)))),
    )
    // About half of all x are on no point; both outcomes must occur, or nothing is judged.
    expect(results.some(({ ok }) => ok)).toBe(true)
    expect(results.filter(({ ok }) => !ok).length).toBeGreaterThan(1)
    expect(await find(didKeyOfBytes(PREFIXES[crv], x(255, 255)))).toMatchObject(INVALID)
    expect(await find(didKeyOfBytes(PREFIXES[crv], []))).toMatchObject(INVALID)
    expect(await find(didKeyOfBytes(PREFIXES[crv], [0]))).toMatchObject(INVALID)
  })

  it.each([
    { what: 'an overlong varint', prefix: [0xed, 0x81, 0x00] },
    { what: 'another overlong varint', prefix: [0xed, 0x01 | 0x80, 0x80, 0x00] },
    { what: 'a varint without end', prefix: Array<number>(10).fill(0xff) },
  ])('D15: refuses $what before the key', async ({ prefix }) => {
    const key = bytesOf(PUBLIC_KEYS.Ed25519.x)
    expect(await find(didKeyOfBytes(prefix, key))).toMatchObject(INVALID)
    expect((await find(didKeyOfBytes(PREFIXES.Ed25519, key))).ok).toBe(true)
  })

  it.each(['u', 'm', 'f', 'Z', ''])('D15: refuses the multibase prefix "%s"', async (letter) => {
    const did = didKeyOf(PUBLIC_KEYS.Ed25519)
    expect(await find(didOf(did.replace(':z', `:${letter}`)))).toMatchObject(INVALID)
  })

  it('D15: refuses the same key in base64url', async () => {
    const bytes = Uint8Array.of(...PREFIXES.Ed25519, ...bytesOf(PUBLIC_KEYS.Ed25519.x))
    expect(await find(didOf(`did:key:u${encodeBase64url(bytes)}`))).toMatchObject(INVALID)
  })

  it('D15: refuses leading zeros and a version before the key', async () => {
    const did = didKeyOf(PUBLIC_KEYS.Ed25519)
    expect(await find(didOf(did.replace(':z', ':z1')))).toMatchObject(INVALID)
    expect(await find(didOf(did.replace(':z', ':1.1:z')))).toMatchObject(INVALID)
  })

  it('D15: refuses an X25519 number above the field, whose residue would be the same key', async () => {
    const largest = [0xeb, ...Array<number>(30).fill(0xff), 0x7f]
    expect((await find(didKeyOfBytes(PREFIXES.X25519, largest))).ok).toBe(true)
    for (const lowest of [0xed, 0xee, 0xff])
      expect(
        await find(didKeyOfBytes(PREFIXES.X25519, [lowest, ...largest.slice(1)])),
      ).toMatchObject(INVALID)
    expect(
      await find(didKeyOfBytes(PREFIXES.X25519, [...largest.slice(0, 31), 0xff])),
    ).toMatchObject(INVALID)
  })

  it.each([0, 1])('D15: refuses the X25519 number %i, which agrees with nobody', async (lowest) => {
    const tail = Array<number>(31).fill(0)
    expect(await find(didKeyOfBytes(PREFIXES.X25519, [lowest, ...tail]))).toMatchObject(INVALID)
    expect((await find(didKeyOfBytes(PREFIXES.X25519, [lowest + 9, ...tail]))).ok).toBe(true)
  })

  it.each([
    { what: 'BLS12-381 G2', prefix: [0xeb, 0x01], size: 96 },
    { what: 'BLS12-381 G1', prefix: [0xea, 0x01], size: 48 },
    { what: 'BLS12-381 G1 and G2', prefix: [0xee, 0x01], size: 144 },
    { what: 'a JWK', prefix: [0xd1, 0xd6, 0x03], size: 60 },
    { what: 'Ed448', prefix: [0x83, 0x24], size: 57 },
    { what: 'ML-DSA-44', prefix: [0x90, 0x24], size: 300 },
  ])('D16: names $what as a key type that is not supported', async ({ prefix, size }) => {
    expect(await find(didKeyOfBytes(prefix, Array<number>(size).fill(1)))).toEqual(NOT_SUPPORTED)
  })

  it.each([
    { what: 'a private Ed25519 key', prefix: [0x80, 0x26], size: 32 },
    { what: 'a hash', prefix: [0x12], size: 32 },
    { what: 'nothing known', prefix: [0x00], size: 32 },
  ])('D16: refuses $what, which is no public key', async ({ prefix, size }) => {
    expect(await find(didKeyOfBytes(prefix, Array<number>(size).fill(1)))).toMatchObject(INVALID)
  })

  it('refuses a key that was cut short, wherever the cut is', async () => {
    const did = didKeyOf(PUBLIC_KEYS.Ed25519)
    for (let length = 'did:key:z'.length; length < did.length; length++)
      expect(await find(didOf(did.slice(0, length)))).toMatchObject(INVALID)
  })

  it('D17: refuses what is longer than any key, and a short key in a long DID, quickly', async () => {
    const started = performance.now()
    for (const length of [MAX_DID_KEY_RSA_CHARACTERS, 2_000])
      expect(await find(didOf(`did:key:z${'6'.repeat(length)}`))).toMatchObject(INVALID)
    const padded = Array<number>(MAX_DID_KEY_CHARACTERS).fill(1)
    expect(await find(didKeyOfBytes(PREFIXES.Ed25519, padded))).toMatchObject(INVALID)
    expect(performance.now() - started).toBeLessThan(250)
  })

  describe('RSA (RFC 8017 §A.1.1)', () => {
    const good = (): number[] => {
      const did = didKeyOf(PUBLIC_KEYS.RSA)
      const bytes = decodeBase58(did.slice('did:key:z'.length)) ?? new Uint8Array()
      return [...bytes.subarray(PREFIXES.RSA.length)]
    }
    it('accepts the encoding that every refusal below is made from', async () => {
      expect((await find(didKeyOfBytes(PREFIXES.RSA, good()))).ok).toBe(true)
    })
    it.each([
      { what: 'another tag', change: (der: number[]) => [0x31, ...der.slice(1)] },
      { what: 'a byte too few', change: (der: number[]) => der.slice(0, -1) },
      { what: 'a byte too many', change: (der: number[]) => [...der, 0] },
      {
        what: 'a length in more bytes than it needs',
        change: (der: number[]) => [0x30, 0x83, 0, ...der.slice(2)],
      },
      {
        what: 'an integer with a needless zero',
        change: (der: number[]) => [...der.slice(0, -3), 0, ...der.slice(-3)],
      },
      { what: 'the exponent 3', change: (der: number[]) => [...der.slice(0, -1), 3] },
      { what: 'an indefinite length', change: (der: number[]) => [0x30, 0x80, ...der.slice(4)] },
      { what: 'nothing', change: () => [] },
    ])('D15: refuses $what', async ({ change }) => {
      expect(await find(didKeyOfBytes(PREFIXES.RSA, change(good())))).toMatchObject(INVALID)
    })
  })
})
