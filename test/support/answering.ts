import type { Fetch } from '../../src/client/platform.ts'

/** What was asked, as a service would read it. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: unknown
}

type Reply = () => Response | Promise<Response>

/** A fetch that answers with one reply after the other, the last one again and again, and remembers. */
export function answering(...replies: readonly [Reply, ...Reply[]]): {
  readonly fetch: Fetch
  readonly asked: readonly Asked[]
} {
  const asked: Asked[] = []
  const fetch: Fetch = async (url, init) => {
    const { method = '', headers, body } = init
    const read: unknown = typeof body === 'string' ? JSON.parse(body) : body
    asked.push({ method, url, headers: new Headers(headers ?? {}), body: read })
    const reply = replies[Math.min(asked.length, replies.length) - 1] ?? replies[0]
    return reply()
  }
  return { fetch, asked }
}

/** A JSON answer. */
export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply =>
  () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
    })

/** A problem of the service (RFC 9457). */
export const problem = (
  code: string,
  status: number,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Reply =>
  json({ type: 'about:blank', title: `Title of ${code}`, status, code, ...more }, status, {
    'Content-Type': 'application/problem+json',
    ...headers,
  })
