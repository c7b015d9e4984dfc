import { connect } from 'node:net'
import type { Call } from './scenario.ts'

/** One HTTP/1.1 connection that is kept alive, with one request under way at a time. */
export interface Connection {
  /** The status of the answer, once its last byte is there; 0 when the connection ends first. */
  ask(call: Call): Promise<number>
  close(): void
}

/**
 * NOTE: a reader of status and length on a bare socket. The generator runs on the cores of what it
 * measures, and a whole HTTP client costs as much for each answer as the answer itself.
 */
export function openConnection(origin: string): Connection {
  const { host, hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let received: Buffer | undefined
  let answered: ((status: number) => void) | undefined
  let ended = false

  const settle = (status: number): void => {
    const resolve = answered
    answered = received = undefined
    resolve?.(status)
  }
  socket.on('data', (bytes) => {
    received = received === undefined ? bytes : Buffer.concat([received, bytes])
    const status = statusWhenWhole(received)
    if (status !== undefined) settle(status)
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    ended = true
    settle(0)
  })
  return {
    ask: (call) =>
      new Promise((resolve) => {
        if (ended) {
          resolve(0)
          return
        }
        answered = resolve
        socket.write(requestText(host, call))
      }),
    close: () => socket.destroy(),
  }
}

function requestText(host: string, { method, path, headers, body }: Call): string {
  let text = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`
  for (const name in headers) text += `${name}: ${headers[name] ?? ''}\r\n`
  return body === undefined
    ? `${text}\r\n`
    : `${text}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/** The status of an answer that is there to its last byte; `undefined` while more is to come. */
function statusWhenWhole(received: Buffer): number | undefined {
  const head = received.indexOf(HEAD_END)
  if (head === -1) return undefined
  const lines = received.toString('latin1', 0, head)
  const status = Number(lines.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
  if (status === 204 || status === 304) return status
  const length = /\r\ncontent-length: *(\d+)/i.exec(lines)?.[1]
  const whole =
    length === undefined
      ? received.subarray(-LAST_CHUNK.length).toString('latin1') === LAST_CHUNK
      : received.length >= head + HEAD_END.length + Number(length)
  return whole ? status : undefined
}
