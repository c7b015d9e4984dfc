import { decodeBase64url } from '../base64url.ts'
import type { CredentialClaims } from '../credential/credential-claims.ts'
import type { Did } from '../did/did.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed, textsIn } from '../json/values.ts'
import type { UnverifiedJws } from '../jws.ts'
import { checkJwtTimes } from '../jwt-times.ts'
import { EXPIRY_SKEW_SECONDS, FUTURE_SKEW_SECONDS, STATUS_LIST_ENTRIES } from '../limits.ts'
import { ok, refuse, type Result } from '../result.ts'
import { isEpochSeconds, parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import type { StatusMechanism } from './status-entry.ts'
import type { StatusListRefusal } from './status-list-refusal.ts'
import type { UnpackedList } from './unpacked-list.ts'

/** Which list a credential points at. */
export interface StatusListQuestion {
  readonly mechanism: StatusMechanism
  readonly url: string
  /** The issuer of the credential, who alone may say how it stands (row S5). */
  readonly issuer: Did
}

/** What a list token says, before its entries are unpacked. Nothing of it is verified yet. */
export interface PackedList extends Omit<UnpackedList, 'bytes'> {
  readonly packing: 'gzip' | 'zlib'
  readonly packed: Uint8Array
  readonly leastEntries: number
  /** Since when it speaks; `undefined` where it does not say. */
  readonly signedAt: EpochSeconds | undefined
  /** The last second in which it counts, skew included; `undefined`: it names no end. */
  readonly ends: number | undefined
  /** How long its issuer lets readers keep it. */
  readonly ttlSeconds: number | undefined
}

type Read = Result<PackedList, StatusListRefusal>

const invalid = (fault: string): Result<never, StatusListRefusal> =>
  refuse({ reason: 'status_list_invalid', fault })

const NO_TIME_RULES = { required: [], lifetime: undefined, age: undefined } as const

/**
 * Reads a Token Status List (§5.1) that passed the gate: of this URL (`sub`), of this issuer (`kid`,
 * and `iss` where it stands), with its times and its packed entries.
 */
export function readTokenStatusList(
  { payload, kid }: UnverifiedJws,
  { url, issuer }: StatusListQuestion,
  now: EpochSeconds,
): Read {
  const { iss, sub, ttl, status_list: list } = payload
  if (kid?.startsWith(`${issuer}#`) !== true || (iss !== undefined && iss !== issuer))
    return refuse({ reason: 'status_issuer_mismatch' })
  if (sub !== url) return refuse({ reason: 'status_list_mismatch', fault: 'sub' })
  const times = timesOf(payload, ['iat'], now)
  if (typeof times === 'string') return invalid(times)
  if (!isDuration(ttl)) return invalid('ttl')
  if (!isJsonObject(list)) return invalid('status_list')
  const { bits, lst } = list
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) return invalid('bits')
  const packed = typeof lst === 'string' ? decodeBase64url(lst) : undefined
  if (packed === undefined) return invalid('lst')
  const ttlSeconds = ttl === undefined ? undefined : Math.floor(ttl)
  return ok({
    packing: 'zlib',
    packed,
    bits,
    first: 'least_significant',
    purposes: undefined,
    leastEntries: 1,
    ttlSeconds,
    signedAt: times.iat,
    ends: endOf([times.exp], times, ttlSeconds),
  })
}

const LIST_TYPES = {
  BitstringStatusList: ['BitstringStatusListCredential', 'BitstringStatusList'],
  StatusList2021: ['StatusList2021Credential', 'StatusList2021'],
} as const

/**
 * Reads a list credential (Bitstring Status List 1.0 §2.2, or StatusList2021) that passed the gate: of
 * this URL (`id`), of this issuer, with its times and its packed entries. A list whose own validity
 * hangs on another list is refused, so that none is ever followed (row S10).
 */
