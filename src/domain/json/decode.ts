import { pointerStep, reportedFaults, type Fault } from '../fault.ts'
import { isDid, type Did } from '../did/did.ts'
import { ok, refuse, type Result } from '../result.ts'
import { parseDateTimeStamp } from '../time.ts'
import { isJsonObject, type Json, type JsonObject } from './strict-json.ts'

/** Stands for a value that was refused; the fault is in the list. */
const BAD = Symbol('refused')
type Bad = typeof BAD

/** Turns JSON into a typed value, or adds what is wrong with it to `faults`. */
export type Decoder<Value> = (
  value: Json | undefined,
  pointer: string,
  faults: Fault[],
) => Value | Bad

/** Reads `value` with `decoder`; every fault is listed, not the first. */
export function decode<Value>(
  decoder: Decoder<Value>,
  value: Json | undefined,
): Result<Value, readonly Fault[]> {
  const faults: Fault[] = []
  const read = decoder(value, '', faults)
  return faults.length === 0 ? ok(read as Value) : refuse(reportedFaults(faults))
}

/** A value for which `fits` holds; `mend` completes "must be …". */
export const where =
  <Value extends Json>(fits: (value: Json) => value is Value, mend: string): Decoder<Value> =>
  (value, pointer, faults) => {
    if (value !== undefined && fits(value)) return value
    faults.push({
      pointer,
      detail: value === undefined ? `is required: ${mend}` : `must be ${mend}`,
    })
    return BAD
  }

export const text = (most: number): Decoder<string> =>
  where(
    (value): value is string => typeof value === 'string' && value !== '' && value.length <= most,
    `a text of 1 to ${String(most)} characters`,
  )

export const boolean: Decoder<boolean> = where(
  (value) => typeof value === 'boolean',
  'true or false',
)

export const wholeNumber = (least: number, most: number): Decoder<number> =>
  where(
    (value): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${String(least)} to ${String(most)}`,
  )

export const oneOf = <const Allowed extends readonly string[]>(
  ...allowed: Allowed
): Decoder<Allowed[number]> =>
  where(
    (value): value is Allowed[number] => typeof value === 'string' && allowed.includes(value),
    `one of ${allowed.join(', ')}`,
  )

export const did: Decoder<Did> = where((value) => isDid(value), 'a DID')

export const dateTime: Decoder<string> = where(
  (value): value is string => typeof value === 'string' && parseDateTimeStamp(value) !== undefined,
  'a date and time with a zone, such as 2026-01-31T12:00:00Z',
)

/** An object of whatever members; what they mean is judged elsewhere. */
export const anyObject: Decoder<JsonObject> = where(isJsonObject, 'an object')

export const optional =
  <Value>(decoder: Decoder<Value>): Decoder<Value | undefined> =>
  (value, pointer, faults) =>
    value === undefined ? undefined : decoder(value, pointer, faults)

export const list =
  <Value>(item: Decoder<Value>, least: number, most: number): Decoder<readonly Value[]> =>
  (value, pointer, faults) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      faults.push({
        pointer,
        detail: `must be a list of ${String(least)} to ${String(most)} items`,
      })
      return BAD
    }
    const items = value as readonly Json[]
    return items.map((one, at) => item(one, pointer + pointerStep(at), faults) as Value)
  }

/**
 * An object with these members and no others: a misspelt member that is passed over would be a
 * wish, or a restriction, that silently does not hold.
 */
export const object = <Members extends Readonly<Record<string, unknown>>>(decoders: {
  readonly [Name in keyof Members]: Decoder<Members[Name]>
}): Decoder<Members> => {
  const members = Object.entries<Decoder<unknown>>(decoders).map(
    ([name, decoder]) => [name, pointerStep(name), decoder] as const,
  )
  return (value, pointer, faults) => {
    if (!isJsonObject(value)) {
      faults.push({ pointer, detail: 'must be an object' })
      return BAD
    }
    for (const name in value) {
      if (!Object.hasOwn(decoders, name)) {
        faults.push({ pointer: pointer + pointerStep(name), detail: 'is not known here' })
      }
    }
    const read: Record<string, unknown> = {}
    for (const [name, step, decoder] of members) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined
      const wanted = decoder(member, pointer + step, faults)
      if (wanted !== undefined) read[name] = wanted
    }
    return read as Members
  }
}
