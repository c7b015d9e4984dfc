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
import type { StatusListState } from '../ports/issuer-store.ts'

type Needs = Pick<
  Ports,
  'clock' | 'compression' | 'issuers' | 'publicUrl' | 'signedLists' | 'signer'
>

export type StatusListForm = 'vc+jwt' | 'statuslist+jwt'

export interface PublishStatusListRefusal {
  readonly reason: 'not_found' | 'signing_key_missing' | 'time_in_future'
}

interface List {
  readonly url: string
  readonly state: StatusListState
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
  const state = await needs.issuers.statusList(issuer.id, listId, at)
  if (state === undefined) return refuse({ reason: 'not_found' })
  const key = signingKey(state, needs.signer.keys, now)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  const list = {
    url: statusListUrl(needs.publicUrl, issuer.id, listId),
    state,
    now: windowStart(at ?? now),
  }
  // Of the past there is too much to keep, and each moment is rarely asked for twice.
  if (at !== undefined) return ok(await sign(needs, issuer, key, list, form))
  const name = JSON.stringify([issuer.id, listId, form, state.version, list.now, key.kid])
  const known = needs.signedLists.get(name)
  if (known !== undefined) return ok(known)
  const token = await sign(needs, issuer, key, list, form)
  needs.signedLists.set(name, token)
  return ok(token)
}

/**
 * The last full `STATUS_LIST_TTL_SECONDS`: within them a list that did not change is the same list, so
 * that callers and caches can tell (row S17).
 */
const windowStart = (now: EpochSeconds): EpochSeconds =>
  later(now, -(now % STATUS_LIST_TTL_SECONDS))

async function sign(
  needs: Needs,
  issuer: Issuer,
  { kid, verificationMethod }: InstanceKey,
  list: List,
  form: StatusListForm,
): Promise<string> {
  switch (form) {
    case 'vc+jwt': {
      const header = { typ: 'vc+jwt', cty: 'vc', kid: verificationMethod }
      return needs.signer.sign(kid, header, await bitstringListCredential(needs, issuer, list))
    }
    case 'statuslist+jwt': {
      const header = { typ: 'statuslist+jwt', kid: verificationMethod }
      return needs.signer.sign(kid, header, await tokenStatusList(needs, issuer, list))
    }
  }
}

async function bitstringListCredential(
  { compression }: Needs,
  issuer: Issuer,
  { url, state, now }: List,
): Promise<JsonObject> {
  const { purpose, length, entries } = state
  const set = entries
    .filter(({ revoked, suspended }) => (purpose === 'revocation' ? revoked : suspended))
    .map(({ index }) => index)
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: issuer.did,
    validFrom: dateTimeStamp(now),
    validUntil: dateTimeStamp(later(now, STATUS_LIST_LIFETIME_SECONDS)),
    credentialSubject: {
      id: `${url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList: `u${encodeBase64url(await compression.gzip(bitstring(length, set)))}`,
      // In milliseconds here, in seconds in a Token Status List.
      ttl: STATUS_LIST_TTL_SECONDS * 1000,
    },
  }
}

async function tokenStatusList(
  { compression, publicUrl }: Needs,
  issuer: Issuer,
  { url, state, now }: List,
): Promise<JsonObject> {
  return {
    iss: issuer.did,
    sub: url,
    iat: now,
    exp: later(now, STATUS_LIST_LIFETIME_SECONDS),
    ttl: STATUS_LIST_TTL_SECONDS,
    status_list: {
      bits: 2,
      lst: encodeBase64url(await compression.zlib(tokenStatusBytes(state.length, state.entries))),
      aggregation_uri: statusListsUrl(publicUrl, issuer.id),
    },
  }
}
