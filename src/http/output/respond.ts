import type { Context } from 'hono'
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status'
import type { AppEnv } from '../app-env.ts'

type Headers = Readonly<Record<string, string>>

/**
 * The answer to a request: `headers`, with those that every answer has, and those that say who may
 * read it from another origin.
 * NOTE: every answer is made here, whole. A header that is added to a finished answer makes the
 * platform copy it, body and all, which costs more than the rest of a small one.
 */
export function respond(
  c: Context<AppEnv>,
  body: string | ReadableStream<Uint8Array>,
  status: ContentfulStatusCode,
  headers: Headers,
): Response
export function respond(
  c: Context<AppEnv>,
  body: null,
  status: StatusCode,
  headers: Headers,
): Response
export function respond(
  c: Context<AppEnv>,
  body: string | ReadableStream<Uint8Array> | null,
  status: StatusCode,
  headers: Headers,
): Response {
  return new Response(body, {
    status,
    headers: {
      'X-Request-Id': c.get('requestId'),
      'X-Content-Type-Options': 'nosniff',
      ...c.get('readableBy'),
      ...headers,
    },
  })
}
