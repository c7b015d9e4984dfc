import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import {
  fault,
  joined,
  NO_FAULTS,
  oneOrMore,
  optional,
  required,
  type Check,
} from './data-model-checks.ts'

/** Shape of a language tag (BCP 47, RFC 5646 §2.1); whether its subtags are registered is not looked at. */
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/
const MEMBERS: ReadonlySet<string> = new Set(['@value', '@language', '@direction'])

const string: Check = (value, at) =>
  typeof value === 'string' ? NO_FAULTS : fault(at, 'must be text')
const languageTag: Check = (value, at) =>
  typeof value === 'string' && LANGUAGE_TAG.test(value)
    ? NO_FAULTS
    : fault(at, 'must be a language tag such as en or pt-BR')
const direction: Check = (value, at) =>
  value === 'ltr' || value === 'rtl' ? NO_FAULTS : fault(at, 'must be ltr or rtl')

/**
 * `name` and `description` (VCDM 2.0 §4.6): text, or language value objects of §11.1, one or one per
 * language, with no member besides `@value`, `@language` and `@direction`.
 */
export const textInLanguages: Check = oneOrMore((value, at) => {
  if (typeof value === 'string') return NO_FAULTS
  if (!isJsonObject(value)) return fault(at, 'must be text, or an object with @value and @language')
  return joined(
    required(value, at, '@value', string, 'add the text'),
    optional(value, at, '@language', languageTag),
    optional(value, at, '@direction', direction),
    otherMembers(value, at),
  )
})

const otherMembers = (value: JsonObject, at: string): readonly Fault[] =>
  Object.keys(value)
    .filter((member) => !MEMBERS.has(member))
    .map((member) => ({
      pointer: at + pointerStep(member),
      detail: 'has no place beside @value: leave it out',
    }))
