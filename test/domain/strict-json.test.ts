import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/domain/base64url.ts'
import { parseStrictJson, parseStrictJsonText } from '../../src/domain/json/strict-json.ts'

const read = (text: string) => parseStrictJson(utf8(text))
const refused = (reason: string) => ({ ok: false, refusal: { reason } })
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('parseStrictJson', () => {
  it.each([
    ['two members', '{"a":1,"b":{"a":2}}'],
    ['the same name in two objects of a list', '[{"a":1},{"a":1}]'],
    ['colons, quotes and brackets inside strings', String.raw`{"a:\"{[":"b\":\\","c":"}]:"}`],
    ['white space wherever it may be', ' {\t"a" : [ 1 , { } ] ,\r\n"b" : null } '],
    ['a name that is empty', '{"":1}'],
  ])('J13: accepts %s', (_, text) => {
    expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown })
  })

  it.each([
    ['at the top', '{"a":1,"a":1}'],
    ['further in', '{"b":[{"a":1,"a":2}]}'],
    ['in an object that another of its name replaces', '{"b":{"a":1,"a":2},"b":{"a":1}}'],
    ['once with an escape', String.raw`{"a":1,"\u0061":2}`],
    ['that is empty', '{"":1,"":2}'],
    ['of which one holds objects and one does not', '{"a":{"b":1,"c":2},"d":1,"a":0}'],
    ['that is a number', '{"1":1,"1":2}'],
  ])('J13: refuses a member named twice, %s', (_, text) => {
    expect(read(text)).toEqual(refused('json_duplicate_key'))
  })

  it('J14: accepts a text that is a forbidden name, and names that begin like one', () => {
    const text = '{"__proto":"__proto__","__proto__s":1,"constructor":2}'
    expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown })
  })

  it.each([
    ['as it is', '{"__proto__":1}'],
    ['with an escape', String.raw`{"\u005f_proto__":{}}`],
    ['further in', '[[{"a":{"__proto__":null}}]]'],
  ])('J14: refuses a member __proto__, %s', (_, text) => {
    expect(read(text)).toEqual(refused('json_forbidden_key'))
  })

  it('J15: accepts as many levels as there may be, and refuses one more before it parses', () => {
    expect(read(nested(32))).toMatchObject({ ok: true })
    expect(read(nested(33))).toEqual(refused('json_too_deep'))
    expect(read('{"a":'.repeat(33))).toEqual(refused('json_too_deep'))
    expect(read(`${']'.repeat(9)}${'['.repeat(33)}`)).toEqual(refused('json_too_deep'))
    expect(read(`["${'['.repeat(99)}"]`)).toMatchObject({ ok: true })
  })

  it.each([
    ['both halves of a pair', String.raw`["\ud83d\ude00"]`, true],
    ['a backslash before what looks like half', String.raw`["\\ud83d"]`, true],
    ['the first half', String.raw`["\ud83d"]`, false],
    ['the second half', String.raw`["\ude00"]`, false],
    ['half in a name', String.raw`{"\ud83d":1}`, false],
  ])('J16: judges %s', (_, text, good) => {
    expect(read(text)).toMatchObject(good ? { ok: true } : refused('utf8_invalid'))
  })

  it('J16: refuses half a pair in text that was never bytes', () => {
    expect(parseStrictJsonText('["\u{1f600}"]')).toMatchObject({ ok: true })
    expect(parseStrictJsonText('["\ud83d"]')).toEqual(refused('utf8_invalid'))
  })

  it.each([
    ['0xff', [0x22, 0xff, 0x22]],
    ['a sequence that is cut off', [0x22, 0xf0, 0x9f, 0x98, 0x22]],
    ['more bytes than needed', [0x22, 0xc0, 0xaf, 0x22]],
    ['half a pair in three bytes', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x22, 0x22]],
  ])('J16: refuses %s', (_, bytes) => {
    expect(parseStrictJson(Uint8Array.from(bytes))).toEqual(refused('utf8_invalid'))
    expect(read('"\ufffd"')).toEqual({ ok: true, value: '\ufffd' })
  })

  it.each(['9007199254740991', '-9007199254740991', '0.1000000000000000055', '1e20', '-1.5E+300'])(
    'accepts the number %s',
    (text) => {
      expect(read(`{"a":[${text}]}`)).toEqual({ ok: true, value: { a: [Number(text)] } })
    },
  )

  it.each(['9007199254740993', '-9007199254740993', '123456789012345678901', '1e400', '-1E400'])(
    'refuses the number %s, which no double is, and accepts it as text',
    (text) => {
      expect(read(`{"a":${text}}`)).toEqual(refused('json_number_unsafe'))
      expect(read(`{"a":"${text}"}`)).toMatchObject({ ok: true })
    },
  )

  it.each([
    '',
    '{',
    '{"a"}',
    '{"a":1,}',
    '[1 2]',
    "{'a':1}",
    '{"a":01}',
    '"a',
    '1e5-3',
    'nul',
    ':',
  ])('refuses %j, which is no JSON', (text) => {
    expect(read(text)).toEqual(refused('json_invalid'))
  })

  it('reads whatever JSON.stringify writes, and refuses it with any one member repeated', () => {
    const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__')
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, false, 0, -1.5, 1e-7),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(name, tree, { minKeys: 1, maxKeys: 4 }), (value) => {
        const text = JSON.stringify(value)
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown })
        const [first = ''] = Object.keys(value)
        const again = `${text.slice(0, -1)},${JSON.stringify(first)}:0}`
        expect(read(`[${again}]`)).toEqual(refused('json_duplicate_key'))
      }),
    )
  })
})
