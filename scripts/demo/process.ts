import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Json } from './http.ts'

/** Answers the JSON body of one path; what it throws becomes a 500 with the message. */
export type Handlers = Readonly<Record<string, (body: Json) => Promise<Json> | Json>>

/** Serves handlers (`METHOD /path`) on a free port of the loopback, tells the parent, ends with it. */
export async function serveHandlers(
  handlers: (origin: string) => Promise<Handlers>,
): Promise<void> {
  let routes: Handlers = {}
  const server = createServer((request, response) => {
    void (async () => {
      const handler = routes[`${request.method ?? ''} ${request.url ?? ''}`]
      const answer =
        handler === undefined ? { status: 404, body: null } : await answered(handler, request)
      const type =
        request.url?.endsWith('did.json') === true ? 'application/did+json' : 'application/json'
      response.writeHead(answer.status, { 'Content-Type': type }).end(JSON.stringify(answer.body))
    })()
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const origin = `http://localhost:${String((server.address() as AddressInfo).port)}`
  routes = await handlers(origin)
  process.on('disconnect', () => process.exit())
  process.send?.({ origin })
}

async function answered(
  handler: Handlers[string],
  request: IncomingMessage,
): Promise<{ readonly status: number; readonly body: Json }> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    return { status: 200, body: await handler(text === '' ? null : (JSON.parse(text) as Json)) }
  } catch (error) {
    return { status: 500, body: { error: error instanceof Error ? error.message : 'failed' } }
  }
}

/** Another company's process: a script of this folder, reachable over HTTP only. */
export async function startCompany(
  script: string,
): Promise<{ readonly origin: string; stop(): void }> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL(script, import.meta.url))],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  )
  const [message] = (await once(child, 'message')) as [{ readonly origin: string }]
  return { origin: message.origin, stop: () => child.kill() }
}
