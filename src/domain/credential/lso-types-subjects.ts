import { isDid } from '../did/did.ts'
import type { Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { isCountryCode } from './country-codes.ts'
import {
  eachOf,
  fault,
  isJsonList,
  joined,
  NO_FAULTS,
  optional,
  type Check,
} from './data-model-checks.ts'
import { isLei } from './lei.ts'

type SubjectRule = (subject: JsonObject, at: string) => readonly Fault[]

/**
 * Rules for the members of `credentialSubject`, which is at `at`, beyond their JSON Schema. What the
 * schema requires is taken as it comes: absent or misshapen members are its business.
 */
export const SUBJECT_RULES = {
  LsoLegalEntityCredential: (subject, at) =>
    joined(
      optional(subject, at, 'identifiers', leis),
      addressFaults(subject['registeredAddress'], `${at}/registeredAddress`),
      optional(subject, at, 'roles', noRepetition),
      optional(subject, at, 'lsoInterfaces', noRepetition),
    ),
  LsoIssuerAccreditationCredential: (subject, at) =>
    joined(
      optional(subject, at, 'jurisdictions', countries),
      optional(subject, at, 'jurisdictions', noRepetition),
      optional(subject, at, 'accreditedFor', noRepetition),
    ),
  LsoDelegationCredential: (subject, at) =>
    joined(delegatorFaults(subject, at), optional(subject, at, 'scope', noRepetition)),
} as const satisfies Readonly<Record<string, SubjectRule>>

const each =
  (check: Check): Check =>
  (value, at) =>
    isJsonList(value) ? eachOf(value, at, check, 0) : NO_FAULTS

const lei: Check = (identifier, at) => {
  if (!isJsonObject(identifier) || identifier['scheme'] !== 'LEI') return NO_FAULTS
  const value = identifier['value']
  return typeof value === 'string' && isLei(value)
    ? NO_FAULTS
    : fault(`${at}/value`, 'must be a LEI: 20 capital letters and digits with right check digits')
}

const country: Check = (value, at) =>
  typeof value === 'string' && isCountryCode(value)
    ? NO_FAULTS
    : fault(at, 'must be an ISO 3166-1 alpha-2 country code such as DE')

const [leis, countries] = [each(lei), each(country)]

const addressFaults = (address: Json | undefined, at: string): readonly Fault[] =>
  isJsonObject(address) ? optional(address, at, 'country', country) : NO_FAULTS

const delegatorFaults = (subject: JsonObject, at: string): readonly Fault[] => {
  const delegator = subject['delegator']
  if (!isDid(delegator)) return fault(`${at}/delegator`, 'must be the DID of the delegator')
  return delegator === subject['id']
    ? fault(`${at}/delegator`, 'must differ from the subject: nobody delegates to itself')
    : NO_FAULTS
}

const noRepetition: Check = (value, at) => {
  if (!isJsonList(value)) return NO_FAULTS
  const seen = new Set<Json>()
  const once: Check = (item, pointer) => {
    if (seen.has(item)) return fault(pointer, 'repeats an entry: name it once')
    seen.add(item)
    return NO_FAULTS
  }
  return eachOf(value, at, once, 0)
}
