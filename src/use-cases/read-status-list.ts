import { holds } from '../domain/kept.ts'
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
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { Ports } from '../ports/index.ts'
import type { KeptStatusList, StatusListCache } from '../ports/status-list-cache.ts'
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

/**
 * What there is of a list, whatever a policy makes of it: the list of now; or why there is none, with
 * the last good copy where an outage is the reason.
 */
export type ObtainedStatusList =
  | { readonly copy: KeptStatusList; readonly refusal: undefined }
  | { readonly copy: KeptStatusList | undefined; readonly refusal: StatusListRefusal }

/** The lists that one request has asked for; never shared with another. */
export type StatusListsOfRequest = Map<string, Promise<ObtainedStatusList>>

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
export async function readStatusList(
  needs: Needs,
  question: StatusListQuestion,
  reading: StatusListReading,
  fresh: boolean,
): Promise<Answer> {
  // Stands in sealed evidence too: another spelling would leave what was kept without its lists.
  const key = JSON.stringify([question.mechanism, question.issuer, question.url])
  const flight = `${fresh ? 'fresh' : 'any'} ${key}`
  const underWay = reading.ofThisRequest.get(flight) ?? obtain(needs, key, question, reading, fresh)
  reading.ofThisRequest.set(flight, underWay)
  return counted(await underWay, reading)
}

/** While its host is away, a copy counts within the grace of the policy (row S9). */
function counted(
  { copy, refusal }: ObtainedStatusList,
  { now, graceSeconds }: StatusListReading,
): Answer {
  if (refusal === undefined) return ok({ list: copy.list, asked: copy.asked, stale: false })
  return copy !== undefined && now < copy.expires + graceSeconds
    ? ok({ list: copy.list, asked: copy.asked, stale: true })
    : refuse(refusal)
}

async function obtain(
  needs: Needs,
  key: string,
  question: StatusListQuestion,
  reading: StatusListReading,
  fresh: boolean,
): Promise<ObtainedStatusList> {
  const { statusLists } = needs
  const { now, budget } = reading
  const kept = keptCopy(statusLists, key, now)
  if (kept !== undefined && holds(kept, now)) {
    const askAgain = fresh && now >= later(kept.asked, STATUS_LIST_REFRESH_COOL_DOWN_SECONDS)
    if (!askAgain) return { copy: kept, refusal: undefined }
  }
  const refused = statusLists.refusal(key)
  if (refused !== undefined && holds(refused, now))
    return lastGoodCopy(needs, key, now, refused.refusal)

  const fetched = await fetchStatusList(needs, question, now, budget)
  if (!fetched.ok) return inVain(needs, key, now, fetched.refusal)
  const list = await keep(needs, key, fetched.value, now)
  return list.ok ? { copy: list.value, refusal: undefined } : inVain(needs, key, now, list.refusal)
}

/** Keeps what was fetched, or says why it is not the list of now. */
async function keep(
  { statusLists }: Needs,
  key: string,
  { list, signedAt, ends, ttlSeconds }: FetchedStatusList,
  now: EpochSeconds,
): Promise<Result<KeptStatusList, StatusListRefusal>> {
  const newest = await statusLists.newest(key, signedAt)
  if (newest !== undefined && (signedAt === undefined || signedAt < newest))
    return refuse({ reason: 'status_list_rolled_back' })
  const until = now + Math.min(ttlSeconds ?? Infinity, STATUS_LIST_CACHE_SECONDS)
  const expires = epochSeconds(Math.min(until, ends === undefined ? Infinity : ends + 1))
  const kept = { list, asked: now, expires }
  const isOver = ends !== undefined && now > ends
  // Grace is for what was good when it was seen here first, and for what came after that.
  if (!isOver || statusLists.list(key) !== undefined) statusLists.keepList(key, kept)
  return isOver ? refuse({ reason: 'status_list_expired' }) : ok(kept)
}

/** Remembers for a moment that there was nothing to be had, and answers with what there is. */
function inVain(
  needs: Needs,
  key: string,
  now: EpochSeconds,
  refusal: StatusListRefusal,
): ObtainedStatusList {
  const { statusLists } = needs
  const kept = statusLists.list(key)
  if (kept !== undefined)
    statusLists.keepList(key, { ...kept, asked: epochSeconds(Math.max(kept.asked, now)) })
  if (isAboutList(refusal)) {
    const expires = later(now, STATUS_LIST_REFUSAL_SECONDS)
    statusLists.keepRefusal(key, { refusal, asked: now, expires })
  }
  return lastGoodCopy(needs, key, now, refusal)
}

/** A copy that still holds, whatever its host serves now; the refusal otherwise. */
function lastGoodCopy(
  { statusLists }: Needs,
  key: string,
  now: EpochSeconds,
  refusal: StatusListRefusal,
): ObtainedStatusList {
  const kept = statusLists.list(key)
  if (kept === undefined || kept.asked > now) return { copy: undefined, refusal }
  if (holds(kept, now)) return { copy: kept, refusal: undefined }
  return { copy: isOutage(refusal) ? kept : undefined, refusal }
}

/** A copy of the future shows that the clock was set back. How old it is nobody knows: its time is over (row H19). */
function keptCopy(
  statusLists: StatusListCache,
  key: string,
  now: EpochSeconds,
): KeptStatusList | undefined {
  const kept = statusLists.list(key)
  if (kept === undefined || kept.asked <= now) return kept
  const over = { ...kept, asked: now, expires: now }
  statusLists.keepList(key, over)
  return over
}
