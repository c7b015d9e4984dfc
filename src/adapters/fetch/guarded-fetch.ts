import { destinationOf, type Destination } from '../../domain/destination.ts'
import { FETCH_HEADERS_MILLISECONDS, FETCH_TOTAL_MILLISECONDS } from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  FetchedBody,
  FetchRefusal,
  GuardedFetch,
  GuardedRequest,
} from '../../ports/guarded-fetch.ts'
import { OUT_OF_TIME, startDeadline, TOO_LATE, type Deadline } from './deadline.ts'
import { createHostBudget } from './host-budget.ts'
import { readBody } from './read-body.ts'
import { createRequestTime } from './request-time.ts'

/** What we use of the platform's `fetch`. */
export type PlatformFetch = (url: string, init: RequestInit) => Promise<Response>

export interface GuardedFetchOptions {
  readonly fetch: PlatformFetch
  /** Development hosts, `host:port`, each with its own way out; they alone are asked over plain http. */
  readonly localHosts: ReadonlyMap<string, { readonly fetch: PlatformFetch }>
  readonly clock: Clock
}

const USER_AGENT = 'lso-trust'

/**
 * The only outbound fetch of the house, so that every call has every limit (rows D8–D12, D26, S11).
 * NOTE: `redirect: 'manual'`, because workerd throws on `'error'`; a 3xx is refused here.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { fetch, localHosts, clock } = options
  const localNames: ReadonlySet<string> = new Set(localHosts.keys())
  const hostMayBeAsked = createHostBudget(clock)
  const timeLeft = createRequestTime()

  return {
    async get(request) {
      const destination = destinationOf(request.url, localNames)
      if (!destination.ok) return destination
      const send = wayOut(destination.value)
      const left = timeLeft(request.budget)
      if (left === 0 || !mayBeSent(destination.value, request))
        return refuse({ reason: 'fetch_budget_spent' })
      const deadline = startDeadline({
        headers: FETCH_HEADERS_MILLISECONDS,
        total: FETCH_TOTAL_MILLISECONDS,
        request: left,
      })
      try {
        return await exchange(send, destination.value.url, request, deadline)
      } finally {
        deadline.end()
      }
    },
  }

  function wayOut({ localHost }: Destination): PlatformFetch {
    const local = localHost === undefined ? undefined : localHosts.get(localHost)
    return local === undefined ? fetch : (url, init) => local.fetch(url, init)
  }

  function mayBeSent({ host, localHost }: Destination, { budget }: GuardedRequest): boolean {
    return (
      (budget?.take() ?? true) && (localHost !== undefined || hostMayBeAsked(host, budget?.caller))
    )
  }
}

async function exchange(
  send: PlatformFetch,
  url: string,
  request: GuardedRequest,
  deadline: Deadline,
): Promise<Result<FetchedBody, FetchRefusal>> {
  const { mediaTypes, maxBytes } = request
  const answer = await deadline.within(
    'headers',
    outcomeOf(
      send(url, {
        redirect: 'manual',
        signal: deadline.signal,
        headers: { Accept: mediaTypes.join(', '), 'User-Agent': USER_AGENT },
      }),
    ),
  )
  if (answer === TOO_LATE) return refuse({ reason: 'host_timeout' })
  if (answer === OUT_OF_TIME) return refuse({ reason: 'fetch_budget_spent' })
  if (answer === FAILED) return refuse({ reason: 'host_failed' })
  const mediaType = mediaTypeOf(answer)
  const status = statusRefusal(answer)
  const refusal =
    status ?? (mediaTypes.includes(mediaType) ? undefined : ('media_type_not_accepted' as const))
  if (refusal !== undefined) {
    letGo(answer)
    return refuse({ reason: refusal })
  }
  const bytes = await outcomeOf(readBody(answer, maxBytes, deadline))
  if (bytes === FAILED) return refuse({ reason: 'host_failed' })
  return typeof bytes === 'string' ? refuse({ reason: bytes }) : ok({ bytes, mediaType })
}

const FAILED = Symbol('failed')

/**
 * The value, or `FAILED`. Everything that a platform's `fetch` throws here is about the other side:
 * no connection, no name, no certificate, a broken stream. What it says of that is nobody's business.
 */
const outcomeOf = <Value>(step: Promise<Value>): Promise<Value | typeof FAILED> =>
  step.catch(() => FAILED)

function statusRefusal({ status }: Response): FetchRefusal['reason'] | undefined {
  if (status === 200) return undefined
  if (status >= 300 && status < 400) return 'redirect_not_followed'
  if (status > 200 && status < 300) return 'body_incomplete'
  return status === 404 || status === 410 ? 'not_found' : 'host_failed'
}

const mediaTypeOf = (response: Response): string =>
  (response.headers.get('Content-Type') ?? '').split(';', 1).join('').trim().toLowerCase()

/** Gives a body back unread. Whether the other side takes note is of no matter. */
function letGo(response: Response): void {
  response.body?.cancel().catch(() => undefined)
}
