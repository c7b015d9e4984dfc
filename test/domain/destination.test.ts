import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destinationOf, isPublicHostName } from '../../src/domain/destination.ts'

const NO_LOCAL_HOSTS: ReadonlySet<string> = new Set()
const FORBIDDEN = { ok: false, refusal: { reason: 'destination_not_allowed' } }

describe('destinationOf', () => {
  it.each([
    { text: 'https://client.example', url: 'https://client.example/' },
    { text: 'https://client.example/a?b#c', url: 'https://client.example/a?b' },
    { text: 'https://CLIENT.example:443/a', url: 'https://client.example/a' },
    { text: 'https://xn--exmple-cua.example/', url: 'https://xn--exmple-cua.example/' },
    { text: 'https://a.b.c.client.example/@x', url: 'https://a.b.c.client.example/@x' },
    { text: 'https://1.client.example/', url: 'https://1.client.example/' },
  ])('accepts $text, which every refusal below is made from', ({ text, url }) => {
    expect(destinationOf(text, NO_LOCAL_HOSTS)).toMatchObject({
      ok: true,
      value: { url, localHost: undefined },
    })
  })

  it.each([
    'http://client.example/',
    'HTTPS://client.example/',
    'ftp://client.example/',
    'file:///etc/hosts',
    'data:text/plain,a',
    '//client.example/',
    'https:client.example',
    'https:/client.example',
    'https:///client.example',
    'https://',
    '',
    'client.example',
  ])('D8: refuses %j, which is no https URL', (text) => {
    expect(destinationOf(text, NO_LOCAL_HOSTS)).toEqual(FORBIDDEN)
  })

  it.each([
    'https://user@client.example/',
    'https://user:password@client.example/',
    'https://@client.example/',
    'https://:@client.example/',
    'https://client.example@evil.example/',
    'https://client.example%40evil.example/',
  ])('D4: refuses %j', (text) => {
    expect(destinationOf(text, NO_LOCAL_HOSTS)).toEqual(FORBIDDEN)
  })

  it.each([
    'https://client.example:22/',
    'https://client.example:80/',
    'https://client.example:8443/',
    'https://client.example:0/',
    'https://client.example:65536/',
    'https://client.example:+443/',
  ])('D7: refuses %j', (text) => {
    expect(destinationOf(text, NO_LOCAL_HOSTS)).toEqual(FORBIDDEN)
  })

  it.each([
    'https://client.example\\@evil.example/',
    'https://client.example\t/',
    'https://cli\nent.example/',
    'https://client.example/\r\nHost: a',
    ' https://client.example/',
    'https://client.example /',
    'https://clïent.example/',
    'https://ｃlient.example/',
    'https://client。example/',
    `https://client.example/${'a'.repeat(10_000)}`,
  ])('refuses %j, which parsers read differently or which is too long', (text) => {
    expect(destinationOf(text, NO_LOCAL_HOSTS)).toEqual(FORBIDDEN)
  })

  it('accepts a development host over http and https alike, and asks it over http', () => {
    const localHosts = new Set(['localhost:8788', '127.0.0.1:9000'])
    for (const text of ['http://localhost:8788/a?b', 'https://localhost:8788/a?b'])
      expect(destinationOf(text, localHosts)).toEqual({
        ok: true,
        value: {
          url: 'http://localhost:8788/a?b',
          host: 'localhost',
          localHost: 'localhost:8788',
        },
      })
    expect(destinationOf('http://127.0.0.1:9000/', localHosts).ok).toBe(true)
    for (const text of ['http://localhost:8789/', 'http://localhost/', 'http://localhost.:8788/'])
      expect(destinationOf(text, localHosts)).toEqual(FORBIDDEN)
  })

  it('never throws, and never accepts a host that is no public name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
        const destination = destinationOf(text, NO_LOCAL_HOSTS)
        expect(!destination.ok || isPublicHostName(destination.value.host)).toBe(true)
      }),
      { numRuns: 500, seed: 8 },
    )
  })
})

describe('isPublicHostName', () => {
  it.each(['client.example', 'a.b', 'xn--exmple-cua.com', '1a.co', `${'a'.repeat(63)}.example`])(
    'accepts %s',
    (host) => {
      expect(isPublicHostName(host)).toBe(true)
    },
  )

  it.each([
    'localhost',
    'client',
    'a.localhost',
    'a.local',
    'a.internal',
    'metadata.google.internal',
    'a.test',
    'a.invalid',
    'a.onion',
    'a.home.arpa',
    'a.lan',
    'client.example.',
    '.client.example',
    'client..example',
    '-a.example',
    'a-.example',
    'a.1',
    '1.2.3.4',
    '[::1]',
    'CLIENT.example',
    'a_b.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(126)}example`,
    '',
  ])('D8: refuses %j', (host) => {
    expect(isPublicHostName(host)).toBe(false)
  })
})
