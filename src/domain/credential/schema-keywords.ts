import { isJsonObject, type Json } from '../json/strict-json.ts'

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']

/**
 * Formats that are asserted, each by a check whose time grows with the text and no faster. JSON Schema
 * lets others stand as notes (Validation §7.2.1); here a note that looks like a rule is refused.
 */
export const FORMATS = [
  ...['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri'],
  ...['uri-reference', 'uuid', 'json-pointer', 'relative-json-pointer'],
]

const isText = (value: Json): boolean => typeof value === 'string'
const isNumber = (value: Json): boolean => typeof value === 'number'
const isBoolean = (value: Json): boolean => typeof value === 'boolean'
const isCount = (value: Json): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isList = (value: Json): boolean => Array.isArray(value)
const isTexts = (value: Json): boolean =>
  Array.isArray(value) && (value as readonly Json[]).every(isText)
const isType = (value: Json): boolean =>
  typeof value === 'string' ? TYPES.includes(value) : isTexts(value) && isTypes(value)
const isTypes = (value: Json): boolean =>
  (value as readonly string[]).length > 0 &&
  (value as readonly string[]).every((one) => TYPES.includes(one))

/** True for what may stand where a schema is expected. */
export const isSchema = (value: Json | undefined): boolean =>
  typeof value === 'boolean' || isJsonObject(value)

/** Keywords of JSON Schema 2020-12 whose value is one schema. */
export const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  'not',
  'if',
  'then',
  'else',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'items',
  'unevaluatedItems',
  'contains',
])

/** Keywords whose value is a list of schemas. */
export const SCHEMA_LIST_KEYWORDS: ReadonlySet<string> = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'prefixItems',
])

/** Keywords whose value names schemas; those of the last two count only where they are referred to. */
export const SCHEMA_MAP_KEYWORDS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
])

/** All other keywords that are known, each with what its value must be. */
export const PLAIN_KEYWORDS: ReadonlyMap<
  string,
  { readonly fits: (value: Json) => boolean; readonly mend: string }
> = new Map(
  [
    { names: ['$ref', '$id', '$schema'], fits: isText, mend: 'a text' },
    {
      names: ['title', 'description', '$comment', 'pattern'],
      fits: isText,
      mend: 'a text',
    },
    { names: ['contentEncoding', 'contentMediaType'], fits: isText, mend: 'a text' },
    {
      names: ['format'],
      fits: (value: Json) => typeof value === 'string' && FORMATS.includes(value),
      mend: `one of ${FORMATS.join(', ')}; for another form write a pattern`,
    },
    { names: ['type'], fits: isType, mend: `one of ${TYPES.join(', ')}, or a list of them` },
    { names: ['const', 'default'], fits: () => true, mend: 'a value' },
    { names: ['enum', 'examples'], fits: isList, mend: 'a list' },
    { names: ['required'], fits: isTexts, mend: 'a list of texts' },
    {
      names: ['dependentRequired'],
      fits: (value: Json) => isJsonObject(value) && Object.values(value).every(isTexts),
      mend: 'an object of lists of texts',
    },
    {
      names: ['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains'],
      fits: isCount,
      mend: 'a whole number from 0',
    },
    { names: ['minProperties', 'maxProperties'], fits: isCount, mend: 'a whole number from 0' },
    {
      names: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
      fits: isNumber,
      mend: 'a number',
    },
    {
      names: ['multipleOf'],
      fits: (value: Json) => typeof value === 'number' && value > 0,
      mend: 'a number above 0',
    },
    {
      names: ['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'],
      fits: isBoolean,
      mend: 'true or false',
    },
  ].flatMap(({ names, fits, mend }) => names.map((name) => [name, { fits, mend }] as const)),
)
