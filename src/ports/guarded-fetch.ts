import type { Result } from '../domain/result.ts'
import type { FetchBudget } from './fetch-budget.ts'

export interface GuardedRequest {
  /** Of somebody else's; judged before anything is sent. */
  readonly url: string
  /** Media types of which the answer must have one, in lower case, the most wanted first. */
  readonly mediaTypes: readonly string[]
  /** Largest body, in bytes, counted after any content coding is undone. */
  readonly maxBytes: number
  /** Outbound fetches left to the request that this is done for; `undefined`: not counted. */
  readonly budget: FetchBudget | undefined
}

export interface FetchedBody {
  readonly bytes: Uint8Array
  /** One of `mediaTypes`, without parameters. */
  readonly mediaType: string
}

export interface FetchRefusal {
  readonly reason:
    | 'destination_not_allowed'
    /** The budget or the time of the request, or the budget of the host for this minute, is used up. */
    | 'fetch_budget_spent'
    | 'redirect_not_followed'
    /** 404 or 410. */
    | 'not_found'
    /** No connection, no valid certificate, or a status that says neither yes nor no such thing. */
    | 'host_failed'
    | 'host_timeout'
    /** A success other than 200: an empty or partial answer. */
    | 'body_incomplete'
    | 'media_type_not_accepted'
    | 'body_too_large'
}

export interface GuardedFetch {
  /**
   * GETs `url` once, without credentials, and answers with the body of a 200 of an accepted media
   * type. Nothing is sent to a destination that is not allowed; redirects are not followed; headers
   * and body must be there within the limits of time and size. No text of the host is in a refusal.
   */
  get(request: GuardedRequest): Promise<Result<FetchedBody, FetchRefusal>>
}
