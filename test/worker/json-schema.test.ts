import { describe, expect, it } from 'vitest'
import { compileSchema, MAX_VALUES } from '../../src/adapters/json-schema/compiled-schema.ts'
import { createCredentialSchemas } from '../../src/adapters/json-schema/credential-schemas.ts'
import { credentialFaults, dataModelOf } from '../../src/domain/credential/data-model.ts'
import { lsoFaults, lsoTypeOf } from '../../src/domain/credential/lso-types.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { MAX_JSON_DEPTH } from '../../src/domain/limits.ts'
import { textsIn } from '../../src/domain/json/values.ts'
import { fixtures } from '../support/fixtures.ts'

const schemas = createCredentialSchemas()

/** How many of the three readers object. */
function objections(credential: JsonObject): number {
  const model = dataModelOf(credential) ?? '2.0'
  const type = lsoTypeOf(textsIn(credential['type'])) ?? 'no LSO type'
  return [
    credentialFaults(credential, model),
    schemas.faults(type, credential) ?? [],
    lsoFaults(credential, model),
  ].filter((faults) => faults.length > 0).length
}

describe('credentials are judged inside workerd as in Node', () => {
  it.each(Object.entries(fixtures('valid')))('accepts %s', (_, credential) => {
    expect(objections(credential)).toBe(0)
  })

  it.each(Object.entries(fixtures('invalid')))('refuses %s', (_, credential) => {
    expect(objections(credential)).toBeGreaterThan(0)
  })
})

describe('the interpreter inside workerd', () => {
  it('V15: bears an instance in which every one of the most values is wrong, at any depth', () => {
    const deep = (depth: number): JsonObject =>
      depth === 0
        ? { type: 'string', minLength: 1, enum: ['a'], not: {} }
        : { type: 'array', items: deep(depth - 1) }
    const nested = (depth: number, values: Json): Json =>
      depth === 0 ? values : [nested(depth - 1, values)]
    for (const depth of [0, MAX_JSON_DEPTH - 3]) {
      const check = compileSchema({
        properties: { x: deep(depth + 1) },
        additionalProperties: false,
      })
      const wrong = Array<number>(MAX_VALUES - depth - 2).fill(1)
      expect(check({ x: nested(depth, wrong) })).toHaveLength(100)
    }
  })

  it('V15: bears as many unknown members as a body can hold', () => {
    const check = compileSchema({ additionalProperties: false })
    const members = Array.from({ length: 30_000 }, (_, at) => [`m${at}`, 1] as const)
    expect(check(Object.fromEntries(members))).toHaveLength(1)
    expect(check(Object.fromEntries(members.slice(0, MAX_VALUES - 1)))).toHaveLength(100)
  })
})
