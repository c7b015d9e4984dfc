import { isJsonObject, isTexts, type Json, type JsonObject } from './json.ts'
import type { FindingCode } from './reasons.ts'
import { TrustError } from './trust-error.ts'

export type Verdict = 'valid' | 'invalid' | 'indeterminate'
export type Trust = 'trusted' | 'untrusted' | 'not_evaluated'

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly check: string
  readonly outcome: 'pass' | 'fail' | 'indeterminate' | 'not_applicable'
  /** Absent on what passed. A newer service may know codes that this client does not. */
  readonly code?: FindingCode
  /** The W128 rule that the check answers to. */
  readonly rule?: string
  readonly evidence?: Json
  /** How to mend it. */
  readonly hint?: string
}

/** What came of verifying a credential. Only `verdict: 'valid'` with `trust: 'trusted'` is a yes. */
export interface CredentialReport {
  readonly verified: boolean
  readonly verdict: Verdict
  readonly trust: Trust
  readonly availability: 'fresh' | 'stale' | 'unavailable'
  readonly checks: readonly Check[]
  readonly policyVersion?: number
  readonly trustChain?: readonly { readonly did: string; readonly accreditation: string | null }[]
  /** As it was signed; absent unless its signature was verified. */
  readonly credential?: JsonObject
  readonly decisionId?: string
  readonly evidenceDigest?: string
  readonly receipt?: string
}

/** What came of verifying a presentation, and each credential in it. */
export interface PresentationReport extends Omit<CredentialReport, 'credential' | 'trustChain'> {
  readonly presentation: { readonly holder: string | null }
  readonly credentials: readonly CredentialReport[]
}

/** What came of checking a request object, a client assertion or a DPoP proof. */
export interface ClientTokenReport {
  readonly verdict: Verdict
  readonly client_id: string | null
  /** Null unless the signature was verified. */
  readonly claims: JsonObject | null
  readonly checks: readonly Check[]
  /** What to send to the client, with `error_status`; absent where the verdict is `valid`. */
  readonly error?: string
  readonly error_description?: string
  readonly error_status?: number
  /** Of a DPoP proof: thumbprint of its key. */
  readonly jkt?: string
}

/** RFC 7591 metadata of a DID, with `lso` for what they cannot say. */
export interface ClientView {
  readonly client_id: string
  readonly client_name: string
  readonly jwks: JwkSet
  readonly redirect_uris: readonly string[]
  readonly token_endpoint_auth_method: string
  readonly lso: { readonly can_redirect: boolean; readonly why: string } & JsonObject
}

export interface JwkSet {
  readonly keys: readonly JsonObject[]
}

/** `active` alone lets a client in. */
export type ClientStatus = 'active' | 'suspended' | 'revoked' | 'degraded' | 'unknown'

/** How a registered client stands. */
export interface ClientState {
  readonly client_id: string
  readonly status: ClientStatus
  /** Code of the finding behind another status than `active`. */
  readonly reason?: string
  /** What to do about it. */
  readonly hint?: string
}

/** A registered client: its RFC 7591 metadata, and what they rest on. */
export interface RegisteredClient extends ClientState {
  readonly client_name: string
  readonly jwks: JwkSet
  readonly redirect_uris: readonly string[]
  readonly scope: string
  readonly decisionId: string
  readonly validUntil: string
  readonly legalEntity: JsonObject
}

/** One row of the feed of changes. */
export interface ClientChange extends ClientState {
  /** What an authorization server has to look at again. */
  readonly changed?: readonly string[]
}

/** What a registration came to. */
export interface RegistrationDecision {
  readonly outcome: 'accepted' | 'refused'
  readonly checks: readonly Check[]
  readonly decisionId?: string
  /** RFC 7591 metadata of an accepted client. */
  readonly client?: JsonObject
  readonly legalEntity?: JsonObject
  readonly validUntil?: string
  /** Signed by the verifier, of an accepted client for anybody to verify: see `verifyDecision`. */
  readonly decision_jwt?: string
  /** RFC 7591 §3.2.2, where it was refused. */
  readonly error?: string
  readonly error_description?: string
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Gives the next page; absent on the last one. */
  readonly cursor?: string
}

