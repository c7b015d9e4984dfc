import type { CredentialClaims } from '../domain/credential/credential-claims.ts'
import type { Did } from '../domain/did/did.ts'
import { isInstanceId } from '../domain/instance/instance.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { MAX_STATUS_ENTRIES } from '../domain/limits.ts'
import { isOwnUrl } from '../domain/own-url.ts'
import { isAtHostOf } from '../domain/status-list/list-host.ts'
import {
  hostedStatusList,
  readStatusEntries,
  readTokenStatus,
  type StatusEntry,
} from '../domain/status-list/status-entry.ts'
import {
  STATUS_LIST_REFUSALS,
  type StatusListRefusal,
} from '../domain/status-list/status-list-refusal.ts'
import { valueAt } from '../domain/status-list/unpacked-list.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { PolicyVersion } from '../domain/trust/policy.ts'
import {
  failed,
  notApplicable,
  passed,
  unanswered,
  worstAvailability,
  type Availability,
  type Check,
} from '../domain/verification/check.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'
import { readStatusList, type StatusListsOfRequest } from './read-status-list.ts'

type Needs = Pick<
  VerificationPorts,
  | 'compression'
  | 'didResolver'
  | 'guardedFetch'
  | 'issuers'
  | 'publicUrl'
  | 'signatureVerifier'
  | 'statusLists'
>

const rule = 'R8'

export interface StatusQuestion {
  readonly issuer: Did
  /** Whether a credential without a `revocation` entry is refused (row V9). */
  readonly required: boolean
  /** Whether this verifier's policy accepts the issuer: for others no URL of their choice is fetched (row V14). */
  readonly trusted: boolean
}

interface Context {
  readonly policy: PolicyVersion
  readonly now: EpochSeconds
  readonly budget: FetchBudget
  readonly statusLists: StatusListsOfRequest
}

export interface StatusAnswer {
  readonly checks: readonly Check[]
  readonly availability: Availability
}

/**
 * What the status entries of a credential say now (rules R4, R8). The signature is verified before:
 * an entry is asked only because its issuer wrote it. Lists of this deployment are read from the
 * issuer's own store, so that a revocation shows in the very next answer; those of others are fetched,
 * verified and kept for a stated time. A status that cannot be read is never taken for a good one.
 */
export async function checkStatus(
  needs: Needs,
  { credential, tokenStatus }: Pick<CredentialClaims, 'credential' | 'tokenStatus'>,
  question: StatusQuestion,
  context: Context,
): Promise<StatusAnswer> {
  const ofCredential = readStatusEntries(credential['credentialStatus'])
  const entries = [...ofCredential, ...tokenStatus.flatMap(readTokenStatus)]
  if (entries.length > MAX_STATUS_ENTRIES) return only(failed('status', 'status_invalid', { rule }))
  const revocable = ofCredential.some(
    (entry) => entry.kind === 'listed' && entry.purpose === 'revocation',
  )
  const found: Check[] = []
  if (question.required && !revocable)
    found.push(failed('status', 'status_required', { rule: 'R4' }))
  const answers = await Promise.all(
    entries.map((entry) => checkEntry(needs, entry, question, context)),
  )
  for (const { checks } of answers) found.push(...checks)
  return {
    checks: found.length === 0 ? [notApplicable('status', { rule })] : found,
    availability: worstAvailability(answers.map(({ availability }) => availability)),
  }
}

const only = (check: Check, availability: Availability = 'fresh'): StatusAnswer => ({
  checks: [check],
  availability,
})

async function checkEntry(
  needs: Needs,
  entry: StatusEntry,
  question: StatusQuestion,
  context: Context,
): Promise<StatusAnswer> {
  switch (entry.kind) {
    case 'listed':
      return checkListed(needs, entry, question, context)
    case 'other_purpose':
      return only(notApplicable('status', { rule }))
    case 'unknown_purpose':
    case 'unknown_type':
    case 'unknown_size':
      return only(unanswered('status', 'status_type_not_supported', { rule }))
    case 'index_invalid':
      return only(failed('status', 'status_index_invalid', { rule }))
    case 'malformed':
      return only(failed('status', 'status_invalid', { rule }))
  }
}

type Listed = Extract<StatusEntry, { kind: 'listed' }>

