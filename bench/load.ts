import { openConnection, type Connection } from './connection.ts'
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
  const { origin, next, status: expected } = options
  const latencies: number[] = []
  let failures = 0
  const begin = performance.now()
  const end = begin + options.milliseconds
  const oneAfterAnother = async (connection: Connection): Promise<void> => {
    for (let sent = performance.now(); sent < end; sent = performance.now()) {
      const status = await connection.ask(next())
      latencies.push(performance.now() - sent)
      if (status === expected) continue
      failures++
      // Nothing more comes over a connection that ended; to go on would only count the same again.
      if (status === 0) return
    }
  }
  const connections = Array.from({ length: options.connections }, () => openConnection(origin))
  await Promise.all(connections.map(oneAfterAnother))
  const seconds = (performance.now() - begin) / 1000
  for (const connection of connections) connection.close()
  return { latencies, failures, seconds }
}
