import { isDid } from '../did/did.ts'
import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { isCountryCode } from './country-codes.ts'
import { fault, isJsonList, NO_FAULTS, optional, type Check } from './data-model-checks.ts'
import { isLei } from './lei.ts'

type SubjectRule = (subject: JsonObject) => readonly Fault[]

/**
 * Rules for the members of `credentialSubject` beyond their JSON Schema, with pointers from the subject
 * on. What the schema requires is taken as it comes: absent or misshapen members are its business.
 */
export const SUBJECT_RULES = {
  LsoLegalEntityCredential: (subject) => [
    ...optional(subject, '', 'identifiers', each(lei)),
    ...addressFaults(subject['registeredAddress']),
    ...optional(subject, '', 'roles', noRepetition),
    ...optional(subject, '', 'lsoInterfaces', noRepetition),
  ],
  LsoIssuerAccreditationCredential: (subject) => [
    ...optional(subject, '', 'jurisdictions', each(country)),
    ...optional(subject, '', 'jurisdictions', noRepetition),
    ...optional(subject, '', 'accreditedFor', noRepetition),
  ],
  LsoDelegationCredential: (subject) => [
    ...delegatorFaults(subject),
    ...optional(subject, '', 'scope', noRepetition),
  ],
} as const satisfies Readonly<Record<string, SubjectRule>>

const each =
  (check: Check): Check =>
  (value, at) =>
    isJsonList(value) ? value.flatMap((item, index) => check(item, at + pointerStep(index))) : []

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

const addressFaults = (address: Json | undefined): readonly Fault[] =>
  isJsonObject(address) ? optional(address, '/registeredAddress', 'country', country) : NO_FAULTS

const delegatorFaults = (subject: JsonObject): readonly Fault[] => {
  const delegator = subject['delegator']
  if (!isDid(delegator)) return fault('/delegator', 'must be the DID of the delegator')
  return delegator === subject['id']
    ? fault('/delegator', 'must differ from the subject: nobody delegates to itself')
    : NO_FAULTS
}

const noRepetition: Check = (value, at) => {
  if (!isJsonList(value)) return NO_FAULTS
  const seen = new Set<Json>()
  return value.flatMap((item, index) => {
    if (seen.has(item)) return fault(at + pointerStep(index), 'repeats an entry: name it once')
    seen.add(item)
    return []
  })
}
