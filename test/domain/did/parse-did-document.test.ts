import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDidDocument } from '../../../src/domain/did/parse-did-document.ts'
import type { JsonObject } from '../../../src/domain/json/strict-json.ts'
import { MAX_SERVICES, MAX_VERIFICATION_METHODS } from '../../../src/domain/limits.ts'
import { DID, KEY_1, method, NO_ARITHMETIC, source } from '../../support/did-documents.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const parse = (change: JsonObject = {}) => parseDidDocument(source(change), DID, NO_ARITHMETIC)
const bad = (fault: string) => ({ ok: false, refusal: { reason: 'did_document_invalid', fault } })
const many = (count: number): JsonObject[] =>
  Array.from({ length: count }, (_, at) => method({ id: `${DID}#k${String(at)}` }))

describe('parseDidDocument (DID Core §5)', () => {
  it('accepts the document that every refusal below is made from', () => {
    const document = parse()
    expect(document).toMatchObject({
      ok: true,
      value: {
        id: DID,
        relationships: {
          authentication: [KEY_1],
          assertionMethod: [KEY_1],
          keyAgreement: [],
          capabilityInvocation: [],
          capabilityDelegation: [],
        },
        services: [{ id: `${DID}#login`, types: ['OAuthRedirect'] }],
      },
    })
    expect(document.ok && [...document.value.verificationMethods]).toEqual([
      [
        KEY_1,
        {
          id: KEY_1,
          type: 'JsonWebKey',
          controller: DID,
          publicKeyJwk: PUBLIC_KEYS.Ed25519,
        },
      ],
    ])
  })

  it('accepts a document with nothing but its id', () => {
    const document = parseDidDocument({ id: DID }, DID, NO_ARITHMETIC)
    expect(document).toMatchObject({ ok: true, value: { services: [] } })
  })

  it.each([
    { when: 'null', change: { verificationMethod: null } },
    { when: 'an object', change: { verificationMethod: {} } },
    { when: 'a text', change: { verificationMethod: 'x' } },
  ])('D21: refuses verificationMethod that is $when', ({ change }) => {
    expect(parse(change)).toEqual(bad('verificationMethod is not a list'))
  })

  it.each([
    { when: 'null', entry: null },
    { when: 'a text', entry: 'x' },
    { when: 'a number', entry: 1 },
    { when: 'a list', entry: [] },
    { when: 'empty', entry: {} },
    { when: 'without id', entry: { type: 'JsonWebKey', controller: DID } },
    { when: 'without type', entry: { id: KEY_1, controller: DID } },
    { when: 'without controller', entry: { id: KEY_1, type: 'JsonWebKey' } },
    { when: 'controlled by a list', entry: method({ controller: [DID] }) },
    { when: 'of several types', entry: method({ type: ['JsonWebKey'] }) },
    { when: 'named by no DID URL', entry: method({ id: 'key-1' }) },
  ])('D21: refuses a verification method that is $when', ({ entry }) => {
    expect(parse({ verificationMethod: [entry] })).toEqual(
      bad('a verification method is malformed'),
    )
  })

  it.each(['authentication', 'assertionMethod', 'keyAgreement', 'capabilityInvocation'])(
    'D21: refuses %s that is no list of DID URLs and methods',
    (name) => {
      expect(parse({ [name]: 'x' })).toEqual(bad(`${name} is not a list`))
      expect(parse({ [name]: null })).toEqual(bad(`${name} is not a list`))
      for (const entry of [null, 1, 'x', ['#a'], {}])
        expect(parse({ [name]: [entry] })).toEqual(
          bad(`${name} names something that is no DID URL`),
        )
    },
  )

  it('D18: accepts 64 verification methods and refuses 65, wherever they are', () => {
    const [most, more] = [many(MAX_VERIFICATION_METHODS), many(MAX_VERIFICATION_METHODS + 1)]
    expect(parse({ verificationMethod: most }).ok).toBe(true)
    expect(parse({ verificationMethod: more })).toEqual(bad('too many verification methods'))
    expect(parse({ authentication: most, verificationMethod: [] }).ok).toBe(true)
    expect(parse({ authentication: most })).toEqual(bad('too many verification methods'))
  })

  it('D18: refuses a relationship that lists one method 10,000 times', () => {
    expect(parse({ authentication: Array<string>(10_000).fill(KEY_1) })).toEqual(
      bad('too many verification methods'),
    )
  })

  it('D19: makes relative ids absolute', () => {
    const document = parse({
      verificationMethod: [method({ id: '#key-1' })],
      authentication: ['#key-1'],
      service: [{ id: '#login', type: 'A', serviceEndpoint: 'https://client.example/' }],
    })
    expect(document).toMatchObject({
      value: {
        relationships: { authentication: [KEY_1] },
        services: [{ id: `${DID}#login` }],
      },
    })
    expect(document.ok && document.value.verificationMethods.has(KEY_1)).toBe(true)
  })

  it('D19: leaves out a method under the name of another DID', () => {
    const foreign = 'did:web:victim.example#key-1'
    const document = parse({ verificationMethod: [method({ id: foreign })] })
    expect(document.ok && document.value.verificationMethods.size).toBe(0)
  })

  it('D20: follows no controller, no alsoKnownAs and no reference to another document', () => {
    const document = parse({
      controller: 'did:web:other.example',
      alsoKnownAs: ['did:web:other.example'],
      authentication: ['did:web:other.example#key-1'],
    })
    expect(document.ok && [...document.value.verificationMethods.keys()]).toEqual([KEY_1])
  })

  it.each([
    { when: 'in publicKeyJwk', change: { publicKeyJwk: { ...PUBLIC_KEYS.Ed25519, d: 'AQ' } } },
    { when: 'as a secret', change: { publicKeyJwk: { kty: 'oct', k: 'c2VjcmV0' } } },
    { when: 'in privateKeyMultibase', change: { privateKeyMultibase: 'z3' } },
    { when: 'in secretKeyMultibase', change: { secretKeyMultibase: 'z3' } },
    { when: 'in privateKeyJwk', change: { privateKeyJwk: null } },
  ])('K5: refuses a document with a private key $when, so that it is never handed on', (row) => {
    expect(parse({ verificationMethod: [method(row.change)] })).toEqual(
      bad('it holds a private key'),
    )
    expect(parse({ verificationMethod: [], authentication: [method(row.change)] })).toEqual(
      bad('it holds a private key'),
    )
  })

  const secret = { ...PUBLIC_KEYS.Ed25519, d: 'AQ' }
  it.each([
    { where: 'in a member of older documents', change: { publicKey: [{ privateKeyJwk: secret }] } },
    {
      where: 'in a service endpoint',
      change: { service: [{ id: '#a', type: 'A', serviceEndpoint: [{ keys: [secret] }] }] },
    },
    {
      where: 'in a list called publicKeyJwk',
      change: { verificationMethod: [method({ publicKeyJwk: [{ crv: 'Ed25519', d: 'AQ' }] })] },
    },
    { where: 'without its type', change: { other: { publicKeyJwk: { d: 'AQ' } } } },
    { where: 'of a symmetric key', change: { other: { a: [[{ kty: 'oct', k: 'AQ' }]] } } },
    { where: 'deep down', change: { other: { a: { b: [{ c: { secretKeyMultibase: 'z3' } }] } } } },
  ])('K5: refuses a document with a private key $where', ({ change }) => {
    expect(parse(change)).toEqual(bad('it holds a private key'))
  })

  it('K5: accepts public keys anywhere, and names that mean something else there', () => {
    const other = { keys: [PUBLIC_KEYS.Ed25519, PUBLIC_KEYS.RSA], d: 'day', k: { p: 'page' } }
    expect(parse({ publicKey: [{ publicKeyJwk: PUBLIC_KEYS.Ed25519 }], other }).ok).toBe(true)
  })

  it('keeps a method whose key is unknown, and gives it no key', () => {
    const document = parse({
      verificationMethod: [method({ publicKeyJwk: { kty: 'OKP', crv: 'Ed448', x: 'AA' } })],
    })
    const found = document.ok ? document.value.verificationMethods.get(KEY_1) : undefined
    expect(found).toEqual({ id: KEY_1, type: 'JsonWebKey', controller: DID })
  })

  it('D21: never throws on whatever JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        for (const name of ['verificationMethod', 'authentication', 'service'])
          parseDidDocument(source({ [name]: [a, b] as never }), DID, NO_ARITHMETIC)
      }),
      { numRuns: 300, seed: 21 },
    )
  })
})

