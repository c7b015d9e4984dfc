import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import type { AppEnv } from '../app-env.ts'
import { rendered, type CACHE } from './rendered.ts'
import { respond } from './respond.ts'

/** The answer to a call that changes something, or that depends on who asks: kept by nobody. */
export function answer(
  c: Context<AppEnv>,
  body: unknown,
  status: ContentfulStatusCode = 200,
  headers?: Readonly<Record<string, string>>,
): Response {
  const response = respond(c, JSON.stringify(body), status, JSON_FOR_NOBODY)
  for (const name in headers) response.headers.set(name, headers[name] ?? '')
  return response
}

const JSON_FOR_NOBODY = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
} as const

/** The answer to a GET whose tag is made from its body. */
export function document(
  c: Context<AppEnv>,
  body: string,
  { cache, contentType }: { readonly cache: keyof typeof CACHE; readonly contentType: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  const etag = `"${encodeBase64url(c.var.ports.digest.sha256(utf8(body)).subarray(0, 16))}"`
  return rendered(c, { body, contentType, etag }, cache, headers)
}

/** A GET answer in JSON that only its owner may see. */
export const ownJson = (c: Context<AppEnv>, body: unknown): Response =>
  document(c, JSON.stringify(body), { cache: 'private', contentType: 'application/json' })
