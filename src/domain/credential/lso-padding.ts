import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type Json } from '../json/strict-json.ts'
import { fault, isJsonList, NO_FAULTS, optional, type Check } from './data-model-checks.ts'

/**
 * Names in the subject of an LSO credential that begin or end with what nobody sees: to a reader they
 * look like another name, and compare as none. Refused when issuing alone, because readers take what the
 * schema of the type takes.
 */
export function paddedFaults(credentialSubject: Json | undefined): readonly Fault[] {
  if (!isJsonObject(credentialSubject)) return NO_FAULTS
  const at = '/credentialSubject'
  return [
    ...optional(credentialSubject, at, 'legalName', name),
    ...optional(credentialSubject, at, 'trustDomain', name),
    ...optional(credentialSubject, at, 'identifiers', identifiers),
  ]
}

const PADDED = /^[\s\p{Cf}]|[\s\p{Cf}]$/u

const name: Check = (value, at) =>
  typeof value === 'string' && PADDED.test(value)
    ? fault(at, 'must not begin or end with a space or an invisible character')
    : NO_FAULTS

const identifiers: Check = (value, at) =>
  isJsonList(value)
    ? value.flatMap((one, index) =>
        isJsonObject(one) ? optional(one, at + pointerStep(index), 'value', name) : NO_FAULTS,
      )
    : NO_FAULTS
