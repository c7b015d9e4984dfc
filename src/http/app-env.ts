import type { Ports } from '../ports/index.ts'

/** What middleware leaves for the routes behind it. */
export interface AppEnv {
  Variables: {
    requestId: string
    ports: Ports
    /** Whom a request to a public endpoint is counted against. */
    caller: string
    /** Headers of every answer to this request; absent where there are no more than usual. */
    standingHeaders?: Headers | undefined
  }
}
