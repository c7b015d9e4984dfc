import { jsonText } from './json-text.ts'
import type { Endpoint, MediaType, OpenApi } from './openapi.ts'
import { resolved } from './openapi.ts'

/** The shell variable that holds each kind of token. */
const TOKEN_VARIABLES: Readonly<Record<string, string>> = {
  adminToken: '$ADMIN_TOKEN',
  issuerToken: '$ISSUER_TOKEN',
  verifierToken: '$VERIFIER_TOKEN',
}

/** A command that makes this call with the values of the document's examples. `$URL` is the service. */
export function curlOf(openapi: OpenApi, { method, path, operation }: Endpoint): string {
  const body = firstExample(operation.requestBody?.content['application/json'])
  const [scheme = ''] = operation.security.flatMap((alternative) => Object.keys(alternative))
  const token = TOKEN_VARIABLES[scheme]
  const verb = method === 'get' || (method === 'post' && body !== undefined) ? '' : verbOf(method)
  return [
    `curl ${verb}"$URL${examplePath(openapi, path, operation.parameters ?? [])}"`,
    ...(token === undefined ? [] : [`-H "Authorization: Bearer ${token}"`]),
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(jsonText(body))}`]),
  ].join(' \\\n  ')
}

const verbOf = (method: string): string => `-X ${method.toUpperCase()} `

/** The value of the first example of a body. */
const firstExample = (media: MediaType | undefined): unknown =>
  Object.values(media?.examples ?? {})[0]?.value

function examplePath(
  { components }: OpenApi,
  path: string,
  parameters: NonNullable<Endpoint['operation']['parameters']>,
): string {
  const examples = new Map(
    parameters
      .map((parameter) => resolved(parameter, components.parameters))
      .filter((parameter) => parameter.in === 'path')
      .map(({ name, example }) => [name, String(example)]),
  )
  return path.replace(/\{(\w+)\}/g, (_, name: string) => examples.get(name) ?? name)
}

/** A word of the shell that means exactly `text`. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
