import { describe, expect, it } from 'vitest'
import { clientView } from '../../../src/domain/client/client-view.ts'
import { linkedPresentationUrls } from '../../../src/domain/did/service-endpoints.ts'
import { MAX_URL_CHARACTERS } from '../../../src/domain/limits.ts'
import type { Json } from '../../../src/domain/json/strict-json.ts'
import { dateTimeStamp, later } from '../../../src/domain/time.ts'
import { DID, didOf, documentOf, KEY_1, method, NOW } from '../../support/did-documents.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const service = (id: string, serviceEndpoint: Json, type: Json = 'A') => ({
  id: `${DID}#${id}`,
  type,
  serviceEndpoint,
})
const viewOf = (...services: Json[]) => clientView(documentOf({ service: services }), NOW)

describe('clientView (W128 R16–R19)', () => {
  it('shows the keys and the redirect URIs of a document', () => {
    expect(clientView(documentOf(), NOW)).toEqual({
      clientId: DID,
      keys: [{ kid: KEY_1, alg: 'EdDSA', jwk: PUBLIC_KEYS.Ed25519 }],
      redirectUris: ['https://client.example/callback'],
      services: [
        {
          id: `${DID}#login`,
          types: ['OAuthRedirect'],
          redirectUris: ['https://client.example/callback'],
        },
      ],
      redirection: 'possible',
      holdsUntil: undefined,
    })
  })

  it('R3: shows authentication keys alone, in the order of the document', () => {
    const id = (name: string) => `${DID}#${name}`
    const named = (name: string, publicKeyJwk: Json) => method({ id: id(name), publicKeyJwk })
    const document = documentOf({
      verificationMethod: [
        named('ed', PUBLIC_KEYS.Ed25519),
        named('p256', PUBLIC_KEYS['P-256']),
        named('p384', PUBLIC_KEYS['P-384']),
        named('rsa', PUBLIC_KEYS.RSA),
        named('p521', PUBLIC_KEYS['P-521']),
        named('k1', PUBLIC_KEYS.secp256k1),
        named('x', PUBLIC_KEYS.X25519),
        named('other', PUBLIC_KEYS.Ed25519),
      ],
      authentication: ['rsa', 'p384', 'p256', 'ed', 'p521', 'k1', 'x', 'rsa', 'none'].map(id),
      assertionMethod: [id('other')],
    })
    const keys = clientView(document, NOW).keys.map(({ kid, alg }) => [kid, alg])
    expect(keys).toEqual([
      [id('rsa'), 'PS256'],
      [id('p384'), 'ES384'],
      [id('p256'), 'ES256'],
      [id('ed'), 'EdDSA'],
    ])
  })

  it('D22: leaves out a key once it has ended, and says when the next one ends', () => {
    const ends = (seconds: number) => ({
      verificationMethod: [
        method({ expires: dateTimeStamp(later(NOW, seconds)) }),
        method({ id: `${DID}#key-2`, revoked: dateTimeStamp(later(NOW, seconds + 5)) }),
      ],
      authentication: [KEY_1, `${DID}#key-2`],
    })
    const before = clientView(documentOf(ends(1)), NOW)
    expect(before.keys).toHaveLength(2)
    expect(before.holdsUntil).toBe(NOW + 1)
    const after = clientView(documentOf(ends(0)), NOW)
    expect(after.keys.map(({ kid }) => kid)).toEqual([`${DID}#key-2`])
    expect(after.holdsUntil).toBe(NOW + 5)
  })

  it.each([
    { form: 'a text', endpoint: 'https://a.example/1', uris: ['https://a.example/1'] },
    {
      form: 'a list',
      endpoint: ['https://a.example/1', 'https://a.example/2', 'https://a.example/1'],
      uris: ['https://a.example/1', 'https://a.example/2'],
    },
    { form: 'an object', endpoint: { uri: 'https://a.example/1' }, uris: ['https://a.example/1'] },
    {
      form: 'a map of lists',
      endpoint: { origins: ['https://a.example', 'https://b.example'], note: 'x' },
      uris: ['https://a.example', 'https://b.example'],
    },
    {
      form: 'a list of objects',
      endpoint: [{ uri: 'https://a.example/1', accept: ['didcomm/v2'] }, 'https://b.example/'],
      uris: ['https://a.example/1', 'https://b.example/'],
    },
    {
      form: 'too deep a nest',
      endpoint: { a: { b: { c: { d: 'https://a.example/1' } } } },
      uris: [],
    },
  ])('R19: finds https endpoints in $form', ({ endpoint, uris }) => {
    expect(viewOf(service('a', endpoint)).redirectUris).toEqual(uris)
  })

  it('R18: keeps every endpoint exactly as written', () => {
    const written = 'https://Client.example:443/a/../b?x=%7E&y'
    expect(viewOf(service('a', written)).redirectUris).toEqual([written])
  })

  it.each([
    'https://under_score.example.com/cb',
    'HTTPS://upper.example.com/cb',
    'hTTps://Upper.example.com:8443',
    'https://client.example?x=/?&y=%7B%7D',
    "https://client.example/a;b=c,d/(e)'!$&+=:@~/",
    'https://[2001:db8::1]:8443/cb',
    'https://client.example//cb/',
  ])('V16: takes the https URI %j as it stands', (endpoint) => {
    expect(viewOf(service('a', endpoint)).redirectUris).toEqual([endpoint])
  })

  it.each([
    'http://client.example/callback',
    'https://client.example/callback#part',
    'https://client.example/*',
    'https://*.client.example/',
    'https://user@client.example/',
    'https:client.example',
    'https://',
    'https://client.example\\@evil.example/',
    'https://client.example/ a',
    'https://client.example/\n',
    'https://odd.example.com/"<a>{b}|^`',
    'https://odd.example.com/a"b',
    'https://odd.example.com/{b}',
    'https://odd.example.com/%zz',
    'https://odd.example.com/a?b=[c]',
    'https://eport.example.com:/cb',
    'https://eport.example.com:99999/cb',
    'https://a%2eb.example.com/cb',
    'https://client.example?x=%',
    'http:/client.example/',
    'HTTP://client.example/',
    'javascript:alert(1)',
    'com.example.app:/callback',
    'did:web:client.example',
    '/callback',
    '',
  ])('V16: takes %j for no redirect URI', (endpoint) => {
    expect(viewOf(service('a', endpoint))).toMatchObject({
      redirectUris: [],
      services: [],
      redirection: 'no_https_endpoint',
    })
  })

  it('V16: takes a URI that no client can read for no redirect URI', () => {
    const longest = 'https://client.example/'.padEnd(MAX_URL_CHARACTERS, 'a')
    expect(viewOf(service('a', longest)).redirectUris).toEqual([longest])
    expect(viewOf(service('a', `${longest}a`)).redirectUris).toEqual([])
  })

  it('R19: says why a document without services cannot redirect', () => {
    expect(viewOf().redirection).toBe('no_services')
  })

  it.each(['did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp', 'did:jwk:eyJ9'])(
    'R19: says why %s can never redirect',
    (id) => {
      const document = { ...documentOf({ service: [] }), id: didOf(id) }
      expect(clientView(document, NOW).redirection).toBe('method_has_no_services')
    },
  )
})

describe('linkedPresentationUrls (W128 D3)', () => {
  it('finds the endpoints of linked presentations and of no other service', () => {
    const document = documentOf({
      service: [
        service('a', 'https://a.example/vp', 'LinkedVerifiablePresentation'),
        service('b', 'https://b.example/', 'LinkedDomains'),
        service(
          'c',
          ['https://a.example/vp', 'http://localhost:8788/vp', 'did:web:x'],
          ['Other', 'LinkedVerifiablePresentation'],
        ),
      ],
    })
    expect(linkedPresentationUrls(document)).toEqual([
      'https://a.example/vp',
      'http://localhost:8788/vp',
    ])
  })
})
