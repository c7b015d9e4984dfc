import { describe, expect, it } from 'vitest'
import { dereference } from '../../../src/domain/did/dereference.ts'
import { parseDidUrl } from '../../../src/domain/did/did-url.ts'
import { expandRelativeUrls } from '../../../src/domain/did/expand-relative-urls.ts'
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

const follow = (rest: string) => {
  const didUrl = parseDidUrl(`${DID}${rest}`)
  return didUrl.ok ? dereference(DOCUMENT, didUrl.value) : didUrl
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
