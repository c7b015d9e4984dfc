import { utf8 } from '../../src/domain/base64url.ts'
import { destinationOf } from '../../src/domain/destination.ts'
import { ok, refuse } from '../../src/domain/result.ts'
import { epochSeconds, type EpochSeconds } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { FetchRefusal, GuardedFetch, GuardedRequest } from '../../src/ports/guarded-fetch.ts'
import type { HostedDocuments } from '../../src/ports/hosted-documents.ts'

/** What a host answers: a value as JSON, bytes as they are, or why there is nothing. */
export type HostAnswer =
  | { readonly json: unknown; readonly mediaType?: string }
  | { readonly bytes: Uint8Array; readonly mediaType?: string }
  | { readonly refusal: FetchRefusal['reason'] }

export interface FakeFetch extends GuardedFetch {
  readonly requests: GuardedRequest[]
  /** What each URL answers from now on; a URL that is not there is not found. */
  readonly answers: Map<string, HostAnswer>
}

const NO_LOCAL_HOSTS: ReadonlySet<string> = new Set()

/**
 * A guarded fetch without a network: it judges destinations and media types and keeps the budget as the
 * real one does, counts, and answers by URL.
 */
export function fakeFetch(answers: Readonly<Record<string, HostAnswer>> = {}): FakeFetch {
  const known = new Map(Object.entries(answers))
  const requests: GuardedRequest[] = []
  return {
    requests,
    answers: known,
    async get(request) {
      const destination = destinationOf(request.url, NO_LOCAL_HOSTS)
      if (!destination.ok) return destination
      if (request.budget?.take() === false) return refuse({ reason: 'fetch_budget_spent' })
      requests.push(request)
      const answer = known.get(request.url) ?? { refusal: 'not_found' }
      if ('refusal' in answer) return refuse({ reason: answer.refusal })
      const bytes = 'bytes' in answer ? answer.bytes : utf8(JSON.stringify(answer.json))
      const mediaType = answer.mediaType ?? 'application/json'
      if (!request.mediaTypes.includes(mediaType))
        return refuse({ reason: 'media_type_not_accepted' })
      if (bytes.length > request.maxBytes) return refuse({ reason: 'body_too_large' })
      return ok({ bytes, mediaType })
    },
  }
}

/** A clock that stands still until it is set. */
export interface SetClock extends Clock {
  set(now: EpochSeconds): void
  pass(seconds: number): void
}

export function setClock(start: EpochSeconds): SetClock {
  let at = start
  return {
    now: () => at,
    set(now) {
      at = now
    },
    pass(seconds) {
      at = epochSeconds(at + seconds)
    },
  }
}

/** A deployment that hosts no DID. */
export const NOTHING_HOSTED: HostedDocuments = {
  hosts: () => false,
  documentOf: async () => undefined,
}

/** A budget of so many fetches. */
export function budgetOf(fetches: number): { take(): boolean } {
  let left = fetches
  return { take: () => left-- > 0 }
}
