/** What a JSON call answered. `body` is the text where it is no JSON. */
export interface Answer {
  readonly status: number
  readonly body: Json
  readonly headers: Headers
}

/** JSON as a script looks at it: a member that is not there reads as undefined. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json
}

/** One HTTP call with JSON in and out. */
export async function call(
  method: string,
  url: string,
  options: {
    readonly token?: string
    readonly body?: unknown
    readonly accept?: string
    readonly idempotencyKey?: string
  } = {},
): Promise<Answer> {
  const { token, body, accept, idempotencyKey } = options
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(accept === undefined ? {} : { Accept: accept }),
      ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: parsed(text), headers: response.headers }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** The member at the end of a path; undefined as soon as there is none. */
export function at(value: Json, ...path: readonly (string | number)[]): Json {
  let found = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Readonly<Record<string | number, Json>>)[step]
  }
  return found
}

/** The member at the end of a path, which must be a text. */
export function textAt(value: Json, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path)
  if (typeof found !== 'string') throw new Error(`no text at ${path.join('/')}`)
  return found
}

/** The codes of the checks that did not pass. */
export function codesOf(report: Json): readonly Json[] {
  const checks = at(report, 'checks')
  if (!Array.isArray(checks)) return []
  return (checks as readonly Json[])
    .map((check) => at(check, 'code'))
    .filter((code) => code !== undefined)
}
