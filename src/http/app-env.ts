import type { Ports } from '../ports/index.ts'

/** What middleware leaves for the routes behind it. */
export interface AppEnv {
  Variables: {
    requestId: string
    ports: Ports
    /** Headers that let pages of other origins read the answer; absent where none may. */
    readableBy?: Readonly<Record<string, string>>
  }
}
