import { FETCHES_OF_REQUEST_MILLISECONDS } from '../../domain/limits.ts'
import type { FetchBudget } from '../../ports/fetch-budget.ts'

/**
 * How many whole milliseconds of fetching are left to the request that owns a budget, from its first question on;
 * 0 when its time has passed, `undefined` for a fetch that is not counted (row D24).
 */
export function createRequestTime(): (budget: FetchBudget | undefined) => number | undefined {
  const ends = new WeakMap<FetchBudget, number>()
  return (budget) => {
    if (budget === undefined) return undefined
    const now = performance.now()
    const end = ends.get(budget) ?? now + FETCHES_OF_REQUEST_MILLISECONDS
    ends.set(budget, end)
    // Timers count whole milliseconds, and may be over a part of one before the clock says so.
    return Math.max(Math.floor(end - now), 0)
  }
}
