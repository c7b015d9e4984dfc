import type { EpochSeconds } from '../domain/time.ts'

/** What must not be forgotten of status lists of others, by any isolate or restart (row S8). */
export interface SeenStatusLists {
  /**
   * Notes that a list signed at `signedAt` was seen under `key`, and answers when the newest of all that
   * were ever seen there was signed, this one included; `undefined`: none said so, this one neither.
   * Remembered for `SEEN_STATUS_LIST_SECONDS` from the last time on. Throws when the store cannot answer.
   */
  newest(key: string, signedAt: EpochSeconds | undefined): Promise<EpochSeconds | undefined>
}