async function checkListed(
  needs: Needs,
  entry: Listed,
  question: StatusQuestion,
  context: Context,
): Promise<StatusAnswer> {
  const evidence = evidenceOf(entry)
  const hosted = hostedStatusList(needs.publicUrl, entry.listUrl)
  if (hosted !== undefined) return checkHosted(needs, entry, hosted, question.issuer, evidence)
  if (isOwnUrl(entry.listUrl, needs.publicUrl))
    return only(failed('status', 'status_invalid', { rule, evidence }))
  if (!question.trusted && !isAtHostOf(question.issuer, entry.listUrl))
    return refused({ reason: 'status_list_not_fetched' }, evidence)
  return checkForeign(needs, entry, question, context, evidence)
}

const evidenceOf = ({ mechanism, purpose, index, listUrl }: Listed): JsonObject =>
  purpose === undefined
    ? { mechanism, idx: index, uri: listUrl }
    : { statusPurpose: purpose, statusListIndex: String(index), statusListCredential: listUrl }

/** A list of this deployment, in the store of its issuer. */
async function checkHosted(
  { issuers }: Pick<Needs, 'issuers'>,
  { index, purpose }: Listed,
  { issuerId, listId }: { readonly issuerId: string; readonly listId: string },
  issuer: Did,
  evidence: JsonObject,
): Promise<StatusAnswer> {
  const more = { rule, evidence }
  const stored = isInstanceId(issuerId) ? await issuers.find(issuerId) : undefined
  if (stored?.instance.did !== issuer) return only(failed('status', 'status_issuer_mismatch', more))
  const held = await issuers.statusAt(stored.instance.id, listId, index)
  if (held === undefined) return only(failed('status', 'status_index_invalid', more))
  if (purpose !== undefined && held.purpose !== purpose)
    return only(failed('status', 'status_invalid', more))
  if (!held.set) return only(passed('status', more))
  return only(failed('status', held.purpose === 'revocation' ? 'revoked' : 'suspended', more))
}

/** A list of another deployment. An index beyond a kept copy is looked for once in the list of now. */
async function checkForeign(
  needs: Needs,
  { mechanism, listUrl, index, purpose }: Listed,
  { issuer }: StatusQuestion,
  { policy, now, budget, statusLists }: Context,
  evidence: JsonObject,
): Promise<StatusAnswer> {
  const asked = { mechanism, url: listUrl, issuer }
  const graceSeconds = policy.policy.statusGraceSeconds
  const reading = { now, budget, graceSeconds, ofThisRequest: statusLists }
  let read = await readStatusList(needs, asked, reading, false)
  if (read.ok && read.value.asked < now && valueAt(read.value.list, index) === undefined)
    read = await readStatusList(needs, asked, reading, true)
  if (!read.ok) return refused(read.refusal, evidence)
  const { list, stale } = read.value
  const availability = stale ? 'stale' : 'fresh'
  if (purpose !== undefined && list.purposes?.includes(purpose) !== true)
    return only(unanswered('status', 'status_purpose_mismatch', { rule, evidence }), availability)
  const value = valueAt(list, index)
  return only(judged(value, purpose === 'suspension', { ...evidence, stale }), availability)
}

/** What the value of an entry says: 0 is good in every mechanism, 1 set, 2 a suspension in a Token Status List. */
function judged(value: number | undefined, suspends: boolean, evidence: JsonObject): Check {
  switch (value) {
    case undefined:
      return failed('status', 'status_index_invalid', { rule, evidence })
    case 0:
      return passed('status', { rule, evidence })
    case 1:
      return failed('status', suspends ? 'suspended' : 'revoked', { rule, evidence })
    case 2:
      return failed('status', 'suspended', { rule, evidence })
    default:
      return unanswered('status', 'status_value_unknown', {
        rule,
        evidence: { ...evidence, value },
      })
  }
}

/** A list that cannot be had or read leaves the question open; one of somebody else fails it. */
function refused({ reason, fault }: StatusListRefusal, evidence: JsonObject): StatusAnswer {
  const more = { rule, evidence: fault === undefined ? evidence : { ...evidence, fault } }
  return STATUS_LIST_REFUSALS[reason] === 'fail'
    ? only(failed('status', reason, more))
    : only(unanswered('status', reason, more), 'unavailable')
}
