import { Validator, type Schema as ReadySchema } from '@cfworker/json-schema'
import openapi from '../../schemas/openapi.json' with { type: 'json' }
import {
  endpointsOf,
  resolved,
  type Answer,
  type Endpoint,
  type OpenApi,
  type Operation,
  type Parameter,
  type Schema,
} from '../../src/http/output/docs/openapi.ts'

/** The published description. */
export const DOCUMENT: OpenApi = openapi

/** Every documented operation. */
export const ENDPOINTS: readonly Endpoint[] = endpointsOf(DOCUMENT)

/** `POST /admin/issuers`. */
export const nameOf = ({ method, path }: Endpoint): string => `${method.toUpperCase()} ${path}`

export const parametersOf = ({ parameters = [] }: Operation): readonly Parameter[] =>
  parameters.map((one) => resolved(one, DOCUMENT.components.parameters))

/** The answers of an operation, by status. */
export const answersOf = ({ responses }: Operation): Readonly<Record<string, Answer>> =>
  Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      resolved(answer, DOCUMENT.components.responses),
    ]),
  )

/** What the schema has against a value, in the validator's words; empty when it fits. */
export function faultsIn(value: unknown, schema: Schema): readonly string[] {
  const whole = { ...schema, components: { schemas: DOCUMENT.components.schemas } }
  // The validator's own type has no readonly lists; it changes nothing.
  const ready = whole as unknown as ReadySchema
  const { errors } = new Validator(ready, '2020-12', false).validate(value)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}

/** The path with the values of its parameters' examples, or with those of `instead`. */
export const examplePath = (
  { path, operation }: Endpoint,
  instead: Readonly<Record<string, string>>,
): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const example = parametersOf(operation).find((one) => one.name === name)?.example
    return instead[name] ?? String(example)
  })

/** An object anywhere in a JSON value, with where it is. */
export interface Place {
  readonly pointer: string
  readonly value: Readonly<Record<string, unknown>>
}

/** All objects in a JSON value, the outermost first. */
export function objectsIn(value: unknown, pointer: string): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([name, member]) =>
    objectsIn(member, `${pointer}/${name}`),
  )
  return Array.isArray(value) ? inside : [{ pointer, value: { ...value } }, ...inside]
}
