import { format as FORMATS } from '@cfworker/json-schema'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'
import { listed, textsIn } from '../../domain/json/values.ts'
import { parseDateTimeStamp } from '../../domain/time.ts'
import { pointerOf, valueAt } from './locations.ts'

/** True for a value that follows a schema; does not say what is wrong with another. */
export type Acceptance = (value: Json) => boolean

/**
 * Turns a JSON Schema 2020-12 into closures, once; the interpreter reads every keyword for each value
 * anew. Accepts nothing that the interpreter would refuse. Throws on a keyword that it does not know,
 * so that none is passed over: it knows what our own schemas use.
 */
export function acceptanceOf(root: JsonObject): Acceptance {
  const definitions = new Map<string, Acceptance>()
  /** Compiled where it is first met; a schema that leads back to itself finds it when it runs. */
  const refer = (pointer: string): Acceptance => {
    const known = definitions.get(pointer)
    if (known !== undefined) return known
    let compiled = never
    definitions.set(pointer, (value) => compiled(value))
    compiled = schemaAcceptance(valueAt(root, pointer), refer)
    definitions.set(pointer, compiled)
    return compiled
  }
  return schemaAcceptance(root, refer)
}

type Refer = (pointer: string) => Acceptance

const always: Acceptance = () => true
const never: Acceptance = () => false

function schemaAcceptance(schema: Json | undefined, refer: Refer): Acceptance {
  if (schema === true) return always
  if (!isJsonObject(schema)) return never
  // Once each: keywords that are read together have one compiler.
  const compilers = new Map<Keyword, Json>()
  for (const [keyword, argument] of Object.entries(schema)) {
    if (SAYS_NOTHING_ALONE.has(keyword)) continue
    const compile = KEYWORDS.get(keyword)
    if (compile === undefined) throw new Error(`a schema uses ${keyword}, which is not compiled`)
    compilers.set(compile, argument)
  }
  const inside = (inner: Json | undefined) => schemaAcceptance(inner, refer)
  return allOf(
    [...compilers].map(([compile, argument]) => compile(argument, inside, schema, refer)),
  )
}

/** Descriptions, and what is read together with the keyword that it belongs to. */
const SAYS_NOTHING_ALONE: ReadonlySet<string> = new Set(
  ['$schema', '$id', '$defs', 'title', 'description'].concat('then', 'else'),
)

type Keyword = (
  argument: Json,
  inside: (schema: Json | undefined) => Acceptance,
  schema: JsonObject,
  refer: Refer,
) => Acceptance

