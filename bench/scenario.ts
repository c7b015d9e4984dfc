import type { Variables } from '../scripts/variables.ts'

/** One request, ready to be sent. */
export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The service under load. */
export interface Stage {
  readonly url: string
  readonly adminToken: string
  /** JSON in and out, outside the measurement. Throws unless the status is `expected`. */
  ask(call: Call, expected: number): Promise<unknown>
}

export interface Scenario {
  /** Shown in the table: method and path as the HTTP contract writes them, and what is special. */
  readonly name: string
  /** The status of every answer; any other is counted as a failure, and one failure fails the run. */
  readonly status: number
  /** Sets the stage and answers the source of calls. Called once; the source is asked per request. */
  prepare(stage: Stage): Promise<() => Call>
}

/** One file of bench/suites has a function that opens the suite as its default export. */
export type OpenSuite = () => Promise<Suite>

export interface Suite {
  readonly scenarios: readonly Scenario[]
  /** Configuration besides `PUBLIC_URL`, `ADMIN_TOKEN`, `SIGNING_KEYS`, and `RATE_LIMIT`, which is 0. */
  readonly variables: Variables
  /** Ends what the suite has started when it was opened. */
  close(): Promise<void>
}
