export interface RateLimiter {
  /**
   * Counts `requests` of `caller`: one, or as many as something costs. Says how many seconds to wait, once
   * as many as may be were counted before; 0 for "go on".
   */
  take(caller: string, requests: number): number
}
