/**
 * Why a list says nothing about a credential, and what follows (rows S1–S11): a list that is somebody
 * else's is held against the credential, one that cannot be had or read leaves the question open.
 */
export const STATUS_LIST_REFUSALS = {
  fetch_budget_spent: 'indeterminate',
  destination_not_allowed: 'indeterminate',
  /** Nobody vouches for the issuer, and the list is not at its own host (row V14). */
  status_list_not_fetched: 'indeterminate',
  status_list_unavailable: 'indeterminate',
  status_list_too_large: 'indeterminate',
  status_list_too_short: 'indeterminate',
  status_list_invalid: 'indeterminate',
  status_list_expired: 'indeterminate',
  status_list_rolled_back: 'indeterminate',
  status_list_not_authentic: 'fail',
  status_list_mismatch: 'fail',
  status_issuer_mismatch: 'fail',
} as const satisfies Readonly<Record<string, 'fail' | 'indeterminate'>>

export interface StatusListRefusal {
  readonly reason: keyof typeof STATUS_LIST_REFUSALS
  /** A fixed word of ours for what is wrong, never text of the host (row D26). */
  readonly fault?: string
}

/** The list is away or was not signed anew in time; its last good copy may still be true. */
export const isOutage = ({ reason }: StatusListRefusal): boolean =>
  reason === 'status_list_unavailable' || reason === 'status_list_expired'

/** True when it says something about the list, and not about the request that asked. */
export const isAboutList = ({ reason }: StatusListRefusal): boolean =>
  reason !== 'fetch_budget_spent' &&
  reason !== 'destination_not_allowed' &&
  reason !== 'status_list_not_fetched'
