import type { JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { checkJwtTimes } from '../jwt-times.ts'
import {
  MAX_NONCE_CHARACTERS,
  MAX_REQUEST_OBJECT_SECONDS,
  MAX_STATE_CHARACTERS,
} from '../limits.ts'
import type { RegisteredClient } from '../registration/registered-client.ts'
import type { EpochSeconds } from '../time.ts'
import { failed, passed, type Check } from '../verification/check.ts'
import type { FindingCode } from '../verification/findings.ts'
import { isJti } from './client-assertion.ts'
import { checkHybridRequest } from './hybrid-request.ts'
import { parameterChecks } from './request-parameters.ts'
import { challengeFault, finding, scopeFault } from './request-claims.ts'
import { timeChecks } from './time-checks.ts'

/** Where the authorization server received the request. */
export const REQUEST_ENDPOINTS = ['par', 'authorize'] as const
export type RequestEndpoint = (typeof REQUEST_ENDPOINTS)[number]

export interface RequestQuestion {
  readonly client: RegisteredClient
  /** The issuer identifier of the authorization server. */
  readonly audience: string
  readonly endpoint: RequestEndpoint
  /** The parameters that came beside the request object. */
  readonly parameters: JsonObject
  readonly now: EpochSeconds
}

/** Rule F5: both measured from `nbf`. */
const TIMES = {
  required: ['exp', 'nbf'],
  lifetime: { from: 'nbf', maxSeconds: MAX_REQUEST_OBJECT_SECONDS },
  age: { from: 'nbf', maxSeconds: MAX_REQUEST_OBJECT_SECONDS },
} as const

/**
 * The claims of a signed request object (RFC 9101, FAPI 2.0 Message Signing §5.3.1; for the `meflso`
 * profile W128 R13–R28) and the parameters beside it, of a client that is registered. Says all that it
 * finds. Whether its `jti` was used before is not asked here, nor whether the intent exists: that is
 * the authorization server's to know.
 */
export function checkRequestObject(
  claims: JsonObject,
  { client, audience, endpoint, parameters, now }: RequestQuestion,
): readonly Check[] {
  const { clientId, profile } = client
  const isClient = claims['iss'] === clientId && claims['client_id'] === clientId
  return [
    finding('client_id', 'F5', isClient ? undefined : 'client_mismatch'),
    names(claims['aud'], audience)
      ? passed('audience', { rule: 'F5' })
      : failed('audience', 'aud_mismatch', { rule: 'F5', evidence: { expected: audience } }),
    ...timeChecks(checkJwtTimes(claims, TIMES, now), 'F5'),
    finding('claims', 'F4', forbidden(claims, clientId)),
    ...(Object.hasOwn(claims, 'jti')
      ? [finding('jti', 'F5', isJti(claims['jti']) ? undefined : 'jti_invalid')]
      : []),
    finding('redirect_uri', 'R18', redirectFault(claims['redirect_uri'], client)),
    finding(
      'state',
      'O2',
      isShortText(claims['state'], MAX_STATE_CHARACTERS) ? undefined : 'state_invalid',
    ),
    finding(
      'nonce',
      'R15',
      isShortText(claims['nonce'], MAX_NONCE_CHARACTERS) ? undefined : 'request_nonce_invalid',
    ),
    ...(profile === 'meflso' ? checkHybridRequest(claims, client) : pushedRequest(claims, client)),
    ...parameterChecks(claims, parameters, { clientId, endpoint }),
    ...(profile === 'fapi2' && endpoint === 'authorize'
      ? [failed('endpoint', 'pushed_request_required', { rule: 'F4' })]
      : []),
  ]
}

/** Rules F4 and F7: what a client of the FAPI 2.0 profile asks for. */
function pushedRequest(claims: JsonObject, client: RegisteredClient): readonly Check[] {
  const { response_type: responseType, scope } = claims
  return [
    finding(
      'response_type',
      'F7',
      responseType === 'code' ? undefined : 'response_type_not_allowed',
    ),
    finding('code_challenge', 'F7', challengeFault(claims)),
    // Without a scope a request may still say in other claims what it is about (RFC 9396).
    ...(scope === undefined ? [] : [finding('scope', 'R22', scopeFault(scope, client))]),
  ]
}

/** A list of audiences may name others beside us (row A2); what is no text names nobody. */
function names(aud: JsonObject[string] | undefined, audience: string): boolean {
  const all = listed(aud)
  return all.includes(audience) && all.every((one) => typeof one === 'string')
}

/**
 * A request inside a request (RFC 9101 §4), and a `sub` that would make it an assertion of the client
 * (RFC 9101 §10.8).
 */
function forbidden(claims: JsonObject, clientId: string): FindingCode | undefined {
  const inside = ['request', 'request_uri'].some((name) => Object.hasOwn(claims, name))
  return inside || claims['sub'] === clientId ? 'claim_not_allowed' : undefined
}

function redirectFault(
  redirectUri: unknown,
  { redirectUris }: RegisteredClient,
): FindingCode | undefined {
  if (typeof redirectUri !== 'string' || redirectUri === '') return 'redirect_uri_missing'
  return redirectUris.includes(redirectUri) ? undefined : 'redirect_uri_not_registered'
}

/** Absent is fine here: each profile says what it needs. */
const isShortText = (value: unknown, most: number): boolean =>
  value === undefined || (typeof value === 'string' && value !== '' && value.length <= most)
