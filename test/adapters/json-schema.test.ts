import { describe, expect, it } from 'vitest'
import { compileSchema, MAX_VALUES } from '../../src/adapters/json-schema/compiled-schema.ts'
import { createCredentialSchemas } from '../../src/adapters/json-schema/credential-schemas.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { fixtures } from '../support/fixtures.ts'

/** A schema for the one member `x` of an instance. */
const schemaOfX = (x: JsonObject, members: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { x },
  ...members,
})
const SHAPES = {
  anyOf: [
    { type: 'string', pattern: '^a' },
    {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string' } },
      additionalProperties: false,
    },
  ],
  description: 'text that begins with a, or an object',
}

describe('compileSchema', () => {
  it.each([
    { schema: { type: 'string' }, x: 1, detail: 'must be text' },
    { schema: { type: ['integer', 'null'] }, x: 1.5, detail: 'must be a whole number or null' },
    { schema: { type: 'array', description: 'names' }, x: {}, detail: 'must be a list: names' },
    { schema: { const: 'A' }, x: 'B', detail: 'must be "A"' },
    { schema: { enum: ['A', 1] }, x: 'B', detail: 'must be one of "A", 1' },
    {
      schema: { enum: Array.from('abcdefghijklm') },
      x: 'z',
      detail: 'must be one of the values that the schema lists',
    },
    { schema: { minLength: 1 }, x: '', detail: 'must not be empty' },
    { schema: { minLength: 3 }, x: 'ab', detail: 'must have at least 3 characters' },
    { schema: { maxLength: 1 }, x: 'ab', detail: 'must have at most 1 characters' },
    {
      schema: { pattern: '^a', description: 'a word' },
      x: 'b',
      detail: 'must have the right form: a word',
    },
    { schema: { format: 'uri' }, x: 'b', detail: 'must have the right form' },
    { schema: { minItems: 1 }, x: [], detail: 'must list at least 1' },
    { schema: { maxItems: 1 }, x: [1, 2], detail: 'must list at most 1' },
    { schema: { minProperties: 1 }, x: {}, detail: 'must have at least 1 members' },
    { schema: { maxProperties: 0 }, x: { a: 1 }, detail: 'must have at most 0 members' },
    { schema: { minimum: 2 }, x: 1, detail: 'must be at least 2' },
    { schema: { maximum: 2 }, x: 3, detail: 'must be at most 2' },
    { schema: { exclusiveMinimum: 2 }, x: 2, detail: 'must be greater than 2' },
    { schema: { exclusiveMaximum: 2 }, x: 2, detail: 'must be less than 2' },
    { schema: { multipleOf: 2 }, x: 3, detail: 'must be a multiple of 2' },
    { schema: { uniqueItems: true }, x: [1, 1], detail: 'must not repeat an item: name each once' },
    { schema: { contains: { const: 'A' } }, x: ['B', 'C'], detail: 'must contain the right items' },
    { schema: { not: { const: 'A' } }, x: 'A', detail: 'has a form that is ruled out' },
    {
      schema: { oneOf: [{ minimum: 1 }, { maximum: 3 }] },
      x: 2,
      detail: 'must have exactly one of the allowed forms',
    },
    {
      schema: { dependentRequired: { a: ['b'] } },
      x: { a: 1 },
      detail: 'lacks a member that another member asks for',
    },
    { schema: SHAPES, x: 1, detail: `must have one of the allowed forms: ${SHAPES.description}` },
  ] as readonly { schema: JsonObject; x: Json; detail: string }[])(
    'says of $x against $schema: $detail',
    ({ schema, x, detail }) => {
      expect(compileSchema(schemaOfX(schema))({ x })).toEqual([{ pointer: '/x', detail }])
      expect(compileSchema(schemaOfX(schema))({})).toEqual([])
    },
  )

  it('follows references, and says where in the instance they fail', () => {
    const schema = schemaOfX(
      { $ref: '#/$defs/x~1y' },
      { $defs: { 'x/y': { required: ['a', 'b'] } } },
    )
    expect(compileSchema(schema)({ x: { a: 1 } })).toEqual([
      { pointer: '/x/b', detail: 'is missing: add it' },
    ])
    expect(compileSchema(schema)({ x: { a: 1, b: 2 } })).toEqual([])
  })

  it('names the faults of the one alternative that is meant, and not those of the others', () => {
    const check = compileSchema(schemaOfX(SHAPES))
    expect(check({ x: { id: 'a' } })).toEqual([])
    expect(check({ x: { name: 'a' } }).map(({ pointer }) => pointer)).toEqual(['/x/id', '/x/name'])
    expect(check({ x: 'b' })).toEqual([{ pointer: '/x', detail: 'must have the right form' }])
  })

  it('names the place alone when several alternatives may be meant', () => {
    const closed = (name: string) => ({ properties: { [name]: {} }, additionalProperties: false })
    const check = compileSchema(schemaOfX({ anyOf: [closed('a'), closed('b')] }))
    expect(check({ x: { b: 1 } })).toEqual([])
    expect(check({ x: { c: 1 } })).toEqual([
      { pointer: '/x', detail: 'must have one of the allowed forms' },
    ])
  })

  it('finds every fault of an instance, those after alternatives too', () => {
    const check = compileSchema({
      properties: { a: { anyOf: [{ const: 1 }, { const: 2 }] }, b: { type: 'string' } },
      additionalProperties: false,
      required: ['c'],
    })
    const pointers = check({ a: 3, b: 4, d: 5 }).map(({ pointer }) => pointer)
    expect(pointers.sort()).toEqual(['/a', '/b', '/c', '/d'])
  })

  it('escapes pointers as RFC 6901 says and leaves other characters as they are', () => {
    const check = compileSchema({ additionalProperties: false })
    const pointers = check({ 'a/b~c': 1, '%41 ü#': 2 }).map(({ pointer }) => pointer)
    expect(pointers).toEqual(['/a~1b~0c', '/%41 ü#'])
  })

  it('objects to the name of a member', () => {
    const check = compileSchema({ propertyNames: { pattern: '^a' } })
    expect(check({ a: 1 })).toEqual([])
    expect(check({ b: 1 })).toEqual([
      { pointer: '/b', detail: 'is not allowed as the name of a member: rename it' },
    ])
  })

  it('J14: takes names from the prototype for what they are, members of the instance or none', () => {
    const check = compileSchema({ additionalProperties: false, required: ['constructor'] })
    expect(check({})).toEqual([{ pointer: '/constructor', detail: 'is missing: add it' }])
    const known = compileSchema({ properties: { toString: { type: 'string' } } })
    expect(known({})).toEqual([])
    expect(known({ toString: 1 })).toEqual([{ pointer: '/toString', detail: 'must be text' }])
  })

  it('looks at MAX_VALUES values and refuses one more', () => {
    const check = compileSchema(schemaOfX({ items: { type: 'number' } }))
    expect(check({ x: Array<number>(MAX_VALUES - 2).fill(1) })).toEqual([])
    expect(check({ x: Array<number>(MAX_VALUES - 1).fill(1) })).toEqual([
      { pointer: '', detail: `must hold at most ${MAX_VALUES} values: split it` },
    ])
  })

  it('leaves schema and instance as they were', () => {
    const schema = schemaOfX({ $ref: '#/$defs/a' }, { $defs: { a: { type: 'string' } } })
    const before = JSON.stringify(schema)
    const instance = Object.freeze({ x: Object.freeze({ y: 1 }) })
    compileSchema(schema)(instance)
    expect(JSON.stringify(schema)).toBe(before)
  })
})

describe('createCredentialSchemas', () => {
  const schemas = createCredentialSchemas()
  const credential = fixtures('valid')['legal-entity'] ?? {}

  it('has no schema for other types', () => {
    expect(schemas.faults('LsoLegalEntityCredential', credential)).toEqual([])
    expect(schemas.faults('VerifiableCredential', credential)).toBeUndefined()
    expect(schemas.faults('constructor', credential)).toBeUndefined()
  })

  it('refuses a credential of one LSO type under the schema of another', () => {
    const faults = schemas.faults('LsoDelegationCredential', credential) ?? []
    expect(faults.map(({ pointer }) => pointer)).toContain('/type')
  })

  it('repeats nothing that the credential says', () => {
    const told = Object.values(fixtures('invalid')).flatMap((invalid) =>
      ['LsoLegalEntityCredential', 'LsoDelegationCredential'].flatMap(
        (type) => schemas.faults(type, invalid)?.map(({ detail }) => detail) ?? [],
      ),
    )
    expect(told.length).toBeGreaterThan(50)
    expect(
      told.filter((detail) => /Example|example\.|Musterstadt|25000|PASSPORT/.test(detail)),
    ).toEqual([])
  })
})
