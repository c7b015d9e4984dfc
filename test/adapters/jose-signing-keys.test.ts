import { describe, expect, it } from 'vitest'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import type { SignatureAlgorithm } from '../../src/domain/jwk.ts'
import { generateKey, type GeneratedKey } from '../support/generated-keys.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const
const keys = Object.fromEntries(
  await Promise.all(ALGORITHMS.map(async (alg) => [alg, await generateKey(alg)] as const)),
) as Readonly<Record<SignatureAlgorithm, GeneratedKey>>

const setOf = (...jwks: readonly unknown[]) => readSigningKeys(JSON.stringify({ keys: jwks }))
const jwkOf = (alg: SignatureAlgorithm) => ({ ...keys[alg].privateJwk, kid: `key-${alg}` })
const refused = (at: string, fault: string) => ({
  ok: false,
  refusal: { reason: 'signing_keys_invalid', at, fault },
})

describe('readSigningKeys (RFC 7517 §5)', () => {
  it('reads one key of every algorithm, in order, and derives what each signs with', () => {
    const read = setOf(...ALGORITHMS.map(jwkOf))
    expect(read.ok ? read.value.map(({ kid, alg }) => ({ kid, alg })) : read).toEqual(
      ALGORITHMS.map((alg) => ({ kid: `key-${alg}`, alg })),
    )
    expect(read.ok ? read.value.map(({ publicKeyJwk }) => publicKeyJwk) : read).toEqual(
      ALGORITHMS.map((alg) => keys[alg].jwk),
    )
  })

  it.each(ALGORITHMS)('takes alg, use and key_ops of a %s key where they fit', (alg) => {
    const saying = { ...jwkOf(alg), alg, use: 'sig', key_ops: ['sign'], ext: true }
    expect(setOf(saying)).toMatchObject({ ok: true, value: [{ alg }] })
  })

  it.each(ALGORITHMS)('refuses a %s key whose private part is of another key', async (alg) => {
    const other = await generateKey(alg)
    expect(setOf({ ...other.privateJwk, ...keys[alg].jwk, kid: 'mixed' })).toEqual(
      refused('keys[0]', 'has a private part that is not of its public part'),
    )
    expect(setOf({ ...other.privateJwk, kid: 'whole' })).toMatchObject({ ok: true })
  })

  it('K5: keeps private members out of the public side', () => {
    const read = setOf(...ALGORITHMS.map(jwkOf))
    const publicSide = read.ok ? read.value.map(({ publicKeyJwk }) => publicKeyJwk) : []
    expect(publicSide.flatMap(Object.keys).filter((name) => !isPublic(name))).toEqual([])
  })
  const isPublic = (name: string) => ['kty', 'crv', 'x', 'y', 'n', 'e'].includes(name)

  it.each([
    { text: '', fault: 'is not acceptable JSON (json_invalid)' },
    { text: '{"keys":[', fault: 'is not acceptable JSON (json_invalid)' },
    { text: '{"keys":[],"keys":[]}', fault: 'is not acceptable JSON (json_duplicate_key)' },
    { text: '[]', fault: 'is not a JWK Set: an object with a list "keys"' },
    { text: '{}', fault: 'is not a JWK Set: an object with a list "keys"' },
    { text: '{"keys":{}}', fault: 'is not a JWK Set: an object with a list "keys"' },
    { text: '{"keys":[]}', fault: 'has no key' },
  ])('refuses the text $text', ({ text, fault }) => {
    expect(readSigningKeys(text)).toEqual(refused('', fault))
  })

  it('names the key that is wrong by its place', () => {
    expect(setOf(jwkOf('EdDSA'), 'text')).toEqual(refused('keys[1]', 'is not an object'))
  })

  it.each([undefined, '', 1, 'a b', 'a#b', 'a/b', 'ä', 'x'.repeat(129)])(
    'refuses %j as kid',
    (kid) => {
      expect(setOf({ ...jwkOf('EdDSA'), kid })).toEqual(
        refused('keys[0]', 'needs a "kid" of 1 to 128 letters, digits or . _ ~ -'),
      )
    },
  )

  it('accepts a kid of 128 characters', () => {
    expect(setOf({ ...jwkOf('EdDSA'), kid: 'x'.repeat(128) })).toMatchObject({ ok: true })
  })

  it('J29: refuses a kid that two keys share', () => {
    expect(setOf(jwkOf('EdDSA'), { ...jwkOf('ES256'), kid: 'key-EdDSA' })).toEqual(
      refused('keys[1]', 'repeats the "kid" of another key'),
    )
  })

  it.each([
    {
      when: 'the public part alone',
      jwk: { ...keys.EdDSA.jwk, kid: 'a' },
      fault: 'has no "d" that is base64url of the right length',
    },
    {
      when: 'a private part that is short',
      jwk: { ...jwkOf('ES256'), d: 'AQAB' },
      fault: 'has no "d" that is base64url of the right length',
    },
    {
      when: 'a private part with padding',
      jwk: { ...jwkOf('EdDSA'), d: `${keys.EdDSA.privateJwk['d'] ?? ''}=` },
      fault: 'has no "d" that is base64url of the right length',
    },
    {
      when: 'an RSA key without its primes',
      jwk: { ...keys.PS256.jwk, kid: 'a', d: keys.PS256.privateJwk['d'] },
      fault: 'has no "p" that is base64url of the right length',
    },
    {
      when: 'the primes of another RSA key',
      jwk: { ...jwkOf('PS256'), p: keys.PS256.privateJwk['q'] },
      fault: 'has a private part that is not of its public part',
    },
    {
      when: 'a secret',
      jwk: { kty: 'oct', kid: 'a', k: 'c2VjcmV0' },
      fault: 'is no key that signs here: Ed25519, P-256, P-384 or RSA',
    },
    {
      when: 'a key for agreement',
      jwk: { ...jwkOf('EdDSA'), crv: 'X25519' },
      fault: 'is no key that signs here: Ed25519, P-256, P-384 or RSA',
    },
    {
      when: 'another algorithm than the key has',
      jwk: { ...jwkOf('PS256'), alg: 'RS256' },
      fault: 'has an "alg" that is not the one of its key type',
    },
    {
      when: 'a key for encryption',
      jwk: { ...jwkOf('ES256'), use: 'enc' },
      fault: 'has a "use" other than "sig"',
    },
    {
      when: 'a key that may only verify',
      jwk: { ...jwkOf('ES256'), key_ops: ['verify'] },
      fault: 'has "key_ops" without "sign"',
    },
    {
      when: 'a short coordinate',
      jwk: { ...jwkOf('ES256'), x: 'AQAB' },
      fault: 'has an "x" or "y" that is not base64url of the right length',
    },
    {
      when: 'a point beside its curve',
      jwk: { ...jwkOf('ES256'), y: keys.ES256.privateJwk['x'] },
      fault: 'is a weak key or no point of its curve',
    },
    {
      when: 'a small modulus',
      jwk: { ...jwkOf('PS256'), n: 'AQAB' },
      fault: 'has an "n" that is not base64url of an odd number of 2048 to 8192 bits',
    },
    {
      when: 'the exponent 3',
      jwk: { ...jwkOf('PS256'), e: 'Aw' },
      fault: 'has an "e" other than AQAB',
    },
  ])('refuses $when', ({ jwk, fault }) => {
    expect(setOf(jwk)).toEqual(refused('keys[0]', fault))
  })

  it('K5: says nothing of the key material, whatever is wrong', () => {
    const faulty = ALGORITHMS.flatMap((alg) => {
      const jwk = jwkOf(alg)
      const changes = [
        { kid: '' },
        ...Object.keys(jwk).map((member) => ({ [member]: `${jwk[member as 'kid']}!` })),
        { use: keys[alg].privateJwk['d'] },
        { kid: `${keys[alg].privateJwk['d'] ?? ''} ` },
      ]
      return changes.map((change) => ({ ...jwk, ...change }))
    })
    const answers = faulty.map((jwk) => JSON.stringify(setOf({ ...jwk, key_ops: [] })))
    expect(answers.length).toBeGreaterThan(20)
    const material = ALGORITHMS.flatMap((alg) =>
      Object.entries(keys[alg].privateJwk)
        .filter(([member]) => !['kty', 'crv', 'e'].includes(member))
        .map(([, value]) => value),
    )
    for (const answer of answers)
      expect(material.filter((value) => answer.includes(value.slice(0, 12)))).toEqual([])
  })
})
