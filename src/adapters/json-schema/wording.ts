import type { OutputUnit } from '@cfworker/json-schema'
import { pointerStep, type Fault } from '../../domain/fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'
import { textsIn } from '../../domain/json/values.ts'
import { keywordAt, pointerOf, valueAt } from './locations.ts'

/**
 * One error of the interpreter as faults of ours. The words come from the schema, never from the
 * instance, which may hold what must not reach a log.
 */
export function faultsOf(
  error: OutputUnit,
  schema: JsonObject,
  instance: JsonObject,
): readonly Fault[] {
  const pointer = pointerOf(error.instanceLocation)
  const { value, description } = keywordAt(schema, error.keywordLocation)
  if (error.keyword === 'required') {
    const object = valueAt(instance, pointer)
    return textsIn(value)
      .filter((member) => !(isJsonObject(object) && Object.hasOwn(object, member)))
      .map((member) => ({ pointer: pointer + pointerStep(member), detail: 'is missing: add it' }))
  }
  const detail = error.keywordLocation.includes('/propertyNames/')
    ? 'is not allowed as the name of a member: rename it'
    : wording(error.keyword, value, description)
  return [{ pointer, detail }]
}

/** What is wrong and how to mend it, in one sentence about the value. */
function wording(
  keyword: string,
  value: Json | undefined,
  description: string | undefined,
): string {
  const hint = description === undefined ? '' : `: ${description}`
  const number = typeof value === 'number' ? value : 0
  switch (keyword) {
    case 'false':
      return 'is not known here: leave it out or check its spelling'
    case 'type':
      return `must be ${textsIn(value).map(typeName).join(' or ')}${hint}`
    case 'const':
      return `must be ${JSON.stringify(value)}`
    case 'enum':
      return `must be one of ${allowed(value)}`
    case 'minLength':
      return number === 1 ? 'must not be empty' : `must have at least ${number} characters`
    case 'maxLength':
      return `must have at most ${number} characters`
    case 'minItems':
      return `must list at least ${number}${hint}`
    case 'maxItems':
      return `must list at most ${number}${hint}`
    case 'minProperties':
      return `must have at least ${number} members`
    case 'maxProperties':
      return `must have at most ${number} members`
    case 'minimum':
      return `must be at least ${number}`
    case 'maximum':
      return `must be at most ${number}`
    case 'exclusiveMinimum':
      return `must be greater than ${number}`
    case 'exclusiveMaximum':
      return `must be less than ${number}`
    case 'multipleOf':
      return `must be a multiple of ${number}`
    case 'uniqueItems':
      return 'must not repeat an item: name each once'
    case 'anyOf':
      return `must have one of the allowed forms${hint}`
    case 'oneOf':
      return `must have exactly one of the allowed forms${hint}`
    case 'not':
      return `has a form that is ruled out${hint}`
    case 'contains':
    case 'minContains':
    case 'maxContains':
      return `must contain the right items${hint}`
    case 'dependentRequired':
      return `lacks a member that another member asks for${hint}`
    default:
      return `must have the right form${hint}`
  }
}

const typeName = (type: string): string => TYPE_NAMES[type] ?? type
const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'an object',
  array: 'a list',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
}

/** A long enumeration is no help in a sentence. */
const MOST_NAMED = 12

const allowed = (value: Json | undefined): string =>
  Array.isArray(value) && value.length <= MOST_NAMED
    ? value.map((item) => JSON.stringify(item)).join(', ')
    : 'the values that the schema lists'
