import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'

/** The interpreter's locations are JSON Pointers as URI fragments (RFC 6901 §6); ours go without. */
export const pointerOf = (location: string): string => decodeURIComponent(location.slice(1))

/** The steps of a JSON Pointer, unescaped. */
const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The value at a JSON Pointer; `undefined` where there is none. */
export function valueAt(root: Json, pointer: string): Json | undefined {
  let value: Json | undefined = root
  for (const step of stepsOf(pointer)) value = child(value, step)
  return value
}

function child(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(step)]
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

interface Keyword {
  /** Its value in the schema; `undefined` where the location cannot be followed. */
  readonly value: Json | undefined
  /** The description of the schema it stands in. */
  readonly description: string | undefined
}

/** The keyword at a location of the interpreter, which runs through references within the schema. */
export function keywordAt(schema: JsonObject, location: string): Keyword {
  let around: Json | undefined
  let value: Json | undefined = schema
  for (const step of stepsOf(pointerOf(location))) {
    around = value
    value = child(value, step)
    if (step === '$ref' && typeof value === 'string') value = valueAt(schema, pointerOf(value))
  }
  const description = isJsonObject(around) ? around['description'] : undefined
  return { value, description: typeof description === 'string' ? description : undefined }
}
