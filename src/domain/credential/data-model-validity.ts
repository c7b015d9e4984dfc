import type { Fault } from '../fault.ts'
import type { Json, JsonObject } from '../json/strict-json.ts'
import { parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import { fault, joined, NO_FAULTS, optional, required, type Check } from './data-model-checks.ts'
import type { DataModel } from './data-model-version.ts'

/** The names that each data model gives to the beginning and the end of the validity period. */
export const VALIDITY_MEMBERS = {
  '1.1': ['issuanceDate', 'expirationDate'],
  '2.0': ['validFrom', 'validUntil'],
} as const satisfies Readonly<Record<DataModel, readonly [string, string]>>

/**
 * VCDM 2.0 §4.9: `validFrom` and `validUntil`, both optional. VCDM 1.1 §4.6 and §4.8: `issuanceDate`, and
 * optionally `expirationDate`. All with a zone, and the end not before the beginning.
 *
 * The names of the other data model: in 2.0 they mean nothing and are refused, because whoever wrote
 * them believes in a limit that no reader keeps; 1.1 reserves them, so there they may repeat what its
 * own names say and nothing else (row V8).
 */
export function validityFaults(credential: JsonObject, model: DataModel): readonly Fault[] {
  return model === '2.0'
    ? joined(
        optional(credential, '', 'validFrom', date),
        optional(credential, '', 'validUntil', date),
        optional(credential, '', 'issuanceDate', belongsTo11('validFrom')),
        optional(credential, '', 'expirationDate', belongsTo11('validUntil')),
        orderFaults(credential, 'validFrom', 'validUntil'),
      )
    : joined(
        required(credential, '', 'issuanceDate', date, 'add the date and time of issue'),
        optional(credential, '', 'expirationDate', date),
        optional(credential, '', 'validFrom', repetitionOf('issuanceDate', credential)),
        optional(credential, '', 'validUntil', repetitionOf('expirationDate', credential)),
        orderFaults(credential, 'issuanceDate', 'expirationDate'),
      )
}

const date: Check = (value, at) =>
  moment(value) === undefined
    ? fault(at, 'must be a date and time with a zone, such as 2026-11-22T04:10:46Z')
    : NO_FAULTS

const belongsTo11 =
  (member: string): Check =>
  (_, at) =>
    fault(at, `belongs to data model 1.1: use ${member}`)

const repetitionOf =
  (member: string, credential: JsonObject): Check =>
  (value, at) =>
    compare(value, credential[member]) === 0
      ? NO_FAULTS
      : fault(at, `must name the moment of ${member}: leave it out`)

function orderFaults(credential: JsonObject, from: string, until: string): readonly Fault[] {
  const order = compare(credential[from], credential[until])
  return order === undefined || order <= 0
    ? NO_FAULTS
    : fault(`/${until}`, `must not lie before ${from}`)
}

/** Above 0 where the first moment is the later one; `undefined` where one of them is none. */
function compare(a: Json | undefined, b: Json | undefined): number | undefined {
  const first = moment(a)
  const second = moment(b)
  if (first === undefined || second === undefined) return undefined
  return first - second || fractionOf(a) - fractionOf(b)
}

const moment = (value: Json | undefined): EpochSeconds | undefined =>
  typeof value === 'string' ? parseDateTimeStamp(value) : undefined

/** Part of a second, at least 0 and below 1. */
const fractionOf = (value: Json | undefined): number =>
  typeof value === 'string' ? Number(`0${/\.\d+/.exec(value)?.[0] ?? ''}`) : 0
