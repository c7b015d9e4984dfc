export interface RateLimiter {
  /** Counts one request of `caller`; says how many seconds to wait, 0 for "go on". */
  take(caller: string): number
}
