import type { EpochSeconds } from '../domain/time.ts'

export interface Clock {
  /**
   * Whole seconds. Read it once per request and pass it down: on deployed Workers it stands still
   * between I/O (row H19), so it times nothing.
   */
  now(): EpochSeconds
}
