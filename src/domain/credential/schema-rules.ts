import { utf8 } from '../base64url.ts'
import { pointerStep, reportedFaults, type Fault } from '../fault.ts'
import { canonicalJson } from '../json/canonical.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { textsIn } from '../json/values.ts'
import {
  MAX_SCHEMA_BYTES,
  MAX_SCHEMA_HEIGHT,
  MAX_SCHEMA_STEPS,
  MAX_UNIQUE_ITEMS,
} from '../limits.ts'
import { LSO_TYPES } from './lso-types.ts'
import {
  isSchema,
  PLAIN_KEYWORDS,
  SCHEMA_KEYWORDS,
  SCHEMA_LIST_KEYWORDS,
  SCHEMA_MAP_KEYWORDS,
} from './schema-keywords.ts'
import { patternFault } from './schema-pattern.ts'

const TYPE_NAME = /^[A-Za-z0-9_-]{1,128}$/

/** True for a name under which a schema may be kept: 1 to 128 letters, digits, `_` or `-`. */
export const isTypeName = (value: string): boolean => TYPE_NAME.test(value)

/** True for the types whose schema is not the issuer's to choose. */
export const isReservedType = (type: string): boolean =>
  ['VerifiableCredential', ...LSO_TYPES].includes(type)

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** What was seen of a schema: its parts by pointer, and which part applies which. */
interface Seen {
  readonly ownUrl: string
  readonly faults: Fault[]
  readonly applied: Map<string, string[]>
  readonly references: { readonly from: string; readonly to: string }[]
}

/**
 * What is wrong with a JSON Schema 2020-12 that an issuer registers; empty when it may be interpreted.
 * A keyword that is not known is refused, since a restriction that is passed over does not hold. A
 * reference must be a JSON Pointer into the schema (nothing is fetched, row V15), and may not lead back
 * to itself, so that the work on one credential has a bound. `ownUrl` is where the schema is served,
 * the one absolute `$id` it may have.
 */
export function schemaFaults(schema: JsonObject, ownUrl: string): readonly Fault[] {
  if (utf8(canonicalJson(schema)).length > MAX_SCHEMA_BYTES) {
    return [{ pointer: '', detail: `must have at most ${String(MAX_SCHEMA_BYTES)} bytes` }]
  }
  const seen: Seen = { ownUrl, faults: [], applied: new Map(), references: [] }
  walk(schema, '', seen)
  for (const { from, to } of seen.references) {
    if (seen.applied.has(to)) seen.applied.get(from)?.push(to)
    else add(seen, `${from}/$ref`, 'must point at a schema within this one, such as #/$defs/name')
  }
  return seen.faults.length > 0 ? reportedFaults(seen.faults) : sizeFaults(seen)
}

function walk(schema: Json, pointer: string, seen: Seen): void {
  const inner: string[] = []
  seen.applied.set(pointer, inner)
  if (!isJsonObject(schema)) return
  const part = (value: Json | undefined, at: string, applies: boolean): void => {
    if (value === undefined || !isSchema(value)) {
      add(seen, at, 'must be a schema: an object, true or false')
      return
    }
    if (applies) inner.push(at)
    walk(value, at, seen)
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const at = pointer + pointerStep(keyword)
    if (SCHEMA_KEYWORDS.has(keyword)) part(value, at, true)
    else if (SCHEMA_LIST_KEYWORDS.has(keyword)) {
      const list = Array.isArray(value) ? (value as readonly Json[]) : []
      if (list.length === 0) add(seen, at, 'must be a list of schemas, not empty')
      list.forEach((one, index) => {
        part(one, at + pointerStep(index), true)
      })
    } else if (SCHEMA_MAP_KEYWORDS.has(keyword)) {
      if (!isJsonObject(value)) add(seen, at, 'must be an object of schemas')
      else {
        for (const [name, one] of Object.entries(value)) {
          part(one, at + pointerStep(name), keyword !== '$defs' && keyword !== 'definitions')
        }
      }
    } else plain(keyword, value, at, seen)
  }
  rules(schema, pointer, seen)
}

