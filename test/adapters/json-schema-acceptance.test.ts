import { Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import delegation from '../../schemas/lso-delegation-credential.json' with { type: 'json' }
import accreditation from '../../schemas/lso-issuer-accreditation-credential.json' with { type: 'json' }
import legalEntity from '../../schemas/lso-legal-entity-credential.json' with { type: 'json' }
import { acceptanceOf } from '../../src/adapters/json-schema/acceptance.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { fixtures } from '../support/fixtures.ts'

const SCHEMAS: Readonly<Record<string, JsonObject>> = { delegation, accreditation, legalEntity }
const credentials = Object.values({ ...fixtures('valid'), ...fixtures('invalid') })

/** Values that keywords of our schemas look at from one side or the other. */
const VALUES: readonly Json[] = [
  ...[null, true, 0, -1, 3, 1.5, 1e300, '', 'a', 'DE', 'de', 'LEI', 'Buyer', 'Sonata'],
  ...['did:web:a.example', 'did:web:', 'https://a.example/b', 'a b', 'urn:x', '\u202e', '\n'],
  ...[
    '2026-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    'LegalEntity',
    '😀'.repeat(512),
  ],
  ...['x'.repeat(512), 'x'.repeat(513), 'LsoLegalEntityCredential', 'LsoDelegationCredential'],
  ...['https://www.w3.org/2018/credentials/v1', 'https://www.w3.org/ns/credentials/v2'],
  ...[[], {}, [[]], [{}], ['a', 'a'], { id: 'did:web:a.example' }, { type: 'a' }, [{ type: 'a' }]],
  { constructor: 1 },
]

const value = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.jsonValue().map((json) => json as Json),
)
const name = fc.constantFrom(...namesIn(credentials), 'toString', 'hasOwnProperty', 'x')

/** Where to go in, step by step, and what to do there. */
const mutation = fc.record({
  steps: fc.array(fc.nat(30), { maxLength: 5 }),
  kind: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  name,
  value,
})
type Mutation = typeof mutation extends fc.Arbitrary<infer One> ? One : never

function mutated(json: Json, { steps: [step, ...steps], kind, name, value }: Mutation): Json {
  const rest = { steps, kind, name, value }
  if (Array.isArray(json)) {
    const list = json as readonly Json[]
    const at = (step ?? 0) % Math.max(1, list.length)
    if (step !== undefined && steps.length > 0)
      return list.map((item, index) => (index === at ? mutated(item, rest) : item))
    if (kind === 'remove') return list.toSpliced(at, 1)
    if (kind === 'repeat') return [...list, ...list.slice(at, at + 1)]
    return kind === 'add'
      ? [...list, value]
      : list.map((item, index) => (index === at ? value : item))
  }
  if (!isJsonObject(json)) return value
  const members = Object.keys(json)
  const member = members[(step ?? 0) % Math.max(1, members.length)] ?? name
  if (step !== undefined && steps.length > 0)
    return { ...json, [member]: mutated(json[member] ?? null, rest) }
  if (kind === 'remove')
    return Object.fromEntries(Object.entries(json).filter(([key]) => key !== member))
  return { ...json, [kind === 'add' ? name : member]: value }
}

function namesIn(json: Json): readonly string[] {
  if (typeof json !== 'object' || json === null) return []
  return [...new Set(Object.entries(json).flatMap(([key, inside]) => [key, ...namesIn(inside)]))]
}

describe.each(Object.entries(SCHEMAS))('the compiled schema: %s', (_, schema) => {
  const accepts = acceptanceOf(schema)
  const interpreter = new Validator(schema, '2020-12', false)
  const agree = (instance: Json) => {
    expect(accepts(instance)).toBe(interpreter.validate(instance).valid)
  }

  it('accepts the same of the example credentials as the interpreter, and some of them', () => {
    credentials.forEach(agree)
    expect(credentials.some(accepts)).toBe(true)
    expect(credentials.every(accepts)).toBe(false)
  })

  it('V15: accepts the same of credentials with one to three changes as the interpreter', () => {
    const changed = fc
      .tuple(fc.constantFrom(...credentials), fc.array(mutation, { minLength: 1, maxLength: 3 }))
      .map(([credential, changes]) => changes.reduce<Json>(mutated, credential))
    fc.assert(fc.property(changed, agree), { numRuns: 3_000 })
  })

  it('accepts the same of any JSON as the interpreter', () => {
    fc.assert(fc.property(value, agree), { numRuns: 300 })
  })
})

describe('acceptanceOf', () => {
  it.each([
    { when: 'a keyword', schema: { properties: { a: { not: {} } } } },
    { when: 'a format', schema: { format: 'made-up' } },
    { when: 'a list as a value', schema: { const: [] } },
  ])('compiles no schema with $when that it does not know', ({ schema }) => {
    expect(() => acceptanceOf(schema)).toThrow('a schema')
    expect(acceptanceOf({ type: 'object' })({})).toBe(true)
  })

  it('V8: accepts the same dates as the interpreter', () => {
    const schema = { format: 'date-time' }
    const [accepts, interpreter] = [acceptanceOf(schema), new Validator(schema, '2020-12', false)]
    const two = (most: number) => fc.nat(most).map((number) => String(number).padStart(2, '0'))
    const date = fc
      .tuple(
        fc.constantFrom('0000', '0099', '0100', '1900', '2000', '2024', '2026', '9999', '20260'),
        ...[two(14), two(33), two(25), two(61), two(61)],
        fc.constantFrom('Z', 'z', '', '.5Z', '+00:00', '-14:00', '+14:01', '+23:59', '+1:00'),
      )
      .map(([year, month, day, hour, minute, second, zone]) =>
        [`${year}-${month}-${day}`, `${hour}:${minute}:${second}${zone}`].join('T'),
      )
    fc.assert(
      fc.property(date, (text) => {
        expect(accepts(text)).toBe(interpreter.validate(text).valid)
      }),
      { numRuns: 3_000 },
    )
  })

  it('follows a schema that leads back to itself', () => {
    const accepts = acceptanceOf({
      $ref: '#/$defs/tree',
      $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } },
    })
    expect(accepts([[], [[]]])).toBe(true)
    expect(accepts([[], [1]])).toBe(false)
  })
})
