import type { Context } from 'hono'
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../app-env.ts'

type OwnHeaders = Readonly<Record<string, string>>

/** The headers that every answer has, besides its `X-Request-Id`. */
export const STANDING_HEADERS = { 'X-Content-Type-Options': 'nosniff' } as const

/**
 * The answer to a request: `headers`, with those that every answer has, and those that middleware
 * has laid down for this one.
 * NOTE: every answer is made here, whole. Hono copies one to which middleware adds a header later, body
 * and all, which costs more than the rest of a small answer. And copying finished headers takes half
 * as long as reading as many members of an object.
 */
export function respond(
  c: Context<AppEnv>,
  body: string | ReadableStream<Uint8Array>,
  status: ContentfulStatusCode,
  headers: OwnHeaders,
): Response
export function respond(
  c: Context<AppEnv>,
  body: null,
  status: StatusCode,
  headers: OwnHeaders,
): Response
export function respond(
  c: Context<AppEnv>,
  body: string | ReadableStream<Uint8Array> | null,
  status: StatusCode,
  headers: OwnHeaders,
): Response {
  const laidDown = c.get('standingHeaders')
  const response = new Response(body, { status, headers: laidDown ?? finished(headers) })
  response.headers.set('X-Request-Id', c.get('requestId'))
  if (laidDown !== undefined)
    for (const name in headers) response.headers.set(name, headers[name] ?? '')
  return response
}

/** By the object, so that headers which are the same object each time are read once. */
const read = new WeakMap<OwnHeaders, Headers>()

function finished(headers: OwnHeaders): Headers {
  const known = read.get(headers)
  if (known !== undefined) return known
  const all = new Headers(STANDING_HEADERS)
  for (const name in headers) all.set(name, headers[name] ?? '')
  read.set(headers, all)
  return all
}
