import { MAX_RATE_CALLERS } from '../../domain/limits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RateLimiter } from '../../ports/rate-limiter.ts'
import { leastRecentlyUsed } from '../cache/least-recently-used.ts'

/**
 * Counts per caller and clock minute in the memory of the isolate (row H11). Plain workerd has one
 * isolate, so that the count is exact there; on Cloudflare each isolate counts for itself and the
 * zone's own rate limiting rules stand in front.
 */
export function isolateRateLimiter(perMinute: number, clock: Clock): RateLimiter {
  const callers = leastRecentlyUsed<{ minute: number; count: number }>(MAX_RATE_CALLERS)
  return {
    take(caller, requests) {
      const now = clock.now()
      const minute = Math.floor(now / 60)
      const known = callers.get(caller)
      const entry = known?.minute === minute ? known : { minute, count: 0 }
      const isOver = entry.count >= perMinute
      entry.count += requests
      callers.set(caller, entry)
      return isOver ? 60 - (now % 60) : 0
    },
  }
}
