import { format } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../../src/domain/credential/schema-keywords.ts'
import { patternFault } from '../../../src/domain/credential/schema-pattern.ts'
import {
  isReservedType,
  isTypeName,
  schemaFaults,
} from '../../../src/domain/credential/schema-rules.ts'
import type { JsonObject } from '../../../src/domain/json/strict-json.ts'

const URL = 'https://trust.example/issuers/registry/schemas/MembershipCredential'
const pointers = (schema: JsonObject) => schemaFaults(schema, URL).map(({ pointer }) => pointer)

/** Each of two definitions applies the next one twice. */
const doubling = (levels: number): JsonObject => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: levels }, (_, at) => [
      `d${String(at)}`,
      at + 1 === levels
        ? { type: 'object' }
        : { allOf: Array.from({ length: 2 }, () => ({ $ref: `#/$defs/d${String(at + 1)}` })) },
    ]),
  ),
})

describe('schemaFaults', () => {
  it.each<[what: string, schema: JsonObject, faults: readonly string[]]>([
    ['a local reference', { $ref: '#/$defs/a', $defs: { a: { type: 'object' } } }, []],
    ['V15: a remote reference', { $ref: 'https://evil.example/s' }, ['/$ref']],
    ['a reference to nothing', { $ref: '#/$defs/a', $defs: {} }, ['/$ref']],
    ['a dynamic reference', { $dynamicRef: '#a' }, ['/$dynamicRef']],
    ['its own URL as $id', { $id: URL }, []],
    ['another $id', { $id: 'https://evil.example/s' }, ['/$id']],
    ['an inner $id', { items: { $id: URL } }, ['/items/$id']],
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, ['/$schema']],
    ['a misspelt keyword', { requird: ['id'] }, ['/requird']],
    ['a property of any name', { properties: { requird: { type: 'string' } } }, []],
    ['a keyword of the wrong type', { allOf: {}, maxItems: '3' }, ['/allOf', '/maxItems']],
    ['an unknown type', { type: 'text' }, ['/type']],
    ['V15: an unknown format', { format: 'lei' }, ['/format']],
    ['V15: a format whose check may never end', { format: 'url' }, ['/format']],
    ['a format that is checked', { format: 'uri' }, []],
    ['few unique objects', { uniqueItems: true, maxItems: 10 }, []],
    ['unique texts', { uniqueItems: true, items: { type: 'string' } }, []],
    ['many unique objects', { uniqueItems: true, items: {} }, ['/uniqueItems']],
    ['a bad pattern', { properties: { a: { pattern: '(a+)+' } } }, ['/properties/a/pattern']],
    ['a bad name', { patternProperties: { '(a*)*': true } }, ['/patternProperties/(a*)*']],
    ['a few doublings', doubling(8), []],
    ['many doublings', doubling(30), ['']],
    ['64 KiB and more', { description: 'x'.repeat(64 * 1024) }, ['']],
  ])('%s: %#', (_, schema, faults) => {
    expect(pointers(schema)).toEqual(faults)
  })

  it('refuses a reference that leads back to itself', () => {
    const loop = { $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } }
    expect(pointers(loop)).toHaveLength(1)
    expect(pointers({ ...loop, $defs: { a: { items: {} } } })).toEqual([])
  })
})

describe('FORMATS', () => {
  const hostile = [
    ...['a', 'a.', '1', '0:', '/', '~0', '%41', 'a:', '"', 'a@', '[', '::', 'a-', '0/', ' ', '1.'],
  ].flatMap((one) =>
    ['', 'P', 'x://', 'http://a', '#', '0/', '"', '/', 'a@', '12:00:00.'].map(
      (start) => `${start}${one.repeat(30_000 / one.length)}!`,
    ),
  )

  it.each(FORMATS)('V15: %s is checked, in time that grows with the text', (name) => {
    const check = format[name] ?? (() => undefined)
    const slowest = Math.max(
      ...hostile.map((text) => {
        const before = performance.now()
        expect(check(text)).toBeTypeOf('boolean')
        return performance.now() - before
      }),
    )
    expect(slowest).toBeLessThan(250)
  })

  it('names the format that is refused, and what may stand instead', () => {
    const [fault] = schemaFaults({ format: 'url' }, URL)
    expect(fault?.detail).toMatch(/^url is not checked here: it must be one of .*uri/)
  })
})

describe('patternFault', () => {
  it.each([
    '^[A-Z0-9]{18}[0-9]{2}$',
    '^https?://',
    '^\\+[1-9][0-9]{1,14}$',
    '^(?:a|b)?[^)(]+$',
    '^\\p{L}+$',
  ])('accepts %s', (source) => {
    expect(patternFault(source)).toBeUndefined()
  })

  it.each([
    '(a+)+$',
    '^(a|aa)*$',
    '^(?:x{2})+$',
    '^(a)\\1$',
    '^a*a*a*$',
    `^${'a?'.repeat(40)}$`,
    '^a{1,2000}$',
    '(',
    `^${'a'.repeat(256)}`,
  ])('refuses %s', (source) => {
    expect(patternFault(source)).toBeDefined()
  })
})

describe('names of types', () => {
  it('are 1 to 128 letters, digits, _ or -', () => {
    expect(['A', 'a_b-9', 'x'.repeat(128)].every(isTypeName)).toBe(true)
    expect(['', 'a.b', 'a/b', 'x'.repeat(129)].some(isTypeName)).toBe(false)
  })

  it('are not an issuer’s to choose for the LSO types', () => {
    expect(isReservedType('LsoLegalEntityCredential')).toBe(true)
    expect(isReservedType('MembershipCredential')).toBe(false)
  })
})
