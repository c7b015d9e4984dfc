import type { Did } from '../../domain/did/did.ts'
import { holds } from '../../domain/kept.ts'
import { DID_HOST_FAILURE_CACHE_SECONDS, DID_NEGATIVE_CACHE_SECONDS } from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { later, type EpochSeconds } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DidResolver, ResolutionRefusal, ResolvedDid } from '../../ports/did-resolver.ts'
import type { FetchBudget } from '../../ports/fetch-budget.ts'
import { createDocumentStore, type KeptDocument } from './document-store.ts'

type Resolution = Result<ResolvedDid, ResolutionRefusal>

export interface CachePolicy {
  /** How long a document may be answered again without asking. */
  readonly timeToLiveSeconds: (did: Did) => number
  /** Between two forced refreshes; 0 where asking again troubles nobody else. */
  readonly coolDownSeconds: (did: Did) => number
}

/**
 * Answers from memory what was resolved before (rows D23, D25). Kept are documents that passed every
 * check, and for seconds only the news that there is none; by the bare DID, bounded in number and
 * size. Nothing is answered past its time, also while its host is away. `fresh` asks again even so, once per DID and cool-down; `noCache` asks each time, and answers
 * what the source said. Calls that share a budget, and so belong to one request, share one resolution.
 * NOTE: across requests values are shared, never promises: Workers forbid to await what another
 * request started. Simultaneous first requests each ask once; the budgets bound that.
 */
export function createCachedResolver(
  inner: DidResolver,
  clock: Clock,
  policy: CachePolicy,
): DidResolver {
  const documents = createDocumentStore()
  const flights = new WeakMap<FetchBudget, Map<Did, Promise<Resolution>>>()

  return {
    async resolve(did, options = {}) {
      if (options.noCache === true) return ask(did, options.budget)
      const now = clock.now()
      const known = fromMemory(did, now, options.fresh === true)
      if (known !== undefined) return known
      const answer = await singleFlight(did, options.budget)
      if (answer.ok || !isOutage(answer.refusal)) return answer
      // A refresh in vain: what is kept counts to its end.
      const document = documents.document(did)
      return document !== undefined && holds(document, clock.now()) ? ok(document.resolved) : answer
    },
  }

  function fromMemory(did: Did, now: EpochSeconds, fresh: boolean): Resolution | undefined {
    const document = keptDocument(did, now)
    const mayAskAgain = fresh && now >= later(document?.asked ?? now, policy.coolDownSeconds(did))
    if (document !== undefined && holds(document, now))
      return mayAskAgain ? undefined : ok(document.resolved)
    const refusal = documents.refusal(did)
    return refusal !== undefined && holds(refusal, now) ? refuse(refusal.refusal) : undefined
  }

  /** A document of the future shows that the clock was set back: how old it is nobody knows (row H19). */
  function keptDocument(did: Did, now: EpochSeconds): KeptDocument | undefined {
    const document = documents.document(did)
    if (document === undefined || document.asked <= now) return document
    documents.dropDocument(did)
    return undefined
  }

  async function singleFlight(did: Did, budget: FetchBudget | undefined): Promise<Resolution> {
    if (budget === undefined) return ask(did, budget)
    const ofThisRequest = flights.get(budget) ?? new Map<Did, Promise<Resolution>>()
    flights.set(budget, ofThisRequest)
    const underWay = ofThisRequest.get(did) ?? ask(did, budget)
    ofThisRequest.set(did, underWay)
    try {
      return await underWay
    } finally {
      ofThisRequest.delete(did)
    }
  }

  async function ask(did: Did, budget: FetchBudget | undefined): Promise<Resolution> {
    const answer = await inner.resolve(did, budget === undefined ? {} : { budget })
    const now = clock.now()
    if (answer.ok) {
      const expires = later(now, policy.timeToLiveSeconds(did))
      documents.keepDocument(did, { resolved: answer.value, asked: now, expires })
      return answer
    }
    const { refusal } = answer
    const seconds = secondsToKeep(refusal)
    if (seconds > 0)
      documents.keepRefusal(did, { refusal, asked: now, expires: later(now, seconds) })
    if (isOutage(refusal)) documents.markAsked(did, now)
    else if (seconds > 0) documents.dropDocument(did)
    return answer
  }
}

/** The host is away; what it last said may still be true. */
const isOutage = ({ reason }: ResolutionRefusal): boolean =>
  reason === 'did_host_failed' || reason === 'did_host_timeout'

/** 0 for what costs nothing to find out again, or is about the request and not about the DID. */
function secondsToKeep({ reason }: ResolutionRefusal): number {
  switch (reason) {
    case 'did_not_found':
    case 'did_deactivated':
    case 'did_document_invalid':
    case 'redirect_not_followed':
      return DID_NEGATIVE_CACHE_SECONDS
    case 'did_host_failed':
    case 'did_host_timeout':
      return DID_HOST_FAILURE_CACHE_SECONDS
    case 'did_invalid':
    case 'did_method_not_supported':
    case 'key_type_not_supported':
    case 'destination_not_allowed':
    case 'fetch_budget_spent':
      return 0
  }
}
