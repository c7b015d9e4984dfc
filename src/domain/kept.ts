import type { EpochSeconds } from './time.ts'

/** How long something is kept: from when it was asked for to its end. */
export interface Kept {
  readonly asked: EpochSeconds
  readonly expires: EpochSeconds
}

/** True while it may be given again; a clock that was set back lengthens nothing (row H19). */
export const holds = ({ asked, expires }: Kept, now: EpochSeconds): boolean =>
  asked <= now && now < expires
