import { encodeBase64url } from '../domain/base64url.ts'
import { signingKey, type InstanceKey, type Issuer } from '../domain/instance/instance.ts'
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

interface List {
  readonly url: string
  readonly state: StatusListState
  readonly now: EpochSeconds
}

/**
 * Signs the present state of a list, in the form of Bitstring Status List 1.0 §3.1 or Token Status
 * List §5.1. Both come from the same rows.
 */
export async function publishStatusList(
  needs: Needs,
  issuer: Issuer,
  listId: string,
  form: StatusListForm,
): Promise<Result<string, { readonly reason: 'not_found' | 'signing_key_missing' }>> {
  const state = await needs.issuers.statusList(issuer.id, listId)
  if (state === undefined) return refuse({ reason: 'not_found' })
  const key = signingKey(issuer, needs.signer.keys)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  const list = {
    url: statusListUrl(needs.publicUrl, issuer.id, listId),
    state,
    now: windowStart(needs.clock.now()),
  }
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
