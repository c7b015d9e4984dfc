import type { Variables } from '../scripts/variables.ts'
import type { WorkerDescription } from '../scripts/worker-description.ts'

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
  /** The secret `SIGNING_KEYS` of the service. */
  readonly signingKeys: string
  /** The folder of its state. */
  readonly dataDir: string
  /** JSON in and out, outside the measurement. Throws unless the status is `expected`. */
  ask(call: Call, expected: number): Promise<unknown>
}

/** A server that the suite has started in a process of its own. */
export interface OwnServer {
  readonly origin: string
  readonly pid: number
}

export interface Scenario {
  /** Shown in the table: method and path as the HTTP contract writes them, and what is special. */
  readonly name: string
  /** The status of every answer; any other is counted as a failure, and one failure fails the run. */
  readonly status: number
  /** Who is asked, where it is not the service: a worker of `beside` by its name, or another server. */
  readonly at?: string | OwnServer
  /** Requests under way at a time, where it is not what the command line says. */
  readonly connections?: number
  /** Sets the stage and answers the source of calls. Called once; the source is asked per request. */
  prepare(stage: Stage): Promise<() => Call>
}

/** The scenario that every suite has: the bare route. */
export const BARE = 'bare JSON route (Hono, same process)'

/** How fast a scenario is meant to be: its requests per second as a multiple of another's, at least. */
export interface Floor {
  readonly scenario: string
  readonly against: string
  readonly atLeast: number
}

/** A worker that runs in the process of the service, on a port of its own: `bench/<name>-worker.ts`. */
export interface Beside {
  readonly name: string
  readonly durableObjects?: WorkerDescription['durableObjects']
}

/** What the command line may say to a suite. */
export interface SuiteOptions {
  /** Credentials in the issuer that is to be large. */
  readonly credentials: number
}

/** One file of bench/suites has a function that opens the suite as its default export. */
export type OpenSuite = (options: SuiteOptions) => Promise<Suite>

export interface Suite {
  readonly scenarios: readonly Scenario[]
  /** Configuration besides `PUBLIC_URL`, `ADMIN_TOKEN`, `SIGNING_KEYS`, and `RATE_LIMIT`, which is 0. */
  readonly variables: Variables
  readonly beside?: readonly Beside[]
  readonly floors?: readonly Floor[]
  /** Ends what the suite has started when it was opened. */
  close(): Promise<void>
}
