/** Counts down the outbound fetches of one request (row D24). */
export interface FetchBudget {
  /** Takes one; false when none is left. */
  take(): boolean
  /** The stranger on whose behalf it is spent, who has a share of each host's budget only (row D23). */
  readonly caller?: string
}
