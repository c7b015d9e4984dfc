import { isJsonObject, type Json, type JsonObject } from '../domain/json/strict-json.ts'
import type { Availability, Check, Outcome, Trust, Verdict } from '../domain/verification/check.ts'
import { FINDINGS } from '../domain/verification/findings.ts'
import { grantIn } from '../domain/evidence/receipt.ts'
import type { RegistrationReport } from './judge-registration.ts'
import type { CredentialReport } from './verify-credential.ts'
import type { PresentationReport } from './verify-presentation.ts'

const VERDICTS: readonly Verdict[] = ['valid', 'invalid', 'indeterminate']
const TRUSTS: readonly Trust[] = ['trusted', 'untrusted', 'not_evaluated']
const AVAILABILITIES: readonly Availability[] = ['fresh', 'stale', 'unavailable']
const OUTCOMES: readonly Outcome[] = ['pass', 'fail', 'indeterminate', 'not_applicable']

/** True for what a report about a credential is once it was written as JSON. */
export const isCredentialReport = (value: Json): value is CredentialReport & JsonObject =>
  isJsonObject(value) &&
  hasAxes(value) &&
  isAbsentOr(isJsonObject, value['credential']) &&
  isAbsentOr(isText, value['subject']) &&
  isListOf(isTrustStep, value['trustChain'])

/** The same for a report about a presentation. */
export const isPresentationReport = (value: Json): value is PresentationReport & JsonObject =>
  isJsonObject(value) &&
  hasAxes(value) &&
  isAbsentOr(isText, value['holder']) &&
  isListOf(isCredentialReport, value['credentials'])

/** The same for a report about a registration. */
export const isRegistrationReport = (value: Json): value is RegistrationReport & JsonObject =>
  isPresentationReport(value) &&
  isAbsentOr(() => grantIn(value) !== undefined, (value as JsonObject)['grant'])

const isTrustStep = (value: Json): boolean =>
  isJsonObject(value) &&
  isText(value['did']) &&
  (value['accreditation'] === null || isText(value['accreditation']))

const hasAxes = ({ verdict, trust, availability, checks, issuerBinding }: JsonObject): boolean =>
  isOneOf(['strict', 'relaxed'], issuerBinding) &&
  isOneOf(VERDICTS, verdict) &&
  isOneOf(TRUSTS, trust) &&
  isOneOf(AVAILABILITIES, availability) &&
  isListOf(isCheck, checks)

const isCheck = (value: Json): value is Check & JsonObject =>
  isJsonObject(value) &&
  isText(value['check']) &&
  isOneOf(OUTCOMES, value['outcome']) &&
  isAbsentOr((code) => isText(code) && Object.hasOwn(FINDINGS, code), value['code']) &&
  isAbsentOr(isText, value['rule']) &&
  isAbsentOr(isText, value['hint'])

const isText = (value: Json | undefined): value is string => typeof value === 'string'

const isOneOf = (names: readonly string[], value: Json | undefined): boolean =>
  isText(value) && names.includes(value)

const isAbsentOr = (fits: (value: Json) => boolean, value: Json | undefined): boolean =>
  value === undefined || fits(value)

const isListOf = (fits: (value: Json) => boolean, value: Json | undefined): boolean =>
  Array.isArray(value) && (value as readonly Json[]).every(fits)
