import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/domain/base64url.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { MAX_JSON_DEPTH, MAX_TOKEN_CHARACTERS } from '../../src/domain/limits.ts'
import { compactJws, compactOf, GOOD, part, SIGNATURE } from '../support/compact-jws.ts'

const { header, payload } = GOOD['client-assertion']
const good = compactJws(header, payload)
const [goodHeader, goodPayload] = [JSON.stringify(header), JSON.stringify(payload)]
const bytePart = (...bytes: readonly number[]) => encodeBase64url(Uint8Array.from(bytes))
const read = (compact: unknown) => readCompactJws(compact, 'client-assertion')
const malformed = (fault: string) => ({
  ok: false,
  refusal: { reason: 'token_malformed', fault },
})

describe('readCompactJws: size and parts (RFC 7515 §7.1)', () => {
  it('accepts the token every refusal below is made from, and says what it says', () => {
    expect(read(good)).toEqual({
      ok: true,
      value: {
        compact: good,
        purpose: 'client-assertion',
        header,
        alg: 'EdDSA',
        kid: 'did:web:issuer.example#key-1',
        jwk: undefined,
        payload,
        signature: new Uint8Array(64).fill(7),
      },
    })
  })

  it('J18: accepts a token of the largest size and refuses one that is a character longer', () => {
    const lengthOf = (filler: number) => withFiller(filler).length
    const withFiller = (filler: number) =>
      compactOf(goodHeader, JSON.stringify({ iss: 'i'.repeat(filler) }))
    let filler = Math.floor(((MAX_TOKEN_CHARACTERS - lengthOf(0)) * 3) / 4) - 4
    while (lengthOf(filler) < MAX_TOKEN_CHARACTERS) filler++
    const largest = withFiller(filler)
    expect(largest).toHaveLength(MAX_TOKEN_CHARACTERS)
    expect(read(largest)).toMatchObject({ ok: true })
    expect(read(`${largest}A`)).toEqual({ ok: false, refusal: { reason: 'token_too_large' } })
  })

  it('J11: refuses a huge token, however it is nested, before it decodes any of it', () => {
    expect(read('!'.repeat(3_000_000))).toEqual({
      ok: false,
      refusal: { reason: 'token_too_large' },
    })
  })

  it.each([
    { when: 'the empty string', compact: '' },
    { when: 'one part', compact: part(goodHeader) },
    { when: 'two parts', compact: `${part(goodHeader)}.${part(goodPayload)}` },
    { when: 'four parts', compact: `${good}.${SIGNATURE}` },
    { when: 'four parts, the last one empty', compact: `${good}.` },
    { when: 'the five parts of a JWE', compact: `${good}.${SIGNATURE}.${SIGNATURE}` },
    { when: 'JSON serialization as text', compact: `{"payload":"${part(goodPayload)}"}` },
  ])('J18: refuses $when', ({ compact }) => {
    expect(read(compact)).toEqual(malformed('not_three_parts'))
  })

  it.each([
    { when: 'nothing', compact: undefined },
    { when: 'null', compact: null },
    { when: 'a number', compact: 1 },
    { when: 'a list of the token', compact: [good] },
    {
      when: 'JSON serialization',
      compact: {
        protected: part(goodHeader),
        payload: part(goodPayload),
        signature: SIGNATURE,
      },
    },
  ])('J18: refuses $when in the place of a text', ({ compact }) => {
    expect(read(compact)).toEqual(malformed('not_text'))
  })

  it('J1: refuses an empty signature under an allowed algorithm', () => {
    expect(read(`${part(goodHeader)}.${part(goodPayload)}.`)).toEqual(
      malformed('signature_missing'),
    )
  })
})

describe('readCompactJws: base64url (RFC 7515 §2)', () => {
  // 65 bytes end in one unused pair of bits less than 64, so that trailing bits can be set.
  const [headerPart, payloadPart] = [part(goodHeader), part(goodPayload)]
  const trailing = encodeBase64url(new Uint8Array(65).fill(7))

  it('J17: accepts each of the parts that the refusals below misspell', () => {
    expect(read(`${headerPart}.${payloadPart}.${trailing}`)).toMatchObject({ ok: true })
  })

  it.each([
    { when: 'padding', misspell: (text: string) => `${text}=` },
    { when: 'double padding', misspell: (text: string) => `${text}==` },
    { when: 'a line feed', misspell: (text: string) => `${text}\n` },
    { when: 'a leading space', misspell: (text: string) => ` ${text}` },
    {
      when: 'a space inside',
      misspell: (text: string) => `${text.slice(0, 8)} ${text.slice(8)}`,
    },
    { when: 'the other alphabet', misspell: (text: string) => `${text.slice(0, -4)}+//A` },
    { when: 'a character of no alphabet', misspell: (text: string) => `${text.slice(0, -4)}!AAA` },
    { when: 'a letter outside ASCII', misspell: (text: string) => `${text.slice(0, -4)}éAAA` },
    { when: 'a NUL', misspell: (text: string) => `${text}\u0000` },
  ])('J17: refuses $when in the header, the payload and the signature', ({ misspell }) => {
    const refused = malformed('not_base64url')
    expect(read(`${misspell(headerPart)}.${payloadPart}.${SIGNATURE}`)).toEqual(refused)
    expect(read(`${headerPart}.${misspell(payloadPart)}.${SIGNATURE}`)).toEqual(refused)
    expect(read(`${headerPart}.${payloadPart}.${misspell(SIGNATURE)}`)).toEqual(refused)
  })

  it('J17: refuses a last character whose unused bits are set', () => {
    const last = trailing.slice(-1)
    const others = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    const accepted = others.filter(
      (other) => read(`${headerPart}.${payloadPart}.${trailing.slice(0, -1)}${other}`).ok,
    )
    expect(accepted).toContain(last)
    // 65 bytes leave two characters for the last two bytes: two bits of the last one are unused.
    expect(accepted).toHaveLength(16)
  })
})

