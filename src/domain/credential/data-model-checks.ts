import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'

/** Looks at one value; `at` is its JSON Pointer, where the faults it answers with begin. */
export type Check = (value: Json, at: string) => readonly Fault[]

export const NO_FAULTS: readonly Fault[] = []
export const fault = (pointer: string, detail: string): readonly Fault[] => [{ pointer, detail }]

/** Several lists in one; no new list where at most one has faults, as in nearly every credential. */
export function joined(...lists: readonly (readonly Fault[])[]): readonly Fault[] {
  let all = NO_FAULTS
  for (const list of lists) if (list.length > 0) all = all.length === 0 ? list : [...all, ...list]
  return all
}

/** What `check` has against the items of the list at `at`, from item number `from` on. */
export function eachOf(
  list: readonly Json[],
  at: string,
  check: Check,
  from: number,
): readonly Fault[] {
  const all: Fault[] = []
  for (let index = from; index < list.length; index++)
    // One by one: there may be more than fit into the arguments of one call.
    for (const found of check(list[index] ?? null, at + pointerStep(index))) all.push(found)
  return all
}

export const isJsonList = (value: Json | undefined): value is readonly Json[] =>
  Array.isArray(value)

/** The member must be there; `missing` says what to add. */
export function required(
  object: JsonObject,
  at: string,
  member: string,
  check: Check,
  missing: string,
): readonly Fault[] {
  const value = object[member]
  const pointer = at + pointerStep(member)
  return value === undefined ? fault(pointer, `is missing: ${missing}`) : check(value, pointer)
}

/** The member may be absent; `null` counts as present. */
export function optional(
  object: JsonObject,
  at: string,
  member: string,
  check: Check,
): readonly Fault[] {
  const value = object[member]
  return value === undefined ? NO_FAULTS : check(value, at + pointerStep(member))
}

/** One value, or a list of such values with at least one. */
export const oneOrMore =
  (check: Check): Check =>
  (value, at) => {
    if (!isJsonList(value)) return check(value, at)
    if (value.length === 0) return fault(at, 'must not be an empty list: fill it or leave it out')
    return eachOf(value, at, check, 0)
  }

/** A scheme, a colon and characters that a URL may hold; letters of any script, as URLs on paper have. */
const ABSOLUTE_URL = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\p{Cc}<>"{}|\\^`]+$/u
const HTTP_WITHOUT_HOST = /^https?:(?!\/\/[^/])/i

/**
 * An absolute URL (VCDM 2.0 §4.4): https, did, urn, data and every other scheme. The platform's reader
 * repairs much (spaces, missing slashes, backslashes), so what it would repair is refused before.
 */
export const isUrl = (value: Json | undefined): value is string =>
  typeof value === 'string' &&
  ABSOLUTE_URL.test(value) &&
  !HTTP_WITHOUT_HOST.test(value) &&
  URL.canParse(value)

export const url: Check = (value, at) =>
  isUrl(value)
    ? NO_FAULTS
    : fault(at, 'must be one absolute URL, such as https://example.com/path or a DID')

/** A URL, or an object whose `id` is one (`issuer` of §4.7, `holder` of §4.13). */
export const urlOrObjectWithId: Check = (value, at) => {
  if (!isJsonObject(value)) {
    return isUrl(value) ? NO_FAULTS : fault(at, 'must be an absolute URL or an object with an id')
  }
  return required(value, at, 'id', url, 'add the absolute URL of this party')
}
