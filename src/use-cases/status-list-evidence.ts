import { decodeBase64url, encodeBase64url } from '../domain/base64url.ts'
import type { Observation } from '../domain/evidence/observation.ts'
import { isJsonObject, type Json, type JsonObject } from '../domain/json/strict-json.ts'
import { textsIn } from '../domain/json/values.ts'
import { MAX_FOREIGN_STATUS_LIST_ENTRIES } from '../domain/limits.ts'
import type { StatusBits } from '../domain/status-list/bits.ts'
import {
  STATUS_LIST_REFUSALS,
  type StatusListRefusal,
} from '../domain/status-list/status-list-refusal.ts'
import { isEpochSeconds } from '../domain/time.ts'
import type { Ports } from '../ports/index.ts'
import type { KeptStatusList } from '../ports/status-list-cache.ts'
import type { ObtainedStatusList as Obtained, StatusListsOfRequest } from './read-status-list.ts'

type Needs = Pick<Ports, 'compression'>

/** Name of the observation that is a status list of another deployment, as it was read. */
export const STATUS_LIST = 'status_list'

/**
 * The lists that a request has read, as they go into its evidence: unpacked by it, packed again here.
 * Whether one counted by grace is not written: that is for a policy to say, of then or another.
 */
export async function statusListObservations(
  needs: Needs,
  lists: StatusListsOfRequest,
): Promise<readonly Observation[]> {
  const observations: Observation[] = []
  for (const [about, answer] of lists)
    observations.push({ asked: STATUS_LIST, about, answer: await write(needs, await answer) })
  return observations
}

/** The lists of evidence, as the request had them; one that cannot be read is left out. */
export async function observedStatusLists(
  needs: Needs,
  observations: readonly Observation[],
): Promise<StatusListsOfRequest> {
  const lists: StatusListsOfRequest = new Map()
  for (const { asked, about, answer } of observations) {
    const read = asked === STATUS_LIST ? await readAnswer(needs, answer) : undefined
    if (read !== undefined && typeof about === 'string') lists.set(about, Promise.resolve(read))
  }
  return lists
}

const STATUS_BITS: readonly StatusBits[] = [1, 2, 4, 8]

async function write({ compression }: Needs, { copy, refusal }: Obtained): Promise<Json> {
  const { reason, fault } = refusal ?? {}
  const refused = {
    ...(reason === undefined ? {} : { refused: reason }),
    ...(fault === undefined ? {} : { fault }),
  }
  if (copy === undefined) return refused
  const { bytes, bits, first, purposes } = copy.list
  return {
    ...refused,
    bits,
    first,
    ...(purposes === undefined ? {} : { purposes }),
    asked: copy.asked,
    expires: copy.expires,
    gzip: encodeBase64url(await compression.gzip(bytes)),
  }
}

async function readAnswer(needs: Needs, written: Json): Promise<Obtained | undefined> {
  if (!isJsonObject(written)) return undefined
  const { refused, fault, gzip } = written
  if (refused !== undefined && !isRefusal(refused)) return undefined
  const refusal =
    refused === undefined
      ? undefined
      : { reason: refused, ...(typeof fault === 'string' ? { fault } : {}) }
  const copy = gzip === undefined ? undefined : await readCopy(needs, written)
  if (refusal === undefined) return copy === undefined ? undefined : { copy, refusal }
  return copy === undefined && gzip !== undefined ? undefined : { copy, refusal }
}

async function readCopy(
  { compression }: Needs,
  { bits, first, purposes, asked, expires, gzip }: JsonObject,
): Promise<KeptStatusList | undefined> {
  const size = STATUS_BITS.find((one) => one === bits)
  const end = (['most_significant', 'least_significant'] as const).find((one) => one === first)
  const packed = typeof gzip === 'string' ? decodeBase64url(gzip) : undefined
  if (size === undefined || end === undefined || packed === undefined) return undefined
  if (!isEpochSeconds(asked) || !isEpochSeconds(expires)) return undefined
  const bytes = await compression.unpack(packed, 'gzip', MAX_FOREIGN_STATUS_LIST_ENTRIES)
  if (!bytes.ok) return undefined
  const list = {
    bytes: bytes.value,
    bits: size,
    first: end,
    purposes: purposes === undefined ? undefined : textsIn(purposes),
  }
  return { list, asked, expires }
}

const isRefusal = (value: Json): value is StatusListRefusal['reason'] =>
  typeof value === 'string' && Object.hasOwn(STATUS_LIST_REFUSALS, value)
