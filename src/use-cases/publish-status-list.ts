import { encodeBase64url } from '../domain/base64url.ts'
import type { InstanceKey, Issuer } from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { STATUS_LIST_LIFETIME_SECONDS, STATUS_LIST_TTL_SECONDS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { bitstring, tokenStatusBytes } from '../domain/status-list/bits.ts'
import { statusListsUrl, statusListUrl } from '../domain/status-list/status-entry.ts'
import { dateTimeStamp, later, type EpochSeconds } from '../domain/time.ts'
import type { Ports } from '../ports/index.ts'
import type { StatusListHead, StatusListState } from '../ports/issuer-store.ts'

type Needs = Pick<
  Ports,
  'clock' | 'compression' | 'issuers' | 'publicUrl' | 'signedLists' | 'signer'
>

export type StatusListForm = 'vc+jwt' | 'statuslist+jwt'

export interface PublishStatusListRefusal {
  readonly reason: 'not_found' | 'signing_key_missing' | 'time_in_future'
}

/** A list without its signature, and its entries as the form encodes them. */
interface PackedList {
  readonly head: StatusListHead
  readonly packed: string
}

interface List extends PackedList {
  readonly url: string
  readonly now: EpochSeconds
}

/**
 * Signs a list as it is, or as it was at `at`, in the form of Bitstring Status List 1.0 §3.1 or Token
 * Status List §5.1. Both come from the same rows. What it was is signed with the key of today, and
 * gives the times that it had then, so that `iat` ≤ `at` ≤ `exp` (Token Status List §8.4).
 */
export async function publishStatusList(
  needs: Needs,
  issuer: Issuer,
  listId: string,
  form: StatusListForm,
  at: EpochSeconds | undefined,
): Promise<Result<string, PublishStatusListRefusal>> {
  const now = needs.clock.now()
  if (at !== undefined && at > now) return refuse({ reason: 'time_in_future' })
  const found =
    at === undefined
      ? await packedNow(needs, issuer, listId, form)
      : await packedThen(needs, issuer, listId, form, at)
  if (found === undefined) return refuse({ reason: 'not_found' })
  const { head } = found
  const key = signingKey(head, needs.signer.keys, now)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  const url = statusListUrl(needs.publicUrl, issuer.id, listId)
  const list = { ...found, url, now: windowStart(at ?? now) }
  if (at !== undefined) return ok(await sign(needs, issuer, key, list, form))
  const name = JSON.stringify([issuer.id, listId, form, head.version, list.now, key.kid])
  const known = needs.signedLists.get(name)
  if (known !== undefined) return ok(known)
  const token = await sign(needs, issuer, key, list, form)
  needs.signedLists.set(name, token)
  return ok(token)
}

/** The entries of each version are read and packed once: what many ask again costs no more the fuller it is. */
async function packedNow(
  needs: Needs,
  issuer: Issuer,
  listId: string,
  form: StatusListForm,
): Promise<PackedList | undefined> {
  const { issuers, signedLists } = needs
  const nameOf = ({ version }: StatusListHead) => JSON.stringify([issuer.id, listId, form, version])
  const head = await issuers.statusListHead(issuer.id, listId)
  if (head === undefined) return undefined
  const kept = signedLists.get(nameOf(head))
  if (kept !== undefined) return { head, packed: kept }
  const state = await issuers.statusList(issuer.id, listId)
  if (state === undefined) return undefined
  const packed = await pack(needs, state, form)
  signedLists.set(nameOf(state), packed)
  return { head: state, packed }
}

/** Of the past there is too much to keep, and each moment is rarely asked for twice. */
async function packedThen(
  needs: Needs,
  issuer: Issuer,
  listId: string,
  form: StatusListForm,
  at: EpochSeconds,
): Promise<PackedList | undefined> {
  const state = await needs.issuers.statusList(issuer.id, listId, at)
  return state && { head: state, packed: await pack(needs, state, form) }
}

async function pack(
  { compression }: Needs,
  { purpose, length, entries }: StatusListState,
  form: StatusListForm,
): Promise<string> {
  switch (form) {
    case 'vc+jwt': {
      const set = entries
        .filter(({ revoked, suspended }) => (purpose === 'revocation' ? revoked : suspended))
        .map(({ index }) => index)
      return `u${encodeBase64url(await compression.gzip(bitstring(length, set)))}`
    }
    case 'statuslist+jwt':
      return encodeBase64url(await compression.zlib(tokenStatusBytes(length, entries)))
  }
}

/**
 * The last full `STATUS_LIST_TTL_SECONDS`: within them a list that did not change is the same list, so
 * that callers and caches can tell (row S17).
 */
const windowStart = (now: EpochSeconds): EpochSeconds =>
  later(now, -(now % STATUS_LIST_TTL_SECONDS))

function sign(
  needs: Needs,
  issuer: Issuer,
  { kid, verificationMethod }: InstanceKey,
  list: List,
  form: StatusListForm,
): Promise<string> {
  switch (form) {
    case 'vc+jwt': {
      const header = { typ: 'vc+jwt', cty: 'vc', kid: verificationMethod }
      return needs.signer.sign(kid, header, bitstringListCredential(issuer, list))
    }
    case 'statuslist+jwt': {
      const header = { typ: 'statuslist+jwt', kid: verificationMethod }
      return needs.signer.sign(kid, header, tokenStatusList(needs, issuer, list))
    }
  }
}

const bitstringListCredential = (issuer: Issuer, { url, head, packed, now }: List): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: url,
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: issuer.did,
  validFrom: dateTimeStamp(now),
  validUntil: dateTimeStamp(later(now, STATUS_LIST_LIFETIME_SECONDS)),
  credentialSubject: {
    id: `${url}#list`,
    type: 'BitstringStatusList',
    statusPurpose: head.purpose,
    encodedList: packed,
    // In milliseconds here, in seconds in a Token Status List.
    ttl: STATUS_LIST_TTL_SECONDS * 1000,
  },
})

const tokenStatusList = (
  { publicUrl }: Needs,
  issuer: Issuer,
  { url, packed, now }: List,
): JsonObject => ({
  iss: issuer.did,
  sub: url,
  iat: now,
  exp: later(now, STATUS_LIST_LIFETIME_SECONDS),
  ttl: STATUS_LIST_TTL_SECONDS,
  status_list: {
    bits: 2,
    lst: packed,
    aggregation_uri: statusListsUrl(publicUrl, issuer.id),
  },
})