function plain(keyword: string, value: Json, at: string, seen: Seen): void {
  const known = PLAIN_KEYWORDS.get(keyword)
  if (known === undefined) add(seen, at, 'is not a keyword that is known here: leave it out')
  else if (!known.fits(value)) {
    const named = keyword === 'format' && typeof value === 'string' ? formatName(value) : ''
    add(seen, at, `${named}must be ${known.mend}`)
  }
}

const formatName = (format: string): string =>
  /^[A-Za-z0-9_-]{1,40}$/.test(format) ? `${format} is not checked here: it ` : ''

/** A pointer as a URI fragment, of characters that need no escape there. */
const LOCAL_REFERENCE = /^#(\/[A-Za-z0-9._~$@!*()+,;=:-]+)+$/

/** What the keywords of one schema must be beyond their types. */
function rules(schema: JsonObject, pointer: string, seen: Seen): void {
  const { $ref, $id, $schema, pattern, patternProperties } = schema
  if (typeof $ref === 'string') {
    if (LOCAL_REFERENCE.test($ref)) seen.references.push({ from: pointer, to: $ref.slice(1) })
    else add(seen, `${pointer}/$ref`, 'must be a JSON Pointer into this schema: #/$defs/name')
  }
  if ($id !== undefined && (pointer !== '' || $id !== seen.ownUrl)) {
    add(seen, `${pointer}/$id`, 'must be left out, or be the URL at which this schema is served')
  }
  if ($schema !== undefined && (pointer !== '' || $schema !== DIALECT)) {
    add(seen, `${pointer}/$schema`, `must be ${DIALECT}, and only at the top`)
  }
  const patterns = [
    ...(typeof pattern === 'string' ? [[`${pointer}/pattern`, pattern] as const] : []),
    ...(isJsonObject(patternProperties) ? Object.keys(patternProperties) : []).map(
      (name) => [`${pointer}/patternProperties${pointerStep(name)}`, name] as const,
    ),
  ]
  for (const [at, source] of patterns) {
    const fault = patternFault(source)
    if (fault !== undefined) add(seen, at, fault)
  }
  if (schema['uniqueItems'] === true && !isCheap(schema)) {
    add(
      seen,
      `${pointer}/uniqueItems`,
      `must stand beside maxItems of at most ${String(MAX_UNIQUE_ITEMS)}, or items of a plain type`,
    )
  }
}

/** Each item is compared with each other: few items, or items that compare at once. */
function isCheap({ maxItems, items }: JsonObject): boolean {
  if (typeof maxItems === 'number' && maxItems <= MAX_UNIQUE_ITEMS) return true
  const types = isJsonObject(items) ? textsIn(items['type']) : []
  return types.length > 0 && !types.includes('object') && !types.includes('array')
}

interface Size {
  /** Schemas that are looked into for one value, those inside it included. */
  readonly steps: number
  readonly height: number
}

/** Follows every reference: a circle is refused, and so is what grows too large without one. */
function sizeFaults(seen: Seen): readonly Fault[] {
  const known = new Map<string, Size>()
  const above = new Set<string>()
  let circle: string | undefined
  const sizeOf = (pointer: string): Size => {
    const size = known.get(pointer)
    if (size !== undefined) return size
    if (above.has(pointer) || above.size > MAX_SCHEMA_HEIGHT) {
      circle ??= pointer
      return { steps: 0, height: 0 }
    }
    above.add(pointer)
    let [steps, height] = [1, 0]
    for (const inner of seen.applied.get(pointer) ?? []) {
      const below = sizeOf(inner)
      steps += below.steps
      height = Math.max(height, below.height)
    }
    above.delete(pointer)
    const found = { steps, height: height + 1 }
    known.set(pointer, found)
    return found
  }
  const pointers = [...seen.applied.keys()]
  const steps = Math.max(...pointers.map((pointer) => sizeOf(pointer).steps))
  if (circle !== undefined) {
    return [{ pointer: circle, detail: 'must not refer to itself, nor lead too deep' }]
  }
  return steps > MAX_SCHEMA_STEPS
    ? [{ pointer: '', detail: `must come to at most ${String(MAX_SCHEMA_STEPS)} schemas in all` }]
    : []
}

function add(seen: Seen, pointer: string, detail: string): void {
  seen.faults.push({ pointer, detail })
}
