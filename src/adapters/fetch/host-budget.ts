import { MAX_COUNTED_HOSTS, MAX_FETCHES_PER_HOST_AND_MINUTE } from '../../domain/limits.ts'
import type { Clock } from '../../ports/clock.ts'

/**
 * Counts fetches per host and clock minute in the memory of the isolate, so that strangers cannot
 * turn this service into a hammer for a third party's host (row D23). Answers false when the host has
 * been asked often enough.
 */
export function createHostBudget(clock: Clock): (host: string) => boolean {
  const hosts = new Map<string, { readonly minute: number; count: number }>()
  return (host) => {
    const minute = Math.floor(clock.now() / 60)
    const known = hosts.get(host)
    const entry = known?.minute === minute ? known : { minute, count: 0 }
    entry.count++
    hosts.delete(host)
    hosts.set(host, entry)
    const [oldest] = hosts.keys()
    if (hosts.size > MAX_COUNTED_HOSTS && oldest !== undefined) hosts.delete(oldest)
    return entry.count <= MAX_FETCHES_PER_HOST_AND_MINUTE
  }
}
