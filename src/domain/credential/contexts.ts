import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { PROTECTED_TERMS } from './contexts-protected-terms.ts'
import {
  eachOf,
  fault,
  isJsonList,
  isUrl,
  joined,
  NO_FAULTS,
  type Check,
} from './data-model-checks.ts'
import { BASE_CONTEXTS, type DataModel } from './data-model-version.ts'

/**
 * `@context`: the base context first, then URLs and context objects; a URL alone counts as a list of one.
 * Contexts are not fetched (row V15), so of what JSON-LD would find only this much is found: a base
 * context of two data models, and a context object that maps a term to what is no IRI, gives another
 * meaning (or none) to a term that the base context protects, or misuses a keyword.
 */
export function contextFaults(object: JsonObject, model: DataModel): readonly Fault[] {
  const context = object['@context']
  const base = BASE_CONTEXTS[model]
  if (context === undefined) return fault('/@context', `is missing: add a list with ${base} first`)
  if (!isJsonList(context)) {
    return context === base ? NO_FAULTS : fault('/@context', `must be a list with ${base} first`)
  }
  const first = context[0] === base ? NO_FAULTS : fault('/@context/0', `must be ${base}`)
  return joined(first, eachOf(context, '/@context', furtherContext(model), 1))
}

const furtherContext =
  (model: DataModel): Check =>
  (item, at) => {
    if (isJsonObject(item)) {
      return Object.entries(item).flatMap(([term, definition]) =>
        termFaults(term, definition, at + pointerStep(term), model),
      )
    }
    if (!isUrl(item)) return fault(at, 'must be an absolute URL or a context object')
    return item === BASE_CONTEXTS[model === '2.0' ? '1.1' : '2.0']
      ? fault(at, 'belongs to another data model: name one base context only')
      : NO_FAULTS
  }

/** No IRI holds these; a mapping without a colon is a term, and expansion alone can judge it. */
const NOT_IN_AN_IRI = /[\s\p{Cc}<>"{}|\\^`]/u
/** An IRI with an authority, or a keyword: the same in every context. `prefix:name` may be anything. */
const PLAIN_MEANING = /^@|^[^:]+:\/\//

function termFaults(
  term: string,
  definition: Json,
  at: string,
  model: DataModel,
): readonly Fault[] {
  if (term.startsWith('@')) return keywordFaults(term, definition, at)
  const iri = isJsonObject(definition) ? definition['@id'] : definition
  const meaning = PROTECTED_TERMS[model].get(term)
  const protects = fault(
    at,
    'is a term of the base context, which protects it: choose another name',
  )
  if (iri === undefined || iri === null) return meaning === undefined ? NO_FAULTS : protects
  if (typeof iri !== 'string' || (iri.includes(':') && NOT_IN_AN_IRI.test(iri))) {
    return fault(at, 'must map the term to an absolute IRI')
  }
  return meaning !== undefined && PLAIN_MEANING.test(iri) && iri !== meaning ? protects : NO_FAULTS
}

const isSwitch = (value: Json): boolean => typeof value === 'boolean'
const isTextOrNull = (value: Json): boolean => typeof value === 'string' || value === null

/** Keywords of a context, and what each may be (JSON-LD 1.1 §9.15). */
const CONTEXT_KEYWORDS: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ['@base', isTextOrNull],
  ['@direction', (value) => value === null || value === 'ltr' || value === 'rtl'],
  ['@import', isUrl],
  ['@language', isTextOrNull],
  ['@propagate', isSwitch],
  ['@protected', isSwitch],
  ['@type', isJsonObject],
  ['@version', (value) => value === 1.1],
  ['@vocab', isTextOrNull],
])

/** What looks like a keyword and is none has no meaning, and JSON-LD passes over it. */
const OTHER_KEYWORDS: ReadonlySet<string> = new Set([
  ...['@container', '@context', '@graph', '@id', '@included', '@index', '@json', '@list', '@nest'],
  ...['@none', '@prefix', '@reverse', '@set', '@value'],
])

function keywordFaults(keyword: string, value: Json, at: string): readonly Fault[] {
  const fits = CONTEXT_KEYWORDS.get(keyword)
  if (fits?.(value) === false) return fault(at, 'is not what this keyword may be in a context')
  return OTHER_KEYWORDS.has(keyword) ? fault(at, 'is a keyword: no context defines it') : NO_FAULTS
}
