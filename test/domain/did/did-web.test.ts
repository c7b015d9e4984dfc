import { describe, expect, it } from 'vitest'
import { destinationOf } from '../../../src/domain/destination.ts'
import { didWebUrl } from '../../../src/domain/did/did-web.ts'
import { didOf } from '../../support/did-documents.ts'

const INVALID = { ok: false, refusal: { reason: 'did_invalid' } }
const FORBIDDEN = { ok: false, refusal: { reason: 'destination_not_allowed' } }

/** The address that would be asked, after both judgements. */
const addressOf = (did: string, localHosts: readonly string[] = []) => {
  const url = didWebUrl(didOf(did))
  if (!url.ok) return url
  const destination = destinationOf(url.value, new Set(localHosts))
  return destination.ok ? destination.value.url : destination
}

describe('didWebUrl (did:web §3.2)', () => {
  it.each([
    { did: 'did:web:client.example', url: 'https://client.example/.well-known/did.json' },
    { did: 'did:web:client.example:a:b', url: 'https://client.example/a/b/did.json' },
    { did: 'did:web:client.example%3A443', url: 'https://client.example/.well-known/did.json' },
    { did: 'did:web:client.example:A-z_.9', url: 'https://client.example/A-z_.9/did.json' },
    { did: 'did:web:client.example:%C3%A9', url: 'https://client.example/%C3%A9/did.json' },
    { did: 'did:web:client.example:..a', url: 'https://client.example/..a/did.json' },
  ])('finds the document of $did', ({ did, url }) => {
    expect(addressOf(did)).toBe(url)
  })

  it.each(['did:web:x%ff', 'did:web:x%00', 'did:web:x%0d%0a', 'did:web:client.example:%ff'])(
    'D3: refuses %s',
    (did) => {
      expect(addressOf(did)).toEqual(INVALID)
    },
  )

  it.each(['did:web:client.example:a%00', 'did:web:client.example:a%0D%0Ab', 'did:web:h.x:%7F'])(
    'D3: refuses %s, which hides a control character',
    (did) => {
      expect(addressOf(did)).toEqual(INVALID)
    },
  )

  it('D4: refuses user information before the host', () => {
    expect(addressOf('did:web:trusted.example%40evil.example')).toEqual(INVALID)
    expect(addressOf('did:web:evil.example')).toContain('evil.example')
  })

  it.each(['%2F', '%2f', '%3F', '%23', '%5C', '%25', '%3A', '%40'])(
    'D5: refuses %s in a segment and in the host',
    (encoded) => {
      expect(addressOf(`did:web:trusted.example:a${encoded}b`)).toEqual(
        encoded === '%40' ? 'https://trusted.example/a%40b/did.json' : INVALID,
      )
      expect(addressOf(`did:web:trusted.example${encoded}b`)).toEqual(INVALID)
    },
  )

  it('D5: refuses a document among the uploads of a trusted host', () => {
    expect(addressOf('did:web:trusted.example%2Fuploads%2Fme.json%3F')).toEqual(INVALID)
    expect(addressOf('did:web:trusted.example:uploads:me')).toContain('/uploads/me/did.json')
  })

  it.each([
    'did:web:h.example:..:..:x',
    'did:web:h.example:.:x',
    'did:web:h.example:%2e%2e:x',
    'did:web:h.example:%2E:x',
    'did:web:h.example:.%2e:x',
    'did:web:h.example::x',
  ])('D6: refuses %s, whose path would not stay as it is', (did) => {
    expect(addressOf(did)).toEqual(INVALID)
  })

  it.each(['%3A22', '%3A80', '%3A8443', '%3A65536', '%3A444'])(
    'D7: refuses the port %s',
    (port) => {
      expect(addressOf(`did:web:client.example${port}`)).toEqual(FORBIDDEN)
    },
  )

  it.each(['%3A0', '%3A0443', '%3A', '%3A99999999', '%3a443', '%3A44a'])(
    'D7: refuses %s, which is no port',
    (port) => {
      expect(addressOf(`did:web:client.example${port}`)).toEqual(INVALID)
    },
  )

  it('D7: takes an unencoded port for what it is, a segment of the path', () => {
    expect(addressOf('did:web:client.example:8443')).toBe('https://client.example/8443/did.json')
  })

  it('D7: accepts another port of a development host, and asks it over plain http', () => {
    expect(addressOf('did:web:localhost%3A8788:a', ['localhost:8788'])).toBe(
      'http://localhost:8788/a/did.json',
    )
    expect(addressOf('did:web:localhost%3A8789:a', ['localhost:8788'])).toEqual(FORBIDDEN)
  })

  it.each(['did:web:Client.example', 'did:web:client_.example', 'did:web:a%41.example'])(
    'D13: refuses %s, another spelling of some host',
    (did) => {
      expect(addressOf(did)).toEqual(INVALID)
    },
  )

  it('D15: refuses a character in the path that needs no encoding', () => {
    expect(addressOf('did:web:client.example:%61')).toEqual(INVALID)
    expect(addressOf('did:web:client.example:a')).toContain('/a/')
  })
})
