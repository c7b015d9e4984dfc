import { MAX_FETCHES_PER_REQUEST } from '../domain/limits.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'

/** The budget of one request (row D24). `caller`: the stranger who makes it; undefined for who has a token. */
export function fetchBudget(caller: string | undefined): FetchBudget {
  let left = MAX_FETCHES_PER_REQUEST
  return {
    take: () => {
      if (left === 0) return false
      left--
      return true
    },
    ...(caller === undefined ? {} : { caller }),
  }
}
