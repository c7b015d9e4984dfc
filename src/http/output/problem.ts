import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import openapi from '../../../schemas/openapi.json' with { type: 'json' }
import type { AppEnv } from '../app-env.ts'
import type { Fault } from '../../domain/fault.ts'
import { respond } from './respond.ts'

/** Every problem of the trust API (RFC 9457), by its `code`. A code never changes its meaning once released. */
export const PROBLEMS = {
  // the request as bytes
  json_invalid: { status: 400, title: 'The body is not JSON' },
  json_duplicate_key: { status: 400, title: 'The body names a member twice' },
  json_too_deep: { status: 400, title: 'The body is nested too deeply' },
  json_forbidden_key: { status: 400, title: 'The body has a member of a forbidden name' },
  json_number_unsafe: { status: 400, title: 'The body has a number that cannot be kept exactly' },
  body_incomplete: { status: 400, title: 'The body ended before its end' },
  utf8_invalid: { status: 400, title: 'The body is not UTF-8' },
  body_too_large: { status: 413, title: 'The body is too large' },
  media_type_not_supported: { status: 415, title: 'The media type is not supported' },
  host_invalid: { status: 400, title: 'The Host header is not a host' },
  uri_too_long: { status: 414, title: 'The URL is too long' },
  // the request as a command
  request_invalid: { status: 400, title: 'The request has faults' },
  schema_invalid: { status: 400, title: 'The schema cannot be used' },
  archive_invalid: { status: 400, title: 'The file is not what an export wrote' },
  archive_not_signed: { status: 400, title: 'The file is not signed by the key of its instance' },
  credential_invalid: { status: 400, title: 'The credential has faults' },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key is malformed' },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used with another request',
  },
  // who asks
  token_missing: { status: 401, title: 'A bearer token is required' },
  token_invalid: { status: 401, title: 'The bearer token is not accepted' },
  rate_limited: { status: 429, title: 'Too many requests' },
  // what it is about
  not_found: { status: 404, title: 'There is nothing here for you' },
  method_not_allowed: { status: 405, title: 'This path does not offer this method' },
  not_acceptable: { status: 406, title: 'None of the accepted media types can be served' },
  instance_exists: { status: 409, title: 'An instance of this name exists' },
  instance_retired: { status: 409, title: 'The instance is retired' },
  token_already_shown: { status: 409, title: 'The token of this instance was shown once already' },
  key_not_found: { status: 400, title: 'The issuer has no such key' },
  key_required: { status: 400, title: 'A new key must be named' },
  overlap_too_short: { status: 400, title: 'Caches could still lack the new key' },
  key_in_use: { status: 409, title: 'The issuer uses this key' },
  key_compromised: { status: 409, title: 'The key was compromised' },
  rotation_under_way: { status: 409, title: 'A new key waits for its turn' },
  key_has_live_credentials: { status: 409, title: 'The key is needed by what it signed' },
  key_not_in_document: { status: 409, title: 'The DID document does not list the configured key' },
  type_reserved: { status: 409, title: 'The schema of this type is not for an issuer to choose' },
  id_taken: { status: 409, title: 'A credential of this id exists' },
  revocation_final: { status: 409, title: 'A revocation cannot be undone' },
  too_many_matched: { status: 400, title: 'The selection matches too many credentials' },
  status_purpose_not_issued: {
    status: 409,
    title: 'The credential has no status entry of this purpose',
  },
  verifier_without_keys: { status: 409, title: 'The verifier has no key to seal evidence with' },
  evidence_too_large: { status: 413, title: 'The evidence is too large to be kept' },
  evidence_broken: { status: 409, title: 'The evidence is not as it was sealed' },
  decision_in_use: { status: 409, title: 'A registered client rests on this decision' },
  cursor_unknown: { status: 409, title: 'The cursor is of no row of this feed' },
  cursor_gone: { status: 410, title: 'The rows behind the cursor are no longer kept' },
  hold_decided: { status: 409, title: 'The hold was decided before' },
  client_not_active: { status: 409, title: 'The client is not active' },
  decision_gone: { status: 409, title: 'The decision of this Idempotency-Key is gone' },
  // what others do
  destination_not_allowed: { status: 400, title: 'The DID points at a host that is not public' },
  redirect_not_followed: {
    status: 502,
    title: 'The host redirects, and redirects are not followed',
  },
  did_host_failed: { status: 502, title: 'The host of the DID document failed' },
  did_host_timeout: { status: 504, title: 'The host of the DID document did not answer in time' },
  did_deactivated: { status: 410, title: 'The DID was deactivated' },
  did_not_resolved: { status: 409, title: 'The DID cannot be resolved' },
  // what we do
  signing_key_missing: { status: 503, title: 'No key of this instance is configured any more' },
  storage_unavailable: { status: 503, title: 'The storage cannot answer now' },
  internal_error: { status: 500, title: 'Internal error' },
} as const satisfies Readonly<Record<string, { status: ContentfulStatusCode; title: string }>>

export type ProblemCode = keyof typeof PROBLEMS

/** What to do about each problem: one list for those who read about it and for those who have it. */
const ADVICE: Readonly<Record<ProblemCode, string>> =
  openapi.components.schemas.ProblemCode['x-enumDescriptions']

export interface More {
  /** For people; never echoes input. Absent: what to do about problems of this code. */
  readonly detail?: string
  readonly errors?: readonly Fault[]
  readonly headers?: Readonly<Record<string, string>>
}

/** The URL that names a problem and leads to its description. */
const problemType = (publicUrl: string, code: ProblemCode): string =>
  `${publicUrl}/docs#problem-${code}`

/** What all problems of a code have in common. */
export const problemOf = (publicUrl: string, code: ProblemCode) => ({
  type: problemType(publicUrl, code),
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  code,
  detail: ADVICE[code],
})

/** The members of a problem, for an answer or for one item of one: the same for the same refusal. */
export function problemBody(c: Context<AppEnv>, code: ProblemCode, { detail, errors }: More) {
  return {
    ...problemOf(c.var.ports.publicUrl, code),
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  }
}

/** An RFC 9457 answer. `code` and `type` are the contract; `detail` and `errors` are for people. */
export function problem(c: Context<AppEnv>, code: ProblemCode, more: More = {}): Response {
  const body = { ...problemBody(c, code, more), requestId: c.var.requestId }
  return respond(c, JSON.stringify(body), PROBLEMS[code].status, {
    ...more.headers,
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  })
}
