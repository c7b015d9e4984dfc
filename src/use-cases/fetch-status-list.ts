import { utf8Text } from '../domain/base64url.ts'
import { readCredentialClaims } from '../domain/credential/credential-claims.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import { isJsonObject, parseStrictJsonText } from '../domain/json/strict-json.ts'
import {
  readStatusListCredentialJws,
  readTokenStatusListJws,
  type UnverifiedJws,
} from '../domain/jws.ts'
import { MAX_FOREIGN_STATUS_LIST_ENTRIES, MAX_STATUS_LIST_CHARACTERS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import {
  readListCredential,
  readTokenStatusList,
  type PackedList,
  type StatusListQuestion,
} from '../domain/status-list/packed-list.ts'
import type { StatusMechanism } from '../domain/status-list/status-entry.ts'
import type { StatusListRefusal } from '../domain/status-list/status-list-refusal.ts'
import { entriesOf, type UnpackedList } from '../domain/status-list/unpacked-list.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { FetchRefusal } from '../ports/guarded-fetch.ts'
import type { Ports } from '../ports/index.ts'
import { verifySignature } from './verify-signature.ts'

type Needs = Pick<Ports, 'compression' | 'didResolver' | 'guardedFetch' | 'signatureVerifier'>

/** A list as its host serves it now, verified. That its end has passed is for its reader to judge. */
export interface FetchedStatusList extends Pick<PackedList, 'signedAt' | 'ends' | 'ttlSeconds'> {
  readonly list: UnpackedList
}

type Step<Value> = Result<Value, StatusListRefusal>

/** Where a list credential is served by what type it is: as a token, or enveloped in JSON (row S7). */
const CREDENTIAL_MEDIA_TYPES = [
  'application/vc+jwt',
  'application/jwt',
  'application/vc',
  'application/json',
  'application/ld+json',
]

const MEDIA_TYPES: Readonly<Record<StatusMechanism, readonly string[]>> = {
  BitstringStatusList: CREDENTIAL_MEDIA_TYPES,
  StatusList2021: CREDENTIAL_MEDIA_TYPES,
  TokenStatusList: ['application/statuslist+jwt'],
}

/**
 * Fetches a list of another deployment and verifies it (rows S1–S8, S10, S11).
 *
 *   fetch → gate → issuer, URL, times → key and signature → unpack
 *
 * Another issuer's list is refused before any key of it is looked for, and nothing is unpacked that its
 * issuer did not sign.
 */
export async function fetchStatusList(
  needs: Needs,
  question: StatusListQuestion,
  now: EpochSeconds,
  budget: FetchBudget,
): Promise<Step<FetchedStatusList>> {
  const fetched = await needs.guardedFetch.get({
    url: question.url,
    mediaTypes: MEDIA_TYPES[question.mechanism],
    maxBytes: MAX_STATUS_LIST_CHARACTERS,
    budget,
  })
  if (!fetched.ok) return refuse(notFetched(fetched.refusal))
  const token = tokenIn(fetched.value.bytes)
  if (!token.ok) return token
  const jws = gate(token.value, question.mechanism)
  if (!jws.ok) return jws
  const packed = readPacked(jws.value, question, now)
  if (!packed.ok) return packed
  const authentic = await isSigned(needs, jws.value, question, now, budget)
  if (!authentic.ok) return authentic
  const list = await unpacked(needs, packed.value)
  if (!list.ok) return list
  const { signedAt, ends, ttlSeconds } = packed.value
  return ok({ list: list.value, signedAt, ends, ttlSeconds })
}

function notFetched({ reason }: FetchRefusal): StatusListRefusal {
  switch (reason) {
    case 'destination_not_allowed':
    case 'fetch_budget_spent':
      return { reason }
    case 'body_too_large':
      return { reason: 'status_list_too_large' }
    case 'media_type_not_accepted':
      return { reason: 'status_list_not_authentic', fault: reason }
    case 'redirect_not_followed':
    case 'not_found':
    case 'host_failed':
    case 'host_timeout':
    case 'body_incomplete':
      return { reason: 'status_list_unavailable', fault: reason }
  }
}

const notAuthentic = (fault: string): Step<never> =>
  refuse({ reason: 'status_list_not_authentic', fault })

/** The body is the token, or JSON that envelopes it. JSON that is signed in another way is not read. */
function tokenIn(bytes: Uint8Array): Step<string> {
  const body = utf8Text(bytes)
  if (body === undefined) return notAuthentic('utf8_invalid')
  const text = withoutWhiteSpaceAround(body)
  if (!text.startsWith('{')) return ok(text)
  const json = parseStrictJsonText(text)
  if (!json.ok) return notAuthentic(json.refusal.reason)
  const token = compactToken(json.value, 'EnvelopedVerifiableCredential')
  if (token !== undefined) return ok(token)
  return isJsonObject(json.value) && json.value['proof'] !== undefined
    ? refuse({ reason: 'status_list_invalid', fault: 'securing_not_supported' })
    : notAuthentic('securing_not_supported')
}

/**
 * An editor ends a file with a line: without the white space of JSON around it, and no other. A loop,
 * because a pattern for what stands at the end takes the square of a long run in the middle.
 */
function withoutWhiteSpaceAround(text: string): string {
  const isSpace = (at: number): boolean => ' \t\r\n'.includes(text.charAt(at))
  let [start, end] = [0, text.length]
  while (start < end && isSpace(start)) start++
  while (end > start && isSpace(end - 1)) end--
  return text.slice(start, end)
}

function gate(token: string, mechanism: StatusMechanism): Step<UnverifiedJws> {
  const jws =
    mechanism === 'TokenStatusList'
      ? readTokenStatusListJws(token)
      : readStatusListCredentialJws(token)
  if (jws.ok) return jws
  const { reason } = jws.refusal
  return reason === 'token_too_large'
    ? refuse({ reason: 'status_list_too_large' })
    : notAuthentic(reason)
}

function readPacked(
  jws: UnverifiedJws,
  question: StatusListQuestion,
  now: EpochSeconds,
): Step<PackedList> {
  const { mechanism } = question
  return mechanism === 'TokenStatusList'
    ? readTokenStatusList(jws, question, now)
    : readListCredential(jws, readCredentialClaims(jws), mechanism, question, now)
}

async function isSigned(
  needs: Needs,
  jws: UnverifiedJws,
  { issuer }: StatusListQuestion,
  now: EpochSeconds,
  budget: FetchBudget,
): Promise<Step<true>> {
  const { verified, checks } = await verifySignature(needs, jws, {
    signer: issuer,
    relationship: 'assertionMethod',
    rule: 'R8',
    now,
    budget,
  })
  if (verified) return ok(true)
  const finding = checks.find(({ code }) => code !== undefined)
  const fault = finding?.code ?? 'signature_invalid'
  if (finding?.outcome !== 'indeterminate') return notAuthentic(fault)
  return fault === 'fetch_budget_spent'
    ? refuse({ reason: fault })
    : refuse({ reason: 'status_list_unavailable', fault })
}

async function unpacked({ compression }: Needs, packed: PackedList): Promise<Step<UnpackedList>> {
  const { bits, first, purposes, packing, leastEntries } = packed
  const maxBytes = (MAX_FOREIGN_STATUS_LIST_ENTRIES * bits) / 8
  const bytes = await compression.unpack(packed.packed, packing, maxBytes)
  if (!bytes.ok)
    return bytes.refusal.reason === 'too_large'
      ? refuse({ reason: 'status_list_too_large' })
      : refuse({ reason: 'status_list_invalid', fault: packing })
  const list = { bytes: bytes.value, bits, first, purposes }
  return entriesOf(list) < leastEntries ? refuse({ reason: 'status_list_too_short' }) : ok(list)
}