describe('readCompactJws: strict JSON in header and payload', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
  const inHeader = (json: string) => read(compactOf(json, goodPayload))
  const inPayload = (json: string) => read(compactOf(goodHeader, json))

  it.each([
    { row: 'J13', when: 'a member twice', bad: '{"iss":"a","iss":"b"}', good: '{"iss":"a"}' },
    {
      row: 'J13',
      when: 'a member twice, once escaped',
      bad: '{"iss":"a","\\u0069ss":"b"}',
      good: '{"\\u0069ss":"a"}',
    },
    {
      row: 'J13',
      when: 'a member twice, deep inside',
      bad: '{"a":[{"b":1,"b":2}]}',
      good: '{"a":[{"b":1},{"b":2}]}',
    },
  ])('$row: refuses $when', ({ bad, good: control }) => {
    const refused = { ok: false, refusal: { reason: 'json_duplicate_key' } }
    expect(inPayload(bad)).toEqual(refused)
    expect(inPayload(control)).toMatchObject({ ok: true })
    expect(inHeader(`${goodHeader.slice(0, -1)},"x":${bad}}`)).toEqual(refused)
    expect(inHeader(`${goodHeader.slice(0, -1)},"x":${control}}`)).toMatchObject({ ok: true })
  })

  it('J13: refuses a header that names alg twice, whichever would win', () => {
    const twice = '{"alg":"none","alg":"EdDSA","kid":"did:web:issuer.example#key-1"}'
    expect(inHeader(twice)).toEqual({ ok: false, refusal: { reason: 'json_duplicate_key' } })
  })

  it('J14: refuses a __proto__ member at any depth, and leaves every other object alone', () => {
    const refused = { ok: false, refusal: { reason: 'json_forbidden_key' } }
    const polluting = '{"a":{"__proto__":{"polluted":true}}}'
    expect(inPayload(polluting)).toEqual(refused)
    expect(inHeader(`${goodHeader.slice(0, -1)},"x":${polluting}}`)).toEqual(refused)
    expect(inPayload('{"a":{"proto":{"polluted":true}}}')).toMatchObject({ ok: true })
    expect(inPayload('{"constructor":{"prototype":{"polluted":true}}}')).toMatchObject({
      ok: true,
    })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('J14: takes no header member from the prototype of objects', () => {
    expect(inHeader('{"alg":"EdDSA","typ":"JWT"}')).toEqual({
      ok: false,
      refusal: { reason: 'kid_missing' },
    })
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect(inHeader(JSON.stringify({ ...header, alg: name }))).toEqual({
        ok: false,
        refusal: { reason: 'alg_not_allowed' },
      })
  })

  it('J15: accepts the deepest nesting allowed and refuses one level more', () => {
    expect(inPayload(nested(MAX_JSON_DEPTH))).toMatchObject({ ok: true })
    const refused = { ok: false, refusal: { reason: 'json_too_deep' } }
    expect(inPayload(nested(MAX_JSON_DEPTH + 1))).toEqual(refused)
    expect(inHeader(nested(MAX_JSON_DEPTH + 1))).toEqual(refused)
    expect(inPayload('['.repeat(40_000))).toEqual(refused)
  })

  it.each([
    { when: 'bytes that are no UTF-8', bytes: [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d] },
    { when: 'an overlong encoding', bytes: [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d] },
    { when: 'an encoded surrogate', bytes: [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d] },
  ])('J16: refuses $when', ({ bytes }) => {
    const refused = { ok: false, refusal: { reason: 'utf8_invalid' } }
    expect(read(`${part(goodHeader)}.${bytePart(...bytes)}.${SIGNATURE}`)).toEqual(refused)
    expect(read(`${bytePart(...bytes)}.${part(goodPayload)}.${SIGNATURE}`)).toEqual(refused)
  })

  it('J16: refuses a lone surrogate written as an escape, accepts a pair', () => {
    expect(inPayload('{"name":"\\ud83d"}')).toEqual({
      ok: false,
      refusal: { reason: 'utf8_invalid' },
    })
    expect(inPayload('{"name":"\\ud83d\\ude00"}')).toMatchObject({ ok: true })
  })

  it('J16: refuses a byte order mark before the JSON', () => {
    const refused = { ok: false, refusal: { reason: 'utf8_invalid' } }
    expect(inPayload(`\ufeff${goodPayload}`)).toEqual(refused)
    expect(inHeader(`\ufeff${goodHeader}`)).toEqual(refused)
  })

  it.each(['null', '[]', '"text"', '1', 'true'])('refuses %s where an object belongs', (json) => {
    expect(inPayload(json)).toEqual(malformed('not_an_object'))
    expect(inHeader(json)).toEqual(malformed('not_an_object'))
  })

  it.each(['', '{', '{"a":1}{}', "{'a':1}", 'a', '{"a":NaN}'])('refuses %j as JSON', (json) => {
    const refused = { ok: false, refusal: { reason: 'json_invalid' } }
    expect(inPayload(json)).toEqual(refused)
    expect(inHeader(json)).toEqual(refused)
  })
})
