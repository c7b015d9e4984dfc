import { isJsonObject, type Json } from './strict-json.ts'

/**
 * The one text of a JSON value, whatever the order of its members was (RFC 8785): members sorted by
 * UTF-16 code units, no white space, numbers and texts as `JSON.stringify` writes them.
 */
export function canonicalJson(value: Json): string {
  if (isJsonObject(value)) {
    const members = Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`
  return JSON.stringify(value)
}
