import type { Fault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import {
  fault,
  joined,
  NO_FAULTS,
  oneOrMore,
  optional,
  required,
  url,
  urlOrObjectWithId,
  type Check,
} from './data-model-checks.ts'
import type { DataModel } from './data-model-version.ts'
import { textInLanguages } from './language.ts'

/** `id` (VCDM 2.0 §4.4): absent, or one URL. */
export const idFaults = (object: JsonObject): readonly Fault[] => optional(object, '', 'id', url)

/** `issuer` (§4.7): one URL or one object with such an `id`, whose names follow §4.6. */
export function issuerFaults(credential: JsonObject, model: DataModel): readonly Fault[] {
  const faults = required(credential, '', 'issuer', urlOrObjectWithId, 'name the issuer by its DID')
  const issuer = credential['issuer']
  return isJsonObject(issuer) ? joined(faults, nameFaults(issuer, '/issuer', model)) : faults
}

/** `name` and `description` (§4.6), which only VCDM 2.0 defines. */
export const nameFaults = (object: JsonObject, at: string, model: DataModel): readonly Fault[] =>
  model === '1.1'
    ? NO_FAULTS
    : joined(
        optional(object, at, 'name', textInLanguages),
        optional(object, at, 'description', textInLanguages),
      )

/** `credentialSubject` (§4.8): one object or several, each with at least one member. */
export const subjectFaults = (credential: JsonObject): readonly Fault[] =>
  required(credential, '', 'credentialSubject', oneOrMore(subject), 'say whom the claims are about')

const subject: Check = (value, at) => {
  if (!isJsonObject(value)) return fault(at, 'must be an object with claims')
  if (Object.keys(value).length === 0) return fault(at, 'must not be empty: add an id or a claim')
  return optional(value, at, 'id', url)
}
