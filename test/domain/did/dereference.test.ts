import { describe, expect, it } from 'vitest'
import { dereference } from '../../../src/domain/did/dereference.ts'
import { parseDidUrl } from '../../../src/domain/did/did-url.ts'
import { expandRelativeUrls } from '../../../src/domain/did/expand-relative-urls.ts'
import { MAX_URL_CHARACTERS } from '../../../src/domain/limits.ts'
import { DID, documentOf, KEY_1, method, source } from '../../support/did-documents.ts'

const ENDPOINT = 'https://client.example/files'
const service = (id: string, type: string, serviceEndpoint: unknown) => ({
  id,
  type,
  serviceEndpoint: serviceEndpoint as string,
})
const DOCUMENT = documentOf({
  verificationMethod: [method({ id: '#key-1' })],
  keyAgreement: [method({ id: '#key-2' })],
  service: [
    service('#files', 'Files', ENDPOINT),
    service('#map', 'Map', { uri: ENDPOINT }),
    service('#list', 'Files', [{ uri: 'x' }, 'mailto:a@client.example', `${ENDPOINT}/2`]),
    service('#script', 'Script', 'javascript:alert(1)'),
    service('#part', 'Part', `${ENDPOINT}#part`),
  ],
})

const follow = (rest: string, document = DOCUMENT) => {
  const didUrl = parseDidUrl(`${DID}${rest}`)
  return didUrl.ok ? dereference(document, didUrl.value) : didUrl
}
const refused = (reason: string) => ({ ok: false, refusal: { reason } })
const redirect = (url: string) => ({ ok: true, value: { kind: 'service', url } })

describe('dereference (DID Resolution §5.4)', () => {
  it('leads from a DID to its document', () => {
    expect(follow('')).toEqual({ ok: true, value: { kind: 'document' } })
  })

  it.each([
    { fragment: '#key-1', part: { id: KEY_1, type: 'JsonWebKey' } },
    { fragment: '#key-2', part: { id: `${DID}#key-2`, type: 'JsonWebKey' } },
    { fragment: '?noCache=true#key-1', part: { id: KEY_1 } },
    {
      fragment: '?expandRelativeUrls=true&versionTime=2030-01-01T00:00:00Z#key-1',
      part: { id: KEY_1 },
    },
    { fragment: '#files', part: { id: `${DID}#files`, serviceEndpoint: ENDPOINT } },
  ])('leads from $fragment to the part of that id, its id made absolute', ({ fragment, part }) => {
    expect(follow(fragment)).toMatchObject({ ok: true, value: { kind: 'part', part } })
  })

  it.each(['#', '#key-3', '#KEY-1', '/key-1', '/#key-1', '?a=b', '?a=b#key-1'])(
    'leads from %s to nothing',
    (rest) => {
      expect(follow(rest)).toEqual(refused('resource_not_found'))
    },
  )

  it.each([
    { query: '?service=files', url: ENDPOINT },
    { query: '?service=%23files', url: ENDPOINT },
    { query: '?%73ervice=files', url: ENDPOINT },
    { query: '?serviceType=Files', url: ENDPOINT },
    { query: '?service=list&serviceType=Files', url: `${ENDPOINT}/2` },
    { query: '?service=files&relativeRef=%2Fa%2Fb%3Fc', url: 'https://client.example/a/b?c' },
    { query: '?service=files&relativeRef=a', url: 'https://client.example/a' },
    { query: '?service=files#intro', url: `${ENDPOINT}#intro` },
    { query: '?service=files&relativeRef=%2Fa#intro', url: 'https://client.example/a#intro' },
  ])('leads from $query to $url', ({ query, url }) => {
    expect(follow(query)).toEqual(redirect(url))
  })

  it.each([
    '?service=nothing',
    '?service=files&serviceType=Map',
    '?service=map',
    '?service=script',
    '/a?service=files',
  ])('leads from %s to nothing', (query) => {
    expect(follow(query)).toEqual(refused('resource_not_found'))
  })

  it.each([
    '?service=files&relativeRef=%2F%2Fevil.example%2Fa',
    '?service=files&relativeRef=https%3A%2F%2Fevil.example',
    '?service=files&relativeRef=javascript%3Aalert(1)',
    '?service=files&relativeRef=%2F%5Cevil.example',
    '?service=part#intro',
  ])('refuses %s, which would leave the endpoint or have two fragments', (query) => {
    expect(follow(query)).toEqual(refused('did_url_invalid'))
  })
})

describe('dereference: what one id means (row D19)', () => {
  const twice = { reason: 'did_document_invalid', fault: 'two of its parts have one id' }
  it.each([
    {
      what: 'two methods',
      change: { verificationMethod: [method(), method({ type: 'Multikey' })] },
    },
    {
      what: 'a method, and another in a relationship',
      change: { keyAgreement: [method({ id: '#key-1', expires: '2030-01-01T00:00:00Z' })] },
    },
    { what: 'a method and a service', change: { service: [service('#key-1', 'A', ENDPOINT)] } },
  ])('D19: refuses an id that $what share', ({ change }) => {
    expect(follow('#key-1', documentOf(change))).toEqual({ ok: false, refusal: twice })
  })

  it('D19: accepts a method that is written twice in the same words', () => {
    const { type, ...rest } = method({ id: '#key-1' })
    const document = documentOf({ authentication: [{ ...rest, type: type ?? null }] })
    expect(follow('#key-1', document)).toMatchObject({ ok: true, value: { part: { id: KEY_1 } } })
  })

  it('D19: follows no service under the name of another DID', () => {
    const document = documentOf({
      service: [service('did:web:victim.example#files', 'Files', ENDPOINT)],
    })
    expect(follow('?serviceType=Files', document)).toEqual(refused('resource_not_found'))
  })
})

describe('dereference: how long a URL may be', () => {
  const sized = (length: number) => ENDPOINT.padEnd(length, 'a')
  const files = (endpoint: string) => documentOf({ service: [service('#files', 'A', endpoint)] })

  it('V16: leads to a URL as long as clients can read, and to none that is longer', () => {
    const longest = sized(MAX_URL_CHARACTERS)
    expect(follow('?service=files', files(longest))).toEqual(redirect(longest))
    expect(follow('?service=files', files(`${longest}a`))).toEqual(refused('resource_not_found'))
    expect(follow('?service=files#b', files(longest))).toEqual(refused('did_url_invalid'))
    const shorter = sized(MAX_URL_CHARACTERS - 2)
    expect(follow('?service=files#b', files(shorter))).toEqual(redirect(`${shorter}#b`))
  })
})

describe('expandRelativeUrls (DID Resolution §4.4)', () => {
  it('writes every relative DID URL out and leaves the rest', () => {
    const relative = source({
      verificationMethod: [method({ id: '#key-1' })],
      authentication: ['#key-1', method({ id: '#key-2' })],
      service: [service('#files', 'Files', ENDPOINT)],
      other: '#key-1',
    })
    expect(expandRelativeUrls(relative, DID)).toEqual({
      ...relative,
      verificationMethod: [method()],
      authentication: [KEY_1, method({ id: `${DID}#key-2` })],
      service: [service(`${DID}#files`, 'Files', ENDPOINT)],
    })
  })

  it('leaves a document as it is where everything is absolute', () => {
    expect(expandRelativeUrls(source(), DID)).toEqual(source())
  })
})
