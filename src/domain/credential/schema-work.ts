import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { MAX_SCHEMA_WORK, SCHEMA_LOOK_WORK } from '../limits.ts'
import { SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS } from './schema-keywords.ts'
import { patternWork } from './schema-pattern.ts'

/** The work of holding one credential against a schema; counting stops soon after `MAX_SCHEMA_WORK`. */
export type SchemaWork = (credential: JsonObject) => number

/** What one value costs under a schema, the schemas that it leads to included. */
type Cost = (value: Json, spend: (work: number) => boolean) => void

/**
 * Counts what a registered schema costs before anything of it runs (row D17): each look at a value,
 * what is compared there, and the ways of each regular expression through each text that it meets.
 * The schema is without fault by `schemaFaults`.
 */
export function schemaWork(root: JsonObject): SchemaWork {
  const costs = new Map<JsonObject, Cost>()
  const costOf = (schema: Json | undefined): Cost => {
    if (!isJsonObject(schema)) return () => undefined
    const known = costs.get(schema)
    if (known !== undefined) return known
    const cost = costOfSchema(schema, root, costOf)
    costs.set(schema, cost)
    return cost
  }
  const cost = costOf(root)
  return (credential) => {
    let work = 0
    cost(credential, (more) => {
      work += more
      return work <= MAX_SCHEMA_WORK
    })
    return work
  }
}

/** Keywords that apply to the value itself; all other schemas apply to what is inside it. */
const SAME_VALUE: ReadonlySet<string> = new Set([
  ...['not', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf', '$ref', 'dependentSchemas'],
])
const NOT_APPLIED: ReadonlySet<string> = new Set(['$defs', 'definitions', 'properties'])

function costOfSchema(
  schema: JsonObject,
  root: JsonObject,
  costOf: (schema: Json | undefined) => Cost,
): Cost {
  const own = SCHEMA_LOOK_WORK * (1 + Object.keys(schema).length) + comparedIn(schema)
  const { properties, patternProperties, pattern, $ref, propertyNames, uniqueItems } = schema
  const parts = Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === 'propertyNames' || NOT_APPLIED.has(keyword)
      ? []
      : schemasOf(keyword, value).map((part) => ({ same: SAME_VALUE.has(keyword), part })),
  )
  const same = [
    ...parts.filter((part) => part.same).map(({ part }) => costOf(part)),
    ...(typeof $ref === 'string' ? [costOf(target(root, $ref))] : []),
  ]
  const inside = parts.filter((part) => !part.same).map(({ part }) => costOf(part))
  const members = new Map(
    Object.entries(isJsonObject(properties) ? properties : {}).map(
      ([name, part]) => [name, costOf(part)] as const,
    ),
  )
  const names = propertyNames === undefined ? undefined : costOf(propertyNames)
  const onText = typeof pattern === 'string' ? patternWork(pattern) : undefined
  const onNames = Object.keys(isJsonObject(patternProperties) ? patternProperties : {}).map(
    patternWork,
  )
  return (value, spend) => {
    const texts = typeof value === 'string' ? value.length : 0
    const pairs = uniqueItems === true && Array.isArray(value) ? pairsWork(value) : 0
    if (!spend(own + texts + (texts > 0 ? (onText?.(texts) ?? 0) : 0) + pairs)) return
    for (const cost of same) cost(value, spend)
    if (typeof value !== 'object' || value === null) return
    for (const [name, child] of Object.entries<Json>(value as JsonObject)) {
      const length = Math.max(1, name.length)
      if (!spend(onNames.reduce((work, ways) => work + SCHEMA_LOOK_WORK + ways(length), 1))) return
      names?.(name, spend)
      members.get(name)?.(child, spend)
      for (const cost of inside) cost(child, spend)
    }
  }
}

/** What is compared wherever the schema is looked at: names, and values that are allowed. */
function comparedIn(schema: JsonObject): number {
  const { properties, required, dependentRequired } = schema
  const names = [properties, required, dependentRequired].reduce<number>(
    (sum, part) => sum + (typeof part === 'object' && part !== null ? Object.keys(part).length : 0),
    0,
  )
  const values = [schema['enum'] ?? null, schema['const'] ?? null]
  return names * 4 + JSON.stringify(values).length
}

function schemasOf(keyword: string, value: Json): readonly Json[] {
  if (SCHEMA_KEYWORDS.has(keyword)) return [value]
  if (SCHEMA_LIST_KEYWORDS.has(keyword))
    return Array.isArray(value) ? (value as readonly Json[]) : []
  if (keyword === 'patternProperties' || keyword === 'dependentSchemas') {
    return isJsonObject(value) ? Object.values(value) : []
  }
  return []
}

/** Each item is compared with each other one; of lists and objects the smaller part counts at least. */
function pairsWork(items: readonly Json[]): number {
  const size = Math.max(
    ...items.map((item) => (typeof item === 'object' ? JSON.stringify(item).length : 1)),
    1,
  )
  return items.length ** 2 * size
}

/** The schema at a reference of the form that `schemaFaults` lets pass. */
function target(root: JsonObject, reference: string): Json | undefined {
  let at: Json | undefined = root
  for (const step of reference.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at =
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([key]) => key === name)?.[1]
        : undefined
  }
  return at
}
