import { describe, expect, it } from 'vitest'
import { isDid, methodOf, parseDid } from '../../../src/domain/did/did.ts'
import { MAX_DID_CHARACTERS } from '../../../src/domain/limits.ts'

const INVALID = { ok: false, refusal: { reason: 'did_invalid' } }

describe('parseDid (DID Core §3.1)', () => {
  it.each([
    'did:web:client.example',
    'did:web:client.example%3A8443:a:b',
    'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
    'did:example:a',
    'did:example::a',
    'did:1a:A-._%2f',
  ])('accepts %s', (text) => {
    expect(parseDid(text)).toEqual({ ok: true, value: text })
  })

  it.each([
    '',
    'did',
    'did:web',
    'did:web:',
    'did::a',
    'did:WEB:a',
    'DID:web:a',
    'did:w-b:a',
    'did:web:a:',
    'did:web:a/b',
    'did:web:a?b',
    'did:web:a#b',
    'did:web:a b',
    ' did:web:a',
    'did:web:a\n',
    'did:web:a%',
    'did:web:a%2',
    'https://client.example',
  ])('refuses %j', (text) => {
    expect(parseDid(text)).toEqual(INVALID)
  })

  it('D3: refuses %zz, which is no percent-encoding, and accepts %7A, which is', () => {
    expect(parseDid('did:web:x%zz')).toEqual(INVALID)
    expect(parseDid('did:web:x%7A').ok).toBe(true)
  })

  it.each([1, {}, ['did:web:client.example'], null, undefined, true, Symbol('did:web:a')])(
    'D2: takes %s for no DID, without a throw',
    (value) => {
      expect(isDid(value)).toBe(false)
    },
  )

  it('D2: takes a text that is a DID for one', () => {
    expect(isDid('did:web:client.example')).toBe(true)
  })

  it.each(['did:web:exämple.com', 'did:web:еxample.com', 'did:web:x１', 'did:web:İ.com'])(
    'D14: refuses %s, which is not ASCII',
    (text) => {
      expect(parseDid(text)).toEqual(INVALID)
    },
  )

  it('D14: accepts the same name in Punycode', () => {
    expect(parseDid('did:web:xn--exmple-cua.com').ok).toBe(true)
  })

  it('D17: accepts a DID of the longest length and refuses one character more', () => {
    const longest = `did:web:${'a'.repeat(MAX_DID_CHARACTERS - 'did:web:'.length)}`
    expect(parseDid(longest).ok).toBe(true)
    expect(parseDid(`${longest}a`)).toEqual(INVALID)
  })

  it('D17: refuses 60 kB of colons and 60 kB of letters without looking at them', () => {
    expect(parseDid(`did:web:${'a:'.repeat(30_000)}`)).toEqual(INVALID)
    expect(parseDid(`did:key:z${'6'.repeat(60_000)}`)).toEqual(INVALID)
  })

  it('D17: needs no time for a long DID that fails at its end', () => {
    const text = `did:web:${'a:'.repeat(1_000)}!`
    const started = performance.now()
    for (let run = 0; run < 100; run++) parseDid(text)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('names the method', () => {
    expect(methodOf('did:web:client.example')).toBe('web')
  })
})
