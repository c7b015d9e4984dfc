import { isDid } from '../did/did.ts'
import type { Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { textsIn } from '../json/values.ts'
import { MAX_LSO_VALIDITY_SECONDS } from '../limits.ts'
import { parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import { fault, isUrl, joined, NO_FAULTS } from './data-model-checks.ts'
import { reportedFaults } from '../fault.ts'
import { VALIDITY_MEMBERS } from './data-model-validity.ts'
import type { DataModel } from './data-model-version.ts'
import { SUBJECT_RULES } from './lso-types-subjects.ts'

/** The credential types of the LSO context. */
export const LSO_TYPES = [
  'LsoLegalEntityCredential',
  'LsoIssuerAccreditationCredential',
  'LsoDelegationCredential',
] as const
export type LsoType = (typeof LSO_TYPES)[number]

/** The first LSO type that is named; `lsoFaults` refuses a credential that names two. */
export const lsoTypeOf = (types: readonly string[]): LsoType | undefined => lsoTypesIn(types)[0]

const lsoTypesIn = (types: readonly string[]): readonly LsoType[] =>
  LSO_TYPES.filter((type) => types.includes(type))

/**
 * What is wrong with an LSO credential by the rules that its JSON Schema cannot state; nothing for a
 * credential of no LSO type. Every LSO credential:
 *   has an `id` that can be looked up, an http URL (R7, row V10)
 *   has exactly one subject, and its `id` is a DID (R4, R5, row V2)
 *   says from when until when it is valid, at most `MAX_LSO_VALIDITY_SECONDS` (row V8)
 * Not looked at: that it can be revoked (R4, R8), because the issuer draws the status entry only after
 * the credential was found good; readers find its absence as `status_required` (row V9).
 */
export function lsoFaults(credential: JsonObject, model: DataModel): readonly Fault[] {
  const [type, ...others] = lsoTypesIn(textsIn(credential['type']))
  if (type === undefined) return NO_FAULTS
  return reportedFaults(
    others.length > 0
      ? fault('/type', 'must name one LSO type: issue one credential for each')
      : [],
    resolvableIdFaults(credential),
    subjectFaults(credential, type),
    validityFaults(credential, model),
  )
}

function resolvableIdFaults(credential: JsonObject): readonly Fault[] {
  const id = credential['id']
  return isUrl(id) && /^https?:/i.test(id)
    ? NO_FAULTS
    : fault('/id', 'must be an https URL under which the credential can be looked up')
}

function subjectFaults(credential: JsonObject, type: LsoType): readonly Fault[] {
  const subject = credential['credentialSubject']
  const at = '/credentialSubject'
  if (!isJsonObject(subject))
    return fault(at, 'must be one object: issue one credential per subject')
  return joined(
    isDid(subject['id']) ? NO_FAULTS : fault(`${at}/id`, 'must be the DID of the subject'),
    SUBJECT_RULES[type](subject, at),
  )
}

const DAYS = String(MAX_LSO_VALIDITY_SECONDS / (24 * 60 * 60))

function validityFaults(credential: JsonObject, model: DataModel): readonly Fault[] {
  const [start, end] = VALIDITY_MEMBERS[model]
  const [from, until] = [second(credential[start]), second(credential[end])]
  if (from === undefined) return fault(`/${start}`, 'must say from when the credential is valid')
  return until !== undefined && until - from <= MAX_LSO_VALIDITY_SECONDS
    ? NO_FAULTS
    : fault(`/${end}`, `must lie at most ${DAYS} days after ${start}`)
}

const second = (value: Json | undefined): EpochSeconds | undefined =>
  typeof value === 'string' ? parseDateTimeStamp(value) : undefined
