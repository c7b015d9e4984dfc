import {
  STATUS_LIST_CACHE_SECONDS,
  STATUS_LIST_REFRESH_COOL_DOWN_SECONDS,
  STATUS_LIST_REFUSAL_SECONDS,
} from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { StatusListQuestion } from '../domain/status-list/packed-list.ts'
import {
  isAboutList,
  isOutage,
  type StatusListRefusal,
} from '../domain/status-list/status-list-refusal.ts'
import type { UnpackedList } from '../domain/status-list/unpacked-list.ts'
import { epochSeconds, later, type EpochSeconds } from '../domain/time.ts'
import type { FetchBudget } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import type { KeptStatusList } from '../ports/status-list-cache.ts'
import { fetchStatusList, type FetchedStatusList } from './fetch-status-list.ts'

type Needs = Pick<
  Ports,
  'compression' | 'didResolver' | 'guardedFetch' | 'signatureVerifier' | 'statusLists'
>

export interface ReadStatusList {
  readonly list: UnpackedList
  /** When its host was last asked. */
  readonly asked: EpochSeconds
  /** True when it is past its time and counts by the grace of the policy alone. */
  readonly stale: boolean
}

type Answer = Result<ReadStatusList, StatusListRefusal>

/** The lists that one request has asked for; never shared with another. */
export type StatusListsOfRequest = Map<string, Promise<Answer>>

export interface StatusListReading {
  readonly now: EpochSeconds
  readonly budget: FetchBudget
  /** How long past its time a list still counts while no newer one can be had. */
  readonly graceSeconds: number
  readonly ofThisRequest: StatusListsOfRequest
}

/**
 * A status list of another deployment, as its issuer signed it: from memory within its `ttl` and
 * `STATUS_LIST_CACHE_SECONDS`, else from its host. Once in a request, whatever comes of it.
 *
 * @param fresh asks again although there is a good copy, once in a cool-down: for an index that the copy
 *   does not have, and the list of today may.
 */
export function readStatusList(
  needs: Needs,
  question: StatusListQuestion,
  reading: StatusListReading,
  fresh: boolean,
): Promise<Answer> {
  const key = JSON.stringify([question.mechanism, question.issuer, question.url])
  const flight = `${fresh ? 'fresh' : 'any'} ${key}`
  const underWay = reading.ofThisRequest.get(flight) ?? obtain(needs, key, question, reading, fresh)
  reading.ofThisRequest.set(flight, underWay)
  return underWay
}

async function obtain(
  needs: Needs,
  key: string,
  question: StatusListQuestion,
  reading: StatusListReading,
  fresh: boolean,
): Promise<Answer> {
  const { statusLists } = needs
  const { now, budget } = reading
  const kept = statusLists.list(key)
  if (kept !== undefined && holds(kept, now)) {
    const askAgain = fresh && now >= later(kept.asked, STATUS_LIST_REFRESH_COOL_DOWN_SECONDS)
    if (!askAgain) return ok({ ...copyOf(kept), stale: false })
  }
  const refused = statusLists.refusal(key)
  if (refused !== undefined && holds(refused, now))
    return lastGoodCopy(needs, key, reading, refused.refusal)

  const fetched = await fetchStatusList(needs, question, now, budget)
  if (!fetched.ok) return inVain(needs, key, reading, fetched.refusal)
  const refusal = keep(needs, key, fetched.value, now)
  return refusal === undefined
    ? ok({ list: fetched.value.list, asked: now, stale: false })
    : inVain(needs, key, reading, refusal)
}

/** Keeps what was fetched, or says why it is not the list of now. */
function keep(
  { statusLists }: Needs,
  key: string,
  { list, signedAt, ends, ttlSeconds }: FetchedStatusList,
  now: EpochSeconds,
): StatusListRefusal | undefined {
  const newest = statusLists.newest(key)
  if (newest !== undefined && (signedAt === undefined || signedAt < newest))
    return { reason: 'status_list_rolled_back' }
  if (signedAt !== undefined) statusLists.keepNewest(key, signedAt)
  const kept = now + Math.min(ttlSeconds ?? Infinity, STATUS_LIST_CACHE_SECONDS)
  const expires = epochSeconds(Math.min(kept, ends === undefined ? Infinity : ends + 1))
  statusLists.keepList(key, { list, asked: now, expires })
  return ends !== undefined && now > ends ? { reason: 'status_list_expired' } : undefined
}

/** Remembers for a moment that there was nothing to be had, and answers with what there is. */
function inVain(
  needs: Needs,
  key: string,
  reading: StatusListReading,
  refusal: StatusListRefusal,
): Answer {
  const { statusLists } = needs
  const { now } = reading
  const kept = statusLists.list(key)
  if (kept !== undefined) statusLists.keepList(key, { ...kept, asked: now })
  if (isAboutList(refusal)) {
    const expires = later(now, STATUS_LIST_REFUSAL_SECONDS)
    statusLists.keepRefusal(key, { refusal, asked: now, expires })
  }
  return lastGoodCopy(needs, key, reading, refusal)
}

/**
 * A copy that still holds, whatever its host serves now; while the host is away, one within the grace
 * of the policy (row S9). The refusal where there is neither.
 */
function lastGoodCopy(
  { statusLists }: Needs,
  key: string,
  { now, graceSeconds }: StatusListReading,
  refusal: StatusListRefusal,
): Answer {
  const kept = statusLists.list(key)
  if (kept === undefined || kept.asked > now) return refuse(refusal)
  if (holds(kept, now)) return ok({ ...copyOf(kept), stale: false })
  return isOutage(refusal) && now < kept.expires + graceSeconds
    ? ok({ ...copyOf(kept), stale: true })
    : refuse(refusal)
}

const copyOf = ({ list, asked }: KeptStatusList) => ({ list, asked })

/** From when it was asked for to its end; a clock that was set back lengthens nothing (row H19). */
const holds = (kept: { asked: EpochSeconds; expires: EpochSeconds }, now: EpochSeconds): boolean =>
  kept.asked <= now && now < kept.expires