export function readListCredential(
  { payload }: UnverifiedJws,
  claims: CredentialClaims,
  mechanism: keyof typeof LIST_TYPES,
  { url, issuer }: StatusListQuestion,
  now: EpochSeconds,
): Read {
  const { credential, types, conflicts, tokenStatus, issuedAt, validFrom, validUntil } = claims
  if (claims.issuer !== issuer) return refuse({ reason: 'status_issuer_mismatch' })
  if (claims.id !== url) return refuse({ reason: 'status_list_mismatch', fault: 'id' })
  const [conflict] = conflicts
  if (conflict !== undefined) return invalid(conflict.code ?? conflict.check)
  const [listType, subjectType] = LIST_TYPES[mechanism]
  if (!types.includes('VerifiableCredential') || !types.includes(listType)) return invalid('type')
  if (credential['credentialStatus'] !== undefined || tokenStatus.length > 0)
    return invalid('credentialStatus')

  const times = timesOf(payload, [], now)
  if (typeof times === 'string') return invalid(times)
  if (DATES.some((date) => !isDate(credential[date]))) return invalid('time_invalid')
  if (validFrom !== undefined && validFrom > now + FUTURE_SKEW_SECONDS)
    return invalid('not_yet_valid')

  const [subject, ...others] = listed(credential['credentialSubject'])
  if (!isJsonObject(subject) || others.length > 0) return invalid('credentialSubject')
  if (!listed(subject['type']).includes(subjectType)) return invalid('credentialSubject.type')
  const { ttl, encodedList, statusPurpose } = subject
  if (!isDuration(ttl)) return invalid('ttl')
  const packed = typeof encodedList === 'string' ? decodeList(encodedList, mechanism) : undefined
  if (packed === undefined) return invalid('encodedList')
  // In milliseconds here, in seconds in a Token Status List.
  const ttlSeconds = ttl === undefined ? undefined : Math.floor(ttl / 1000)
  return ok({
    packing: 'gzip',
    packed,
    bits: 1,
    first: 'most_significant',
    purposes: textsIn(statusPurpose),
    leastEntries: STATUS_LIST_ENTRIES,
    ttlSeconds,
    signedAt: issuedAt ?? validFrom,
    ends: endOf([validUntil, times.exp], { iat: issuedAt, validFrom }, ttlSeconds),
  })
}

const DATES = ['validFrom', 'validUntil', 'issuanceDate', 'expirationDate'] as const

const isDate = (date: Json | undefined): boolean =>
  date === undefined || (typeof date === 'string' && parseDateTimeStamp(date) !== undefined)

const isDuration = (ttl: Json | undefined): ttl is number | undefined =>
  ttl === undefined || (typeof ttl === 'number' && Number.isFinite(ttl) && ttl >= 0)

/** The registered times, or the first thing wrong with them; that it expired is judged with its copies. */
function timesOf(
  payload: JsonObject,
  required: readonly ['iat'] | readonly [],
  now: EpochSeconds,
): { readonly iat: EpochSeconds | undefined; readonly exp: EpochSeconds | undefined } | string {
  const times = checkJwtTimes(payload, { ...NO_TIME_RULES, required }, now)
  if (times.ok) return times.value
  const other = times.refusal.find(({ reason }) => reason !== 'expired')
  if (other !== undefined) return other.reason
  const { iat, exp } = payload
  return {
    iat: isEpochSeconds(iat) ? iat : undefined,
    exp: isEpochSeconds(exp) ? exp : undefined,
  }
}

/**
 * The earliest end: of those that it names, and of what its `ttl` comes to when it says when it was
 * signed (row S8). One `ttl` it may wait to be signed anew, and one on its way here; an older one is
 * perhaps replayed. `validFrom` may be that of the first list, so it counts for this only where no end
 * is named.
 */
function endOf(
  named: readonly (EpochSeconds | undefined)[],
  {
    iat,
    validFrom,
  }: { readonly iat: EpochSeconds | undefined; readonly validFrom?: EpochSeconds | undefined },
  ttlSeconds: number | undefined,
): number | undefined {
  const ends = named.filter((end) => end !== undefined).map((end) => end + EXPIRY_SKEW_SECONDS)
  const signedAt = iat ?? (ends.length === 0 ? validFrom : undefined)
  if (signedAt !== undefined && ttlSeconds !== undefined)
    ends.push(signedAt + 2 * ttlSeconds + FUTURE_SKEW_SECONDS)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/**
 * Bitstring Status List: multibase, of which only base64url without padding (`u`) is allowed.
 * StatusList2021: base64, which its issuers write in either alphabet.
 */
function decodeList(encoded: string, mechanism: keyof typeof LIST_TYPES): Uint8Array | undefined {
  if (mechanism === 'BitstringStatusList')
    return encoded.startsWith('u') ? decodeBase64url(encoded.slice(1)) : undefined
  const padded = encoded.length % 4 === 0
  const unpadded = padded ? encoded.replace(/={1,2}$/, '') : encoded
  return decodeBase64url(unpadded.replaceAll('+', '-').replaceAll('/', '_'))
}
