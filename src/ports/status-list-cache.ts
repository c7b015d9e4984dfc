import type { StatusListRefusal } from '../domain/status-list/status-list-refusal.ts'
import type { UnpackedList } from '../domain/status-list/unpacked-list.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { SeenStatusLists } from './seen-status-lists.ts'

/** A list of another deployment that was verified. */
export interface KeptStatusList {
  readonly list: UnpackedList
  /** When its host was last asked, whatever came of it. */
  readonly asked: EpochSeconds
  /** From then on it is asked for again; what it says afterwards is a matter of grace. */
  readonly expires: EpochSeconds
}

/** Why there is no list, for a short time. */
export interface KeptStatusListRefusal {
  readonly refusal: StatusListRefusal
  readonly asked: EpochSeconds
  readonly expires: EpochSeconds
}

/**
 * What this isolate remembers of status lists, as long as there is room, by all that a list was asked
 * for with. It judges nothing: whether a copy still counts is its reader's to say. The signature of a
 * list is verified before it is kept, and not again.
 */
export interface StatusListCache {
  list(key: string): KeptStatusList | undefined
  keepList(key: string, kept: KeptStatusList): void
  refusal(key: string): KeptStatusListRefusal | undefined
  keepRefusal(key: string, kept: KeptStatusListRefusal): void
  /** As `SeenStatusLists.newest`: of simultaneous calls, each one that is not about the newest hears of that. */
  newest: SeenStatusLists['newest']
}
