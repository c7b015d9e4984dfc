import { pointerStep, reportedFaults, type Fault } from '../../domain/fault.ts'
import { schemaWork, type SchemaWork } from '../../domain/credential/schema-work.ts'
import type { Json, JsonObject } from '../../domain/json/strict-json.ts'
import { MAX_PATTERN_TEXT_CHARACTERS } from '../../domain/limits.ts'
import { compileSchema, type CompiledSchema } from './compiled-schema.ts'

/** A schema that is not ours: what it finds, and what finding it costs. */
export interface RegisteredSchema {
  readonly faults: CompiledSchema
  readonly work: SchemaWork
}

/**
 * Makes an issuer's schema ready. Where it has regular expressions or formats, a credential with a text
 * that is too long for them is refused before one of them runs, and nothing else is worked out.
 */
export function compileRegistered(schema: JsonObject): RegisteredSchema {
  const [compiled, work] = [compileSchema(schema), schemaWork(schema)]
  if (!/"(?:pattern(?:Properties)?|format)":/.test(JSON.stringify(schema))) {
    return { faults: compiled, work }
  }
  return {
    faults: (instance) => {
      const long = longTexts(instance, '')
      return long.length > 0 ? reportedFaults(long) : compiled(instance)
    },
    work: (instance) => (longTexts(instance, '').length > 0 ? 0 : work(instance)),
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
