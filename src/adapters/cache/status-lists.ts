import { MAX_CACHED_ENTRIES, MAX_CACHED_STATUS_LIST_BYTES } from '../../domain/limits.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type {
  KeptStatusList,
  KeptStatusListRefusal,
  StatusListCache,
} from '../../ports/status-list-cache.ts'
import type { SeenStatusLists } from '../../ports/seen-status-lists.ts'
import { leastRecentlyUsedByWeight, leastRecentlyUsed } from './least-recently-used.ts'

/** Weighed beside its entries, so that a small list is not free of charge. */
const LIST_OVERHEAD_BYTES = 512

/**
 * Keeps lists apart from refusals, so that a flood of the one cannot push out the other. The time of the
 * newest list is in `seen`; what is kept of it here decides between simultaneous requests.
 */
export function createStatusListCache(seen: SeenStatusLists): StatusListCache {
  const lists = leastRecentlyUsedByWeight(
    { entries: MAX_CACHED_ENTRIES, weight: MAX_CACHED_STATUS_LIST_BYTES },
    ({ list }: KeptStatusList) => list.bytes.length + LIST_OVERHEAD_BYTES,
  )
  const refusals = leastRecentlyUsed<KeptStatusListRefusal>(MAX_CACHED_ENTRIES)
  const newest = leastRecentlyUsed<EpochSeconds>(MAX_CACHED_ENTRIES)
  return {
    list: (key) => lists.get(key),
    keepList(key, kept) {
      lists.set(key, kept)
      refusals.delete(key)
    },
    refusal: (key) => refusals.get(key),
    keepRefusal(key, kept) {
      refusals.set(key, kept)
    },
    async newest(key, signedAt) {
      note(key, signedAt)
      const stored = await seen.newest(key, signedAt)
      // Meanwhile a newer one may have come.
      return note(key, stored)
    },
  }

  function note(key: string, signedAt: EpochSeconds | undefined): EpochSeconds | undefined {
    const before = newest.get(key)
    if (signedAt === undefined || (before !== undefined && before >= signedAt)) return before
    newest.set(key, signedAt)
    return signedAt
  }
}
