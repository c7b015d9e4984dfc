import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

type Behaviour = (response: ServerResponse, request: IncomingMessage) => void

const JSON_TYPE = { 'Content-Type': 'application/json' }
const MEBIBYTE = Buffer.alloc(1024 * 1024, 0x20)
const answer =
  (body: string | Buffer, headers: Record<string, string> = JSON_TYPE, status = 200): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end(body)
  }
const redirect =
  (status: number, location: string): Behaviour =>
  (response) => {
    response.writeHead(status, { Location: location }).end()
  }

/** Writes blocks as long as somebody takes them. */
function pour(response: ServerResponse, blocks: number): void {
  let left = blocks
  const more = (): void => {
    while (left-- > 0) if (!response.write(MEBIBYTE)) return void response.once('drain', more)
    response.end()
  }
  more()
}

/** Writes one byte a second as long as somebody listens. */
function drip(write: () => void, response: ServerResponse): void {
  const timer = setInterval(write, 1_000)
  response.on('close', () => {
    clearInterval(timer)
  })
}

/** What hostile and broken hosts do, by the last segment of the DID. `canary` is where nobody may come. */
export const behaviours = (canary: number): Readonly<Record<string, Behaviour>> => ({
  silent: () => undefined,
  'headers-drip': (response) => {
    const { socket } = response
    socket?.write('HTTP/1.1 200 OK\r\nX-Slow: ')
    drip(() => socket?.write('a'), response)
  },
  'body-silent': (response) => {
    response.writeHead(200, JSON_TYPE).flushHeaders()
  },
  'body-drip': (response) => {
    response.writeHead(200, JSON_TYPE).write('{')
    drip(() => response.write(' '), response)
  },
  endless: (response) => {
    response.writeHead(200, JSON_TYPE)
    pour(response, Infinity)
  },
  'two-hundred-mebibytes': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'Content-Length': String(200 * 1024 * 1024) })
    pour(response, 200)
  },
  'gzip-bomb': answer(gzipSync(Buffer.alloc(150 * 1024 * 1024)), {
    ...JSON_TYPE,
    'Content-Encoding': 'gzip',
  }),
  'length-too-large': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'Content-Length': '60000' }).write('{}')
    response.socket?.end()
  },
  'length-too-small': answer('{"id":"x"}', { ...JSON_TYPE, 'Content-Length': '3' }),
  reset: (response) => {
    response.socket?.resetAndDestroy()
  },
  'hangs-up': (response) => {
    response.socket?.end()
  },
  'no-http': (response) => {
    response.socket?.end('SSH-2.0-OpenSSH_9.9\r\n')
  },
  'huge-headers': answer('{}', { ...JSON_TYPE, 'X-Filler': 'a'.repeat(200_000) }),
  'redirect-loop': (response, request) => {
    response.writeHead(302, { Location: request.url ?? '' }).end()
  },
  'redirect-301': redirect(301, `http://127.0.0.1:${String(canary)}/did.json`),
  'redirect-302': redirect(302, `http://localhost:${String(canary)}/did.json`),
  'redirect-307': redirect(307, `http://[::1]:${String(canary)}/did.json`),
  'redirect-308': redirect(308, 'https://client.example/.well-known/did.json'),
  'refresh-header': answer('{}', {
    'Content-Type': 'text/html',
    Refresh: `0;url=http://127.0.0.1:${String(canary)}/`,
  }),
  html: answer('<!doctype html>', { 'Content-Type': 'text/html' }),
  image: answer(Buffer.alloc(10), { 'Content-Type': 'image/png' }),
  'no-type': answer('{}', {}),
  'no-content': answer('', {}, 204),
  partial: answer('{}', JSON_TYPE, 206),
  null: answer('null'),
  list: answer('[]'),
  text: answer('"x"'),
  empty: answer(''),
  truncated: answer('{"id":"did:web:localhost'),
  utf8: answer(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  twice: answer('{"id":"a","id":"b"}'),
  nested: answer('['.repeat(60_000)),
  'wrong-id': answer('{"id":"did:web:client.example"}'),
  'not-found': answer('{}', JSON_TYPE, 404),
  gone: answer('{}', JSON_TYPE, 410),
  forbidden: answer('{}', JSON_TYPE, 403),
  error: answer('{"detail":"secret of the host"}', JSON_TYPE, 500),
})

export interface HostileHost {
  readonly port: number
  readonly requests: readonly string[]
  readonly close: () => Promise<void>
}

/**
 * Listens on loopback and behaves as the path says: `/{behaviour}/did.json`. `/sound/did.json` is a
 * good document of the DID that leads there.
 */
export async function startHostileHost(canary: number): Promise<HostileHost> {
  const known = behaviours(canary)
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    const [, name = ''] = (request.url ?? '').split('/')
    requests.push(name)
    const port = String((server.address() as AddressInfo).port)
    const sound = answer(JSON.stringify({ id: `did:web:localhost%3A${port}:sound` }))
    ;(known[name] ?? sound)(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