/** `required`, `properties` and `additionalProperties`: what is not among the second is for the third. */
const objectAcceptance: Keyword = (_, inside, schema) => {
  const { properties = {}, required = [], additionalProperties = true } = schema
  const [names, others] = [textsIn(required), inside(additionalProperties)]
  const members = new Map(
    Object.entries(objectOf(properties)).map(([name, member]) => [name, inside(member)]),
  )
  return forObjects((object) => {
    for (const name of names) if (!Object.hasOwn(object, name)) return false
    for (const name in object)
      if (!(members.get(name) ?? others)(object[name] ?? null)) return false
    return true
  })
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['$ref', (argument, _, __, refer) => refer(pointerOf(textOf(argument)))],
  ['type', (argument) => anyOf(textsIn(argument).map(ofType))],
  ['const', (argument) => anyOf([equal(argument)])],
  ['enum', (argument) => anyOf(listed(argument).map(equal))],
  [
    'if',
    (argument, inside, { then = true, else: otherwise = true }) => {
      const [condition, yes, no] = [inside(argument), inside(then), inside(otherwise)]
      return (value) => (condition(value) ? yes : no)(value)
    },
  ],
  ['required', objectAcceptance],
  ['properties', objectAcceptance],
  ['additionalProperties', objectAcceptance],
  [
    'prefixItems',
    (argument, inside) => {
      const items = listed(argument).map(inside)
      return forLists((list) =>
        items.every((accepts, at) => at >= list.length || accepts(list[at] ?? null)),
      )
    },
  ],
  [
    'items',
    (argument, inside, { prefixItems }) => {
      const [first, accepts] = [listed(prefixItems).length, inside(argument)]
      return forLists((list) => {
        for (let at = first; at < list.length; at++) if (!accepts(list[at] ?? null)) return false
        return true
      })
    },
  ],
  [
    'contains',
    (argument, inside) => {
      const accepts = inside(argument)
      return forLists((list) => list.some((item) => accepts(item)))
    },
  ],
  ['minItems', (argument) => forLists((list) => list.length >= Number(argument))],
  // A character is one code unit or two: most texts need not be counted.
  [
    'minLength',
    (argument) => {
      const least = Number(argument)
      return forTexts((text) => text.length >= 2 * least || characters(text) >= least)
    },
  ],
  [
    'maxLength',
    (argument) => {
      const most = Number(argument)
      return forTexts((text) => text.length <= most || characters(text) <= most)
    },
  ],
  ['minimum', (argument) => forNumbers((number) => number >= Number(argument))],
  ['maximum', (argument) => forNumbers((number) => number <= Number(argument))],
  [
    'pattern',
    (argument) => {
      const pattern = new RegExp(textOf(argument), 'u')
      return forTexts((text) => pattern.test(text))
    },
  ],
  [
    'format',
    (argument) => {
      const format = textOf(argument)
      const fits = FORMATS[format]
      if (fits === undefined) throw new Error(`a schema uses a format that is not known`)
      // Ours accepts less, and takes a fraction of the time.
      return forTexts(
        format === 'date-time'
          ? (text) => parseDateTimeStamp(text) !== undefined || fits(text)
          : fits,
      )
    },
  ],
])

const allOf = (parts: readonly Acceptance[]): Acceptance => {
  const [only, ...others] = parts
  return only !== undefined && others.length === 0
    ? only
    : (value) => {
        for (const accepts of parts) if (!accepts(value)) return false
        return true
      }
}

const anyOf = (parts: readonly Acceptance[]): Acceptance => {
  const [only, ...others] = parts
  return only !== undefined && others.length === 0
    ? only
    : (value) => parts.some((accepts) => accepts(value))
}

function equal(wanted: Json): Acceptance {
  if (typeof wanted === 'object' && wanted !== null) {
    throw new Error('a schema names an object or a list as a value, which is not compiled')
  }
  return (value) => value === wanted
}

function ofType(type: string): Acceptance {
  switch (type) {
    case 'object':
      return isJsonObject
    case 'array':
      return Array.isArray
    case 'null':
      return (value) => value === null
    case 'integer':
      return Number.isInteger
    default:
      return (value) => typeof value === type
  }
}

function textOf(argument: Json): string {
  if (typeof argument !== 'string') throw new Error('a schema has a keyword that is no text')
  return argument
}

const objectOf = (value: Json): JsonObject => (isJsonObject(value) ? value : {})

/** A keyword about one type of value accepts all others. */
const forObjects =
  (fits: (object: JsonObject) => boolean): Acceptance =>
  (value) =>
    !isJsonObject(value) || fits(value)

const forLists =
  (fits: (list: readonly Json[]) => boolean): Acceptance =>
  (value) =>
    !Array.isArray(value) || fits(value as readonly Json[])

const forTexts =
  (fits: (text: string) => boolean): Acceptance =>
  (value) =>
    typeof value !== 'string' || fits(value)

const forNumbers =
  (fits: (number: number) => boolean): Acceptance =>
  (value) =>
    typeof value !== 'number' || fits(value)

/** Code points: what `minLength` and `maxLength` count (JSON Schema Validation §6.3). */
function characters(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at++) {
    if (isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))) count--
  }
  return count
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000
