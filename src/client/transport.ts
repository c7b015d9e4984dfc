import { isJsonObject, parsedJson, type Body, type Json, type JsonObject } from './json.ts'
import { platformFetch, type Fetch } from './platform.ts'
import { isServiceReason } from './reasons.ts'
import { TrustError, type Fault } from './trust-error.ts'

/** Where a service is, and as whom it is asked. */
export interface ServiceOptions {
  /** Its origin, the `PUBLIC_URL` of the deployment. https, or http on localhost. */
  readonly url: string
  /** Bearer token of the issuer, the verifier or the operator. Public calls need none. */
  readonly token?: string
  /** Instead of the platform's own. */
  readonly fetch?: Fetch
  /** How long a call may take; 10,000. */
  readonly timeoutMilliseconds?: number
}

/** A body that need not be held whole. */
export type Streamed = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Begins with a slash; identifiers in it are encoded already. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: Body
  /** Sent as it is; its media type must be named. */
  readonly raw?: { readonly content: Streamed; readonly mediaType: string }
  readonly accept?: string
  /** The same key and body again: the same answer again, and nothing happens twice. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** Calls one service. Throws `TrustError` where there is no answer that can be used. */
export interface Transport {
  /** The JSON of an answer below 300, or of one that `isAnswer` accepts whatever its status is. */
  json(call: Call, isAnswer?: (body: JsonObject) => boolean): Promise<Answer>
  /** The body of an answer below 300, to be read as it comes. */
  stream(call: Call): Promise<Response>
}

const TIMEOUT_MILLISECONDS = 10_000

export function createTransport(options: ServiceOptions): Transport {
  const origin = originOf(options)
  const json = async (call: Call, limit: AbortSignal | undefined) => {
    const response = await sent(origin, options, call, limit)
    return { response, body: await jsonOf(response, call, limit) }
  }
  return {
    async json(call, isAnswer) {
      // What is streamed takes as long as it takes.
      const limit =
        call.raw === undefined
          ? AbortSignal.timeout(options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS)
          : undefined
      const { response, body } = await json(call, limit)
      const answered = response.ok || (isJsonObject(body) && isAnswer?.(body) === true)
      if (!answered) throw refusalOf(response, body)
      return { status: response.status, headers: response.headers, body }
    },
    async stream(call) {
      const response = await sent(origin, options, call, undefined)
      if (!response.ok) throw refusalOf(response, await jsonOf(response, call, undefined))
      return response
    },
  }
}

/** Refuses what is no origin, and a token over plain http to another machine. */
function originOf({ url, token }: ServiceOptions): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const { protocol = '', hostname = '', origin = '' } = parsed ?? {}
  const bare = parsed !== undefined && `${origin}/` === parsed.href
  if (!bare || !['http:', 'https:'].includes(protocol)) throw new TrustError('url_invalid')
  const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  if (protocol === 'http:' && !local && token !== undefined) throw new TrustError('url_not_secure')
  return origin
}

async function sent(
  origin: string,
  { fetch = platformFetch, token }: ServiceOptions,
  call: Call,
  limit: AbortSignal | undefined,
): Promise<Response> {
  const signals = [call.signal, limit].filter((one) => one !== undefined)
  const content = call.body === undefined ? call.raw?.content : JSON.stringify(call.body)
  let response: Response
  try {
    response = await fetch(`${origin}${call.path}`, {
      method: call.method,
      headers: headersOf(token, call),
      redirect: 'manual',
      signal: AbortSignal.any(signals),
      ...(content === undefined ? {} : { body: content }),
      ...(content instanceof ReadableStream ? { duplex: 'half' } : {}),
    })
  } catch (cause) {
    throw failureOf(cause, call, limit)
  }
  if (isRedirect(response)) throw new TrustError('answer_redirected', { status: response.status })
  return response
}

const headersOf = (token: string | undefined, call: Call): Record<string, string> => ({
  Accept: call.accept ?? 'application/json',
  ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
  ...(call.raw === undefined ? {} : { 'Content-Type': call.raw.mediaType }),
  ...(call.idempotencyKey === undefined ? {} : { 'Idempotency-Key': call.idempotencyKey }),
})

/** A caller that aborts gets its own reason back; all else is about the service. */
function failureOf(cause: unknown, { signal }: Call, limit: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason
  const late = limit?.aborted === true
  return new TrustError(late ? 'service_timeout' : 'service_unreachable', { cause })
}

/** Browsers do not say where a redirect leads, and give it the status 0. */
const isRedirect = ({ status }: Response): boolean =>
  status === 0 || (status >= 300 && status < 400 && status !== 304)

async function jsonOf(
  response: Response,
  call: Call,
  limit: AbortSignal | undefined,
): Promise<Json> {
  const { status } = response
  if (status === 204) return null
  let text: string
  try {
    text = await response.text()
  } catch (cause) {
    throw failureOf(cause, call, limit)
  }
  const value = isJsonType(response.headers.get('Content-Type')) ? parsedJson(text) : undefined
  if (value === undefined) throw new TrustError('answer_not_json', { status })
  return value
}

const isJsonType = (mediaType: string | null): boolean =>
  /^application\/(?:[\w.-]+\+)?json\b/i.test(mediaType ?? '') ||
  /^application\/did(?:-\w+)*\b/i.test(mediaType ?? '')

/** A problem of the service (RFC 9457), or an answer that is not the service's. */
function refusalOf({ status, headers }: Response, body: Json): TrustError {
  const { code, title, detail, errors, requestId } = problemIn(body)
  const retryAfter = Number(headers.get('Retry-After') ?? Number.NaN)
  const known = {
    status,
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(Array.isArray(errors) ? { errors: errors.filter(isFault) } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  }
  if (typeof code !== 'string') return new TrustError('answer_unexpected', known)
  const named = typeof title === 'string' ? { title } : {}
  return isServiceReason(code)
    ? new TrustError(code, { ...known, ...named })
    : new TrustError('problem_not_known', { ...known, detail: `${code}: ${detailText(detail)}` })
}

/** Where a DID has no document, the problem is in the metadata of the resolution. */
function problemIn(body: Json): JsonObject {
  if (!isJsonObject(body)) return {}
  for (const member of ['didResolutionMetadata', 'dereferencingMetadata']) {
    const metadata = body[member]
    const error = isJsonObject(metadata) ? metadata['error'] : undefined
    if (isJsonObject(error)) return error
  }
  return body
}

const isFault = (value: unknown): value is Fault =>
  isJsonObject(value) && typeof value['pointer'] === 'string' && typeof value['detail'] === 'string'

const detailText = (detail: unknown): string => (typeof detail === 'string' ? detail : 'no detail')
