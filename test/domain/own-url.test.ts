import { describe, expect, it } from 'vitest'
import { isOwnUrl } from '../../src/domain/own-url.ts'

const OWN = 'https://trust.example:8443'

describe('a URL that leads to this service', () => {
  it.each([
    'https://trust.example:8443/issuers/a',
    'http://trust.example:8443',
    ' \u0000\thttps://trust.example:8443/',
    'h\ntt\tps://trust.example:8443/',
    'HTTPS://TRUST.EXAMPLE:8443/',
    'https://me@trust.example.:8443/',
    'https:\\\\trust%2eexample:8443\\a',
  ])('S12: is known however it is written: %j', (url) => {
    expect(isOwnUrl(url, OWN)).toBe(true)
  })

  it.each([
    'https://trust.example/',
    'https://other.example:8443/',
    'hhttps://trust.example:8443/',
    'xhttps://trust.example:8443/',
    'did:web:trust.example%3A8443',
    'urn:trust.example:8443',
    'h',
    '',
  ])('is no other: %j', (url) => {
    expect(isOwnUrl(url, OWN)).toBe(false)
  })
})
