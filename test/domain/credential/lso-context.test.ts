import { describe, expect, it } from 'vitest'
import context from '../../../schemas/contexts/lso-v1.json' with { type: 'json' }
import delegation from '../../../schemas/lso-delegation-credential.json' with { type: 'json' }
import accreditation from '../../../schemas/lso-issuer-accreditation-credential.json' with { type: 'json' }
import legalEntity from '../../../schemas/lso-legal-entity-credential.json' with { type: 'json' }
import { PROTECTED_TERMS } from '../../../src/domain/credential/contexts-protected-terms.ts'
import { LSO_TYPES } from '../../../src/domain/credential/lso-types.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/domain/json/strict-json.ts'

const terms: JsonObject = context['@context']
const objectAt = (object: JsonObject, name: string): JsonObject => {
  const value = object[name]
  return isJsonObject(value) ? value : {}
}

/** Every member that a schema gives to an object, with the members of the objects inside. */
function undefinedTerms(
  schema: JsonObject,
  root: JsonObject,
  scope: JsonObject,
): readonly string[] {
  const { $ref, items } = schema
  if (typeof $ref === 'string') {
    return undefinedTerms(
      objectAt(objectAt(root, '$defs'), $ref.split('/').at(-1) ?? ''),
      root,
      scope,
    )
  }
  if (isJsonObject(items)) return undefinedTerms(items, root, scope)
  return Object.entries(objectAt(schema, 'properties')).flatMap(([name, member]) => {
    const definition: Json | undefined = scope[name] ?? terms[name]
    if (definition === undefined) return [name]
    const inner = isJsonObject(definition) ? objectAt(definition, '@context') : {}
    return isJsonObject(member) ? undefinedTerms(member, root, { ...scope, ...inner }) : []
  })
}

/** Every object in a context: itself, and those of its terms. */
const contextsIn = (own: JsonObject): readonly JsonObject[] => [
  own,
  ...Object.values(own).flatMap((term) =>
    isJsonObject(term) && isJsonObject(term['@context']) ? contextsIn(term['@context']) : [],
  ),
]

describe('the context of the LSO types', () => {
  it.each([{ schema: legalEntity }, { schema: accreditation }, { schema: delegation }])(
    'defines every member that the subject may have by $schema.title',
    ({ schema }) => {
      const subject = objectAt(objectAt(schema, '$defs'), 'subject')
      const type = objectAt(objectAt(subject, 'properties'), 'type')['const']
      const scope = objectAt(objectAt(terms, typeof type === 'string' ? type : ''), '@context')
      expect(Object.keys(objectAt(subject, 'properties')).length).toBeGreaterThan(3)
      expect(undefinedTerms(subject, schema, scope)).toEqual([])
      const extended = { properties: { ...objectAt(subject, 'properties'), shoeSize: {} } }
      expect(undefinedTerms(extended, schema, scope)).toEqual(['shoeSize'])
    },
  )

  it('defines every LSO type', () => {
    expect(LSO_TYPES.filter((type) => terms[type] === undefined)).toEqual([])
  })

  it('protects all it defines, and takes no term from the base contexts but with its meaning', () => {
    expect(contextsIn(terms).filter((inner) => inner['@protected'] !== true)).toEqual([])
    for (const meanings of Object.values(PROTECTED_TERMS)) {
      const taken = Object.keys(terms).filter((term) => meanings.has(term))
      expect(taken.filter((term) => terms[term] !== meanings.get(term))).toEqual([])
    }
  })

  it('V15: loads nothing', () => {
    expect(JSON.stringify(context)).not.toContain('@import')
    expect(
      contextsIn(terms)
        .flatMap((inner) => Object.values(inner))
        .some(Array.isArray),
    ).toBe(false)
  })
})

describe('the schemas of the LSO types', () => {
  it('agree on everything outside the subject but the type', () => {
    const shared = ['context', 'types', 'url', 'did', 'issuer', 'dateTime', 'typedEntries', 'text']
    const outside = [legalEntity, accreditation, delegation].map((schema) => {
      const { if: condition, then, else: otherwise, required, properties } = schema
      const definitions = shared.map((name) => objectAt(schema.$defs, name))
      return [{ ...properties, type: {} }, condition, then, otherwise, required, definitions]
    })
    expect(outside[1]).toEqual(outside[0])
    expect(outside[2]).toEqual(outside[0])
    expect(JSON.stringify(legalEntity.properties.type)).toContain(LSO_TYPES[0])
    expect(JSON.stringify(accreditation.properties.type)).toContain(LSO_TYPES[1])
    expect(JSON.stringify(delegation.properties.type)).toContain(LSO_TYPES[2])
  })

  it('V15: refer to nothing but themselves', () => {
    const references = JSON.stringify([legalEntity, accreditation, delegation]).match(
      /"\$ref":"[^"]*"/g,
    )
    expect(references?.filter((reference) => !reference.startsWith('"$ref":"#/$defs/'))).toEqual([])
  })
})
