import { html, joined, NOTHING, type Html } from './html.ts'
import { lastStep, type Schema } from './openapi.ts'
import { line } from './prose.ts'

/** Where a named schema is explained on the page. */
export const schemaAnchor = (name: string): string => `schema-${name}`

/** What a value must be, in a few words. A named schema is a link to where it is explained. */
export function typeOf(schema: Schema): Html {
  const { $ref, const: constant, enum: values, type, oneOf, anyOf, allOf } = schema
  if ($ref !== undefined) return linkTo(lastStep($ref))
  const either = oneOf ?? anyOf
  if (either !== undefined) return joined(either.map(typeOf), ' or ')
  if (allOf !== undefined) return joined(allOf.map(typeOf), ' and ')
  if (constant !== undefined) return code(constant)
  if (values !== undefined) return joined(values.map(code), ' or ')
  if (type === undefined) return html`anything`
  return joined(
    [type].flat().map((one) => wordsFor(one, schema)),
    ' or ',
  )
}

const linkTo = (name: string): Html => html`<a href="#${schemaAnchor(name)}">${name}</a>`

const code = (value: unknown): Html => html`<code>${JSON.stringify(value)}</code>`

function wordsFor(type: string, schema: Schema): Html {
  switch (type) {
    case 'array':
      return html`list${listLength(schema)}: ${typeOf(schema.items ?? {})}`
    case 'string':
      return html`${FORMATS[schema.format ?? ''] ?? 'text'}${textLength(schema)}`
    case 'integer':
      return html`whole number${range(schema.minimum, schema.maximum)}`
    case 'boolean':
      return html`true or false`
    default:
      return html`${type}`
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'date and time',
  uri: 'URL',
  uuid: 'UUID',
}

const textLength = ({ minLength, maxLength }: Schema): string =>
  maxLength === undefined ? '' : ` of ${String(minLength ?? 0)} to ${String(maxLength)} characters`

const listLength = ({ minItems, maxItems }: Schema): string =>
  maxItems === undefined ? '' : ` of ${String(minItems ?? 0)} to ${String(maxItems)}`

function range(least: number | undefined, most: number | undefined): string {
  if (least === undefined) return ''
  return most === undefined
    ? `, at least ${String(least)}`
    : ` from ${String(least)} to ${String(most)}`
}

/** One named value of a body, a query or a path. */
export interface Member {
  readonly name: string
  readonly required: boolean
  readonly schema: Schema
  readonly description: string | undefined
}

/** A list of members, those of unnamed objects inside them indented below. */
export function memberList(members: readonly Member[]): Html {
  if (members.length === 0) return NOTHING
  const rows = members.map(
    ({ name, required, schema, description }) =>
      html`<dt>
          <code>${name}</code> <span class="type">${typeOf(schema)}${fallback(schema)}</span>${
            required ? html` <em>required</em>` : NOTHING
          }
        </dt>
        <dd>${line(description ?? '')}${memberList(membersOf(schema))}</dd>`,
  )
  return html`<dl>${rows}</dl>`
}

const fallback = (schema: Schema): Html =>
  schema.default === undefined ? NOTHING : html`, by default ${code(schema.default)}`

/** The members of an object, of the objects in a list, or of what a value is one of. */
export function membersOf(schema: Schema): readonly Member[] {
  const { properties, required = [], items, oneOf = [], allOf = [] } = schema
  if (schema.$ref !== undefined) return []
  if (items !== undefined) return membersOf(items)
  if (properties === undefined) return [...oneOf, ...allOf].flatMap(membersOf)
  return Object.entries(properties).map(([name, member]) => ({
    name,
    required: required.includes(name),
    schema: member,
    description: member.description,
  }))
}
