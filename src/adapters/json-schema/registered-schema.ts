import { pointerStep, reportedFaults, type Fault } from '../../domain/fault.ts'
import type { Json, JsonObject } from '../../domain/json/strict-json.ts'
import { MAX_PATTERN_TEXT_CHARACTERS } from '../../domain/limits.ts'
import { compileSchema, type CompiledSchema } from './compiled-schema.ts'

/**
 * A schema that is not ours. Where it has regular expressions, a credential with a text that is too
 * long for them is refused before one of them runs.
 */
export function compileRegistered(schema: JsonObject): CompiledSchema {
  const compiled = compileSchema(schema)
  const hasPatterns = /"pattern(?:Properties)?":/.test(JSON.stringify(schema))
  if (!hasPatterns) return compiled
  return (instance) => {
    const long = longTexts(instance, '')
    return long.length > 0 ? reportedFaults(long) : compiled(instance)
  }
}

/** Texts and names of members, wherever they are. */
function longTexts(value: Json, pointer: string): readonly Fault[] {
  if (typeof value === 'string') return isLong(value) ? [tooLong(pointer)] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inside]: [string, Json]) =>
    isLong(name) ? [tooLong(pointer)] : longTexts(inside, pointer + pointerStep(name)),
  )
}

const isLong = (text: string): boolean => text.length > MAX_PATTERN_TEXT_CHARACTERS

const tooLong = (pointer: string): Fault => ({
  pointer,
  detail: `must have at most ${String(MAX_PATTERN_TEXT_CHARACTERS)} characters under this schema`,
})
