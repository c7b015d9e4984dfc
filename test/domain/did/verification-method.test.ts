import { describe, expect, it } from 'vitest'
import { RELATIONSHIPS } from '../../../src/domain/did/did-document.ts'
import { parseDidDocument } from '../../../src/domain/did/parse-did-document.ts'
import { verificationMethodFor } from '../../../src/domain/did/verification-method.ts'
import type { JsonObject } from '../../../src/domain/json/strict-json.ts'
import { dateTimeStamp, later } from '../../../src/domain/time.ts'
import { DID, documentOf, KEY_1, method, NOW, source } from '../../support/did-documents.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const refused = (reason: string) => ({ ok: false, refusal: { reason } })
const select = (change: JsonObject = {}, kid: string | undefined = KEY_1) =>
  verificationMethodFor(documentOf(change), 'authentication', kid, NOW)
/** The document with one verification method, changed. */
const withMethod = (change: JsonObject) => ({ verificationMethod: [method(change)] })

describe('verificationMethodFor (CID 1.0 §3.3)', () => {
  it('finds the method that every refusal below is made from', () => {
    expect(select()).toEqual({
      ok: true,
      value: {
        id: KEY_1,
        type: 'JsonWebKey',
        controller: DID,
        publicKeyJwk: PUBLIC_KEYS.Ed25519,
      },
    })
  })

  it('K1: refuses a kid that is absent or empty', () => {
    expect(verificationMethodFor(documentOf(), 'authentication', undefined, NOW)).toEqual(
      refused('kid_missing'),
    )
    expect(select({}, '')).toEqual(refused('kid_missing'))
  })

  it.each([
    '#key-1',
    'key-1',
    DID,
    `${DID}#`,
    `${DID}#key-2`,
    `${DID}#KEY-1`,
    `${DID}#key-1 `,
    `${DID}#key%2D1`,
    `${DID}?x#key-1`,
    `${DID}/#key-1`,
    `${DID}#key-1#key-1`,
    'did:web:victim.example#key-1',
    'did:web:CLIENT.example#key-1',
    "' OR 1=1 --",
    '../../key-1',
    '__proto__',
    'constructor',
  ])('K1: refuses the kid %j', (kid) => {
    expect(select({}, kid)).toEqual(refused('kid_not_found'))
  })

  it('K1: refuses a key of another DID that the document claims as its own', () => {
    const foreign = 'did:web:victim.example#key-1'
    const change = {
      verificationMethod: [method({ id: foreign })],
      authentication: [foreign],
    }
    expect(select(change, foreign)).toEqual(refused('kid_not_found'))
  })

  it.each([
    { listed: 'assertionMethod', asked: 'authentication' },
    { listed: 'authentication', asked: 'assertionMethod' },
    { listed: 'keyAgreement', asked: 'authentication' },
    { listed: 'keyAgreement', asked: 'assertionMethod' },
  ] as const)('K2: refuses a key under $listed for $asked', ({ listed, asked }) => {
    const none = Object.fromEntries(RELATIONSHIPS.map((name) => [name, []]))
    const document = documentOf({ ...none, [listed]: [KEY_1] })
    expect(verificationMethodFor(document, asked, KEY_1, NOW)).toEqual(
      refused('kid_not_authorized'),
    )
    expect(verificationMethodFor(document, listed, KEY_1, NOW).ok).toBe(true)
  })

  it('K2: refuses every key when the document names no relationship at all', () => {
    const document = parseDidDocument({ id: DID, verificationMethod: [method()] }, DID, {
      multikey: () => undefined,
      faultOf: () => undefined,
    })
    expect(
      document.ok && verificationMethodFor(document.value, 'assertionMethod', KEY_1, NOW),
    ).toEqual(refused('kid_not_authorized'))
  })

  it('K3: refuses a key that was taken out of the document, accepts it while it is listed', () => {
    expect(select({ verificationMethod: [] })).toEqual(refused('kid_not_found'))
    expect(select({ authentication: [] })).toEqual(refused('kid_not_authorized'))
    expect(select().ok).toBe(true)
  })

  it('D19: refuses a method that another DID controls', () => {
    expect(select(withMethod({ controller: 'did:web:other.example' }))).toEqual(
      refused('controller_mismatch'),
    )
  })

  it('D20: refuses it too when the document names that controller as its own', () => {
    const change = {
      ...withMethod({ controller: 'did:web:other.example' }),
      controller: 'did:web:other.example',
    }
    expect(select(change)).toEqual(refused('controller_mismatch'))
  })

  it('D19: refuses an id that two different methods have, one of them relative', () => {
    const other = method({ id: '#key-1', publicKeyJwk: PUBLIC_KEYS['P-256'] })
    const change = { verificationMethod: [method(), other] }
    expect(select(change)).toEqual(refused('kid_ambiguous'))
    expect(select({ verificationMethod: [other, method(), other] })).toEqual(
      refused('kid_ambiguous'),
    )
  })

  it('D19: accepts the same method written twice', () => {
    expect(select({ authentication: [method()] }).ok).toBe(true)
  })

  it('D19: accepts a method held by value under one relationship for another that refers to it', () => {
    const document = documentOf({
      verificationMethod: [],
      authentication: [method()],
      assertionMethod: [KEY_1],
    })
    for (const relationship of ['authentication', 'assertionMethod'] as const)
      expect(verificationMethodFor(document, relationship, KEY_1, NOW).ok).toBe(true)
  })

  it('D19: accepts a method held by value under one relationship, for no other', () => {
    const document = documentOf({
      verificationMethod: [],
      authentication: [method()],
      assertionMethod: [],
    })
    expect(verificationMethodFor(document, 'authentication', KEY_1, NOW).ok).toBe(true)
    expect(verificationMethodFor(document, 'assertionMethod', KEY_1, NOW)).toEqual(
      refused('kid_not_authorized'),
    )
  })

  describe('D19: a method with publicKeyJwk and publicKeyMultibase', () => {
    const both = (key: keyof typeof PUBLIC_KEYS) => {
      const arithmetic = { multikey: () => PUBLIC_KEYS[key], faultOf: () => undefined }
      const document = parseDidDocument(
        source(withMethod({ publicKeyMultibase: 'z' })),
        DID,
        arithmetic,
      )
      return document.ok && verificationMethodFor(document.value, 'authentication', KEY_1, NOW)
    }
    it('is refused when they differ', () => {
      expect(both('P-256')).toEqual(refused('kid_ambiguous'))
    })
    it('is accepted when they are one key', () => {
      expect(both('Ed25519')).toMatchObject({ ok: true })
    })
  })

  it.each(['publicKeyBase58', 'publicKeyHex', 'publicKeyPem', 'publicKeyBase64', 'publicKeyNew'])(
    'D19: refuses a method with %s beside its key, which cannot be compared',
    (member) => {
      expect(select(withMethod({ [member]: 'z' }))).toEqual(refused('kid_ambiguous'))
    },
  )

  it('D19: refuses a publicKeyMultibase beside a publicKeyJwk when it cannot be read', () => {
    expect(select(withMethod({ publicKeyMultibase: 'z' }))).toEqual(refused('kid_ambiguous'))
  })

  const ALL = Object.keys(PUBLIC_KEYS)
  it.each([
    { type: 'JsonWebKey', member: 'publicKeyJwk', keys: ALL },
    { type: 'JsonWebKey2020', member: 'publicKeyJwk', keys: ALL },
    { type: 'Multikey', member: 'publicKeyMultibase', keys: ALL },
    { type: 'Ed25519VerificationKey2018', member: 'publicKeyJwk', keys: ['Ed25519'] },
    { type: 'Ed25519VerificationKey2020', member: 'publicKeyMultibase', keys: ['Ed25519'] },
    { type: 'EcdsaSecp256r1VerificationKey2019', member: 'publicKeyJwk', keys: ['P-256'] },
    { type: 'EcdsaSecp256k1VerificationKey2019', member: 'publicKeyJwk', keys: ['secp256k1'] },
    { type: 'RsaVerificationKey2018', member: 'publicKeyJwk', keys: ['RSA'] },
    { type: 'X25519KeyAgreementKey2020', member: 'publicKeyMultibase', keys: ['X25519'] },
    { type: 'X25519KeyAgreementKey2020', member: 'publicKeyJwk', keys: [] },
    { type: 'Ed25519VerificationKey2020', member: 'publicKeyJwk', keys: [] },
    { type: 'Multikey', member: 'publicKeyJwk', keys: [] },
    { type: 'JsonWebKey', member: 'publicKeyMultibase', keys: [] },
    { type: 'ConditionalProof2022', member: 'publicKeyJwk', keys: [] },
    { type: 'BlockchainVerificationMethod2021', member: 'publicKeyJwk', keys: [] },
    { type: 'Bls12381G2Key2020', member: 'publicKeyJwk', keys: [] },
    { type: 'Nonsense', member: 'publicKeyJwk', keys: [] },
    { type: 'constructor', member: 'publicKeyJwk', keys: [] },
    { type: '', member: 'publicKeyJwk', keys: [] },
  ])('D19: reads from $member of the type "$type" the keys $keys', ({ type, member, keys }) => {
    const read = Object.entries(PUBLIC_KEYS).filter(([, jwk]) => {
      const value = member === 'publicKeyJwk' ? jwk : 'z'
      const entry = { id: KEY_1, type, controller: DID, [member]: value }
      const arithmetic = { multikey: () => jwk, faultOf: () => undefined }
      const parsed = parseDidDocument(source({ verificationMethod: [entry] }), DID, arithmetic)
      return parsed.ok && verificationMethodFor(parsed.value, 'authentication', KEY_1, NOW).ok
    })
    expect(read.map(([name]) => name)).toEqual(keys)
  })

  it.each(['expires', 'revoked'])('D22: refuses a method from the second of %s on', (end) => {
    const at = (seconds: number) => dateTimeStamp(later(NOW, seconds))
    expect(select(withMethod({ [end]: at(1) })).ok).toBe(true)
    expect(select(withMethod({ [end]: at(0) }))).toEqual(refused('key_unusable'))
    expect(select(withMethod({ [end]: at(-1) }))).toEqual(refused('key_unusable'))
  })

  it.each(['expires', 'revoked'])('D22: refuses a method whose %s cannot be read', (end) => {
    for (const value of ['soon', '2026-11-22', 1_795_305_600, true, null, {}])
      expect(select(withMethod({ [end]: value }))).toEqual(refused('key_unusable'))
  })

  it.each([
    { when: 'without material', change: { publicKeyJwk: undefined } },
    { when: 'of an unknown type', change: { publicKeyJwk: { kty: 'AKP', pub: 'AA' } } },
    { when: 'for encryption', change: { publicKeyJwk: { ...PUBLIC_KEYS.Ed25519, use: 'enc' } } },
    {
      when: 'for deriving',
      change: { publicKeyJwk: { ...PUBLIC_KEYS['P-256'], key_ops: ['deriveBits'] } },
    },
    {
      when: 'of another algorithm',
      change: { publicKeyJwk: { ...PUBLIC_KEYS['P-256'], alg: 'ES384' } },
    },
  ])('refuses a key $when', ({ change }) => {
    const { publicKeyJwk, ...rest } = { ...method(), ...change }
    const entry = publicKeyJwk === undefined ? rest : { ...rest, publicKeyJwk }
    expect(select({ verificationMethod: [entry] })).toEqual(refused('key_unusable'))
  })

  it('refuses a key that is not sound', () => {
    const document = parseDidDocument(source(), DID, {
      multikey: () => undefined,
      faultOf: () => 'key_unusable',
    })
    expect(
      document.ok && verificationMethodFor(document.value, 'authentication', KEY_1, NOW),
    ).toEqual(refused('key_unusable'))
  })

  it('J26: names a key of small order', () => {
    const document = parseDidDocument(source(), DID, {
      multikey: () => undefined,
      faultOf: () => 'key_small_order',
    })
    expect(
      document.ok && verificationMethodFor(document.value, 'authentication', KEY_1, NOW),
    ).toEqual(refused('key_small_order'))
  })
})