describe('parseDidDocument: services (DID Core §5.4)', () => {
  const service = (change: JsonObject = {}): JsonObject => ({
    id: `${DID}#a`,
    type: 'A',
    serviceEndpoint: 'https://client.example/a',
    ...change,
  })

  it.each([
    { form: 'a text', serviceEndpoint: 'https://client.example/a' },
    { form: 'a map', serviceEndpoint: { uri: 'https://client.example/a' } },
    { form: 'a list', serviceEndpoint: ['https://client.example/a', { uri: 'x' }] },
    { form: 'an empty list', serviceEndpoint: [] },
  ])('accepts an endpoint that is $form', ({ serviceEndpoint }) => {
    expect(parse({ service: [service({ serviceEndpoint })] })).toMatchObject({
      value: { services: [{ serviceEndpoint }] },
    })
  })

  it('accepts several types, and an id that is any URI', () => {
    const entry = service({ id: 'https://client.example/#a', type: ['A', 'B'] })
    expect(parse({ service: [entry] })).toMatchObject({
      value: { services: [{ id: 'https://client.example/#a', types: ['A', 'B'] }] },
    })
  })

  it.each([
    { when: 'null', entry: null },
    { when: 'a text', entry: 'x' },
    { when: 'without id', entry: { type: 'A', serviceEndpoint: 'x' } },
    { when: 'named by a bare word', entry: service({ id: 'login' }) },
    { when: 'without type', entry: service({ type: null }) },
    { when: 'of no type at all', entry: service({ type: [] }) },
    { when: 'of a type that is no text', entry: service({ type: [1] }) },
    { when: 'without endpoint', entry: { id: '#a', type: 'A' } },
    { when: 'at a number', entry: service({ serviceEndpoint: 1 }) },
    { when: 'at a list of lists', entry: service({ serviceEndpoint: [['x']] }) },
  ])('D21: refuses a service that is $when', ({ entry }) => {
    expect(parse({ service: [entry] })).toEqual(bad('a service is malformed'))
  })

  it('D21: refuses services that are no list', () => {
    expect(parse({ service: service() })).toEqual(bad('service is not a list'))
  })

  it('D19: refuses two services of one id, one of them relative', () => {
    expect(parse({ service: [service(), service({ id: '#a' })] })).toEqual(
      bad('two services have one id'),
    )
    expect(parse({ service: [service(), service({ id: '#b' })] }).ok).toBe(true)
  })

  it('D19: leaves out a service under the name of another DID', () => {
    const ids = [
      `${DID}#a`,
      `${DID}/path#a`,
      `${DID}?query#a`,
      'did:web:victim.example#a',
      `${DID}.evil.example#a`,
      `${DID}:path#a`,
      'https://other.example/#a',
    ]
    const parsed = parse({ service: ids.map((id) => service({ id })) })
    expect(parsed.ok && parsed.value.services.map(({ id }) => id)).toEqual([
      ...ids.slice(0, 3),
      'https://other.example/#a',
    ])
  })

  it('D18: accepts 64 services and refuses 65', () => {
    const services = Array.from({ length: MAX_SERVICES + 1 }, (_, at) =>
      service({ id: `#s${String(at)}` }),
    )
    expect(parse({ service: services.slice(1) }).ok).toBe(true)
    expect(parse({ service: services })).toEqual(bad('too many services'))
  })
})
