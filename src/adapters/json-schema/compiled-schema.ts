import { Validator } from '@cfworker/json-schema'
import { reportedFaults } from '../../domain/fault.ts'
import type { Fault } from '../../domain/fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'
import { acceptanceOf, type Acceptance } from './acceptance.ts'
import { leafErrors } from './leaf-errors.ts'
import { faultsOf } from './wording.ts'

/** Finds what a schema has against an instance; empty when it follows the schema. Never throws. */
export type CompiledSchema = (instance: JsonObject) => readonly Fault[]

/**
 * Most values in one instance that are looked at. The interpreter collects all errors in one argument
 * list, and the stack ends somewhere above a hundred thousand of them.
 */
export const MAX_VALUES = 10_000

/**
 * Makes a JSON Schema 2020-12 ready for use, once. It is interpreted, since Workers have no
 * `new Function`, and its references must point into itself: nothing is ever fetched (row V15).
 */
export const compileSchema = (schema: JsonObject): CompiledSchema =>
  compiledBehind(schema, () => false)

/**
 * As `compileSchema`, for a schema of ours: what follows it costs a fraction, since only the faults of
 * what does not are the interpreter's. Throws for one whose keywords `acceptanceOf` does not know.
 */
export const compileOwnSchema = (schema: JsonObject): CompiledSchema =>
  compiledBehind(schema, acceptanceOf(schema))

function compiledBehind(schema: JsonObject, accepts: Acceptance): CompiledSchema {
  const validator = new Validator(schema, '2020-12', false)
  return (instance) => {
    if (valuesIn(instance, MAX_VALUES) > MAX_VALUES) {
      return [{ pointer: '', detail: `must hold at most ${MAX_VALUES} values: split it` }]
    }
    if (accepts(instance)) return []
    const { valid, errors } = validator.validate(instance)
    if (valid) return []
    return reportedFaults(leafErrors(errors).flatMap((error) => faultsOf(error, schema, instance)))
  }
}

/** How many values there are, the instance itself included; looks no deeper once there are `enough`. */
function valuesIn(value: Json, enough: number): number {
  let count = 1
  if (enough < 1) return count
  if (isJsonObject(value))
    for (const name in value) count += valuesIn(value[name] ?? null, enough - count)
  else if (Array.isArray(value))
    for (const item of value as readonly Json[]) count += valuesIn(item, enough - count)
  return count
}