const isReportLike = (body: Json): body is JsonObject =>
  isJsonObject(body) &&
  ['valid', 'invalid', 'indeterminate'].some((verdict) => verdict === body['verdict']) &&
  Array.isArray(body['checks'])

/** True for the body of a report, whatever the status is that it came with. */
export const isReport = (body: Json): boolean => isReportLike(body)

const isCredentialReport = (body: Json): body is CredentialReport & JsonObject =>
  isReportLike(body) &&
  body['verified'] === (body['verdict'] === 'valid') &&
  ['trusted', 'untrusted', 'not_evaluated'].some((trust) => trust === body['trust'])

const isPresentationReport = (body: Json): body is PresentationReport & JsonObject =>
  isCredentialReport(body) &&
  isJsonObject(body['presentation']) &&
  Array.isArray(body['credentials'])

const isClientTokenReport = (body: Json): body is ClientTokenReport & JsonObject =>
  isReportLike(body) && 'claims' in body

const CLIENT_STATUSES = ['active', 'suspended', 'revoked', 'degraded', 'unknown']

const isClientState = (body: Json): body is ClientState & JsonObject =>
  isJsonObject(body) &&
  typeof body['client_id'] === 'string' &&
  CLIENT_STATUSES.some((status) => status === body['status'])

const isRegisteredClient = (body: Json): body is RegisteredClient & JsonObject =>
  isClientState(body) && isTexts(body['redirect_uris']) && isJwkSet(body['jwks'])

const isClientView = (body: Json): body is ClientView & JsonObject =>
  isJsonObject(body) &&
  typeof body['client_id'] === 'string' &&
  isTexts(body['redirect_uris']) &&
  isJwkSet(body['jwks']) &&
  isJsonObject(body['lso'])

const isJwkSet = (body: unknown): body is JwkSet & JsonObject =>
  isJsonObject(body) && Array.isArray(body['keys']) && body['keys'].every(isJsonObject)

const isDecision = (body: Json): body is RegistrationDecision & JsonObject =>
  isJsonObject(body) &&
  (body['outcome'] === 'accepted' || body['outcome'] === 'refused') &&
  Array.isArray(body['checks'])

/** True for what a registration came to, whatever the status is that it came with. */
export const isRegistrationDecision = (body: Json): boolean => isDecision(body)

/** A reader of one kind of answer: the answer, or `answer_unexpected`. */
const reader =
  <Known extends Json>(is: (body: Json) => body is Known) =>
  (body: Json): Known => {
    if (!is(body)) throw new TrustError('answer_unexpected')
    return body
  }

export const readCredentialReport = reader(isCredentialReport)
export const readPresentationReport = reader(isPresentationReport)
export const readClientTokenReport = reader(isClientTokenReport)
export const readClientState = reader(isClientState)
export const readRegisteredClient = reader(isRegisteredClient)
export const readClientView = reader(isClientView)
export const readJwkSet = reader(isJwkSet)
export const readDecision = reader(isDecision)
export const readObject = reader((body: Json): body is JsonObject => isJsonObject(body))

/** A page whose items are all of one kind. */
export function readPage<Item>(body: Json, item: (one: Json) => Item): Page<Item> {
  const { items, cursor } = readObject(body)
  if (!Array.isArray(items)) throw new TrustError('answer_unexpected')
  const read = (items as readonly Json[]).map(item)
  return typeof cursor === 'string' ? { items: read, cursor } : { items: read }
}

/** A page of the feed of changes; its cursor is where the next one begins, which may be worth asking for at once. */
export function readChangePage(body: Json): Page<ClientChange> & { readonly more: boolean } {
  return { ...readPage(body, readClientState), more: readObject(body)['more'] === true }
}

/** A text that an answer must have. */
export function textIn(body: Json, member: string): string {
  const value = readObject(body)[member]
  if (typeof value !== 'string') throw new TrustError('answer_unexpected')
  return value
}
