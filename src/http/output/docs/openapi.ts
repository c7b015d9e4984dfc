/** What the page reads of an OpenAPI 3.1 document; our own one has more, and nothing else. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly summary: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, { readonly description: string }>>
    readonly parameters: Readonly<Record<string, Parameter>>
    readonly responses: Readonly<Record<string, Answer>>
    readonly schemas: Readonly<Record<string, Schema>>
  }
}

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
export type Method = (typeof METHODS)[number]

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** Alternatives; `{}` and an empty list both mean that no token is needed. */
  readonly security: readonly object[]
  readonly parameters?: readonly OrReference<Parameter>[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, OrReference<Answer>>>
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly description: string
  readonly required?: boolean
  readonly schema: Schema
  readonly example?: unknown
}

export interface Answer {
  readonly description: string
  readonly headers?: object
  readonly content?: Content
}

/** By media type. */
export type Content = Readonly<Record<string, MediaType>>

export interface MediaType {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, Example>>
}

export interface Example {
  readonly summary: string
  readonly value: unknown
}

/** The keywords of JSON Schema 2020-12 that our schemas use. */
export interface Schema {
  readonly $ref?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  /** What each value of `enum` means. */
  readonly 'x-enumDescriptions'?: Readonly<Record<string, string>>
}

export type OrReference<Value> = Value | { readonly $ref: string }

/** One operation with where it is mounted. */
export interface Endpoint {
  readonly method: Method
  readonly path: string
  readonly operation: Operation
}

/** All operations, in the order of the document. */
export const endpointsOf = ({ paths }: OpenApi): readonly Endpoint[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [{ method, path, operation }]
    }),
  )

/** The value itself or what it refers to among `components`. Throws when there is no such component. */
export function resolved<Value extends object>(
  value: OrReference<Value>,
  components: Readonly<Record<string, Value>>,
): Value {
  if (!('$ref' in value)) return value
  const component = components[lastStep(value.$ref)]
  if (component === undefined) throw new Error(`there is no component ${value.$ref}`)
  return component
}

/** `Did` of `#/components/schemas/Did`. */
export const lastStep = (reference: string): string =>
  reference.slice(reference.lastIndexOf('/') + 1)
