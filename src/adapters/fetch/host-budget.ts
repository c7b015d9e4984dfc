import {
  MAX_COUNTED_HOSTS,
  MAX_FETCHES_PER_CALLER_HOST_AND_MINUTE,
  MAX_FETCHES_PER_HOST_AND_MINUTE,
} from '../../domain/limits.ts'
import type { Clock } from '../../ports/clock.ts'
import { leastRecentlyUsed } from '../cache/least-recently-used.ts'

interface Count {
  readonly minute: number
  count: number
}

/**
 * Counts fetches per host and clock minute in the memory of the isolate, so that strangers cannot
 * turn this service into a hammer for a third party's host, and per caller and host, so that one of
 * them cannot use up what all share (row D23). Answers false when the host has been asked often enough.
 */
export function createHostBudget(clock: Clock): (host: string, caller?: string) => boolean {
  const hosts = leastRecentlyUsed<Count>(MAX_COUNTED_HOSTS)
  const shares = leastRecentlyUsed<Count>(MAX_COUNTED_HOSTS)

  return (host, caller) => {
    const minute = Math.floor(clock.now() / 60)
    if (caller !== undefined) {
      const share = countOf(shares, `${caller} ${host}`, minute)
      if (share.count >= MAX_FETCHES_PER_CALLER_HOST_AND_MINUTE) return false
      share.count++
    }
    const all = countOf(hosts, host, minute)
    all.count++
    return all.count <= MAX_FETCHES_PER_HOST_AND_MINUTE
  }
}

function countOf(
  counts: ReturnType<typeof leastRecentlyUsed<Count>>,
  name: string,
  minute: number,
): Count {
  const known = counts.get(name)
  if (known?.minute === minute) return known
  const fresh = { minute, count: 0 }
  counts.set(name, fresh)
  return fresh
}
