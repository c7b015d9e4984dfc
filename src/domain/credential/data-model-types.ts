import type { Fault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import { textsIn } from '../json/values.ts'
import {
  eachOf,
  fault,
  isJsonList,
  isUrl,
  joined,
  NO_FAULTS,
  optional,
  required,
  url,
  type Check,
} from './data-model-checks.ts'

/**
 * `type` (VCDM 2.0 §4.5): terms or absolute URLs, one or several. Whether a term is defined by a context
 * is not looked at: only JSON-LD expansion can tell.
 */
const types: Check = (value, at) => {
  if (!isJsonList(value)) return typeName(value, at)
  if (value.length === 0) return fault(at, 'must name at least one type')
  return eachOf(value, at, typeName, 0)
}

const TYPE_NAME = /^[^\s\p{Cc}@][^\s\p{Cc}]*$/u

const typeName: Check = (value, at) =>
  typeof value === 'string' && TYPE_NAME.test(value) && (!value.includes(':') || isUrl(value))
    ? NO_FAULTS
    : fault(at, 'must be the name of a type or its absolute URL')

/** `types`, with `needed` among them. */
export function requiredType(object: JsonObject, at: string, needed: string): readonly Fault[] {
  const faults = required(object, at, 'type', types, `add a list with ${needed} in it`)
  if (faults.length > 0 || textsIn(object['type']).includes(needed)) return faults
  return fault(`${at}/type`, `must contain ${needed}`)
}

/** An entry such as a status or a piece of evidence: an object with `type`, and `id` if it has one. */
export const typedEntry = (id: 'id required' | 'id optional'): Check => {
  const idFaults = (entry: JsonObject, at: string) =>
    id === 'id required'
      ? required(entry, at, 'id', url, 'add the absolute URL of this entry')
      : optional(entry, at, 'id', url)
  return (value, at) =>
    isJsonObject(value)
      ? joined(
          idFaults(value, at),
          required(value, at, 'type', types, 'name the type of this entry'),
        )
      : fault(at, 'must be an object with a type')
}
