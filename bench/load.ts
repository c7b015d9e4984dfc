import { Agent, request } from 'node:http'
import type { Call } from './scenario.ts'

export interface LoadOptions {
  readonly origin: string
  readonly next: () => Call
  readonly status: number
  readonly connections: number
  readonly milliseconds: number
}

export interface Load {
  /** Milliseconds from the request to the last byte of its answer, one for each answer. */
  readonly latencies: readonly number[]
  /** Answers with another status than expected, and requests without an answer. */
  readonly failures: number
  readonly seconds: number
}

/** Keeps `connections` requests under way, each connection open throughout, until the time is over. */
export async function applyLoad(options: LoadOptions): Promise<Load> {
  const { connections, milliseconds } = options
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  let failures = 0
  const begin = performance.now()
  const end = begin + milliseconds
  const oneConnection = async (): Promise<void> => {
    for (let sent = performance.now(); sent < end; sent = performance.now()) {
      const status = await statusOf(agent, options)
      latencies.push(performance.now() - sent)
      if (status !== options.status) failures++
    }
  }
  await Promise.all(Array.from({ length: connections }, oneConnection))
  const seconds = (performance.now() - begin) / 1000
  agent.destroy()
  return { latencies, failures, seconds }
}

/** The status of one answer, read to its end; 0 when there was none. */
function statusOf(agent: Agent, { origin, next }: LoadOptions): Promise<number> {
  const { method, path, headers, body } = next()
  return new Promise((resolve) => {
    const sent = request(`${origin}${path}`, { agent, method, headers }, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer.statusCode ?? 0)
      })
    })
    sent.once('error', () => {
      resolve(0)
    })
    sent.end(body)
  })
}
