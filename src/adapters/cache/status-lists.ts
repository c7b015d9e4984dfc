import { MAX_CACHED_ENTRIES, MAX_CACHED_STATUS_LIST_BYTES } from '../../domain/limits.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type {
  KeptStatusList,
  KeptStatusListRefusal,
  StatusListCache,
} from '../../ports/status-list-cache.ts'
import { leastRecentlyUsedByWeight, leastRecentlyUsed } from './least-recently-used.ts'

/** Weighed beside its entries, so that a small list is not free of charge. */
const LIST_OVERHEAD_BYTES = 512

/**
 * Keeps lists apart from refusals, so that a flood of the one cannot push out the other, and the time
 * of the newest list apart from the list, which may be pushed out for its weight.
 */
export function createStatusListCache(): StatusListCache {
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
    newest: (key) => newest.get(key),
    keepNewest(key, signedAt) {
      newest.set(key, signedAt)
    },
  }
}
