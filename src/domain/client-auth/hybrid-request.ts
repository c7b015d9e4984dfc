import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { MAX_TEXT_CHARACTERS } from '../limits.ts'
import type { RegisteredClient } from '../registration/registered-client.ts'
import { failed, type Check } from '../verification/check.ts'
import type { FindingCode } from '../verification/findings.ts'
import { challengeFault, finding, scopeFault } from './request-claims.ts'

/** Rule R28: the only levels of authentication that W128 knows. */
const ACR_VALUES: readonly string[] = ['urn:meflso:sca', 'urn:meflso:ca']

/**
 * What a client of the `meflso` profile asks for (W128 R13, R20–R28): `code id_token` or `code`, a
 * `nonce` wherever an ID token comes from the authorization endpoint, a scope with `openid`, the intent
 * that `claims.id_token` names, and no other `acr` than W128's.
 */
export function checkHybridRequest(claims: JsonObject, client: RegisteredClient): readonly Check[] {
  const { response_type: responseType, scope, nonce } = claims
  const hybrid = responseType === 'code id_token' || responseType === 'id_token code'
  const known = hybrid || responseType === 'code'
  // What is not there protects nothing, and what is there must (row A6).
  const needsChallenge =
    responseType === 'code' ||
    ['code_challenge', 'code_challenge_method'].some((name) => Object.hasOwn(claims, name))
  return [
    finding('response_type', 'R13', known ? undefined : 'response_type_not_allowed'),
    ...(needsChallenge ? [finding('code_challenge', 'F7', challengeFault(claims))] : []),
    ...(hybrid && nonce === undefined
      ? [failed('nonce', 'request_nonce_invalid', { rule: 'R15' })]
      : []),
    finding('scope', 'R20', scopeWithOpenid(scope, client)),
    finding('intent', 'R26', intentFault(claims['claims'])),
    finding('acr', 'R28', acrFault(claims)),
  ]
}

function scopeWithOpenid(scope: unknown, client: RegisteredClient): FindingCode | undefined {
  const fault = scopeFault(scope, client)
  if (fault !== undefined) return fault
  return String(scope).split(' ').includes('openid') ? undefined : 'scope_invalid'
}

/** Rule R26: `claims.id_token.meflso_intent_id.value`, one text. */
function intentFault(claims: Json | undefined): FindingCode | undefined {
  const asked = idTokenClaim(claims, 'meflso_intent_id')
  const value = isJsonObject(asked) ? asked['value'] : undefined
  const named = typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_CHARACTERS
  return named ? undefined : 'intent_missing'
}

function idTokenClaim(claims: Json | undefined, name: string): Json | undefined {
  const idToken = isJsonObject(claims) ? claims['id_token'] : undefined
  return isJsonObject(idToken) ? idToken[name] : undefined
}

/** Both ways to ask for a level: the `acr` claim (OIDC Core §5.5.1.1) and `acr_values`. */
function acrFault(claims: JsonObject): FindingCode | undefined {
  const asked = idTokenClaim(claims['claims'], 'acr')
  const ofClaim = isJsonObject(asked) ? [...listed(asked['value']), ...listed(asked['values'])] : []
  const { acr_values: acrValues } = claims
  const ofParameter = typeof acrValues === 'string' ? acrValues.split(' ') : listed(acrValues)
  return [...ofClaim, ...ofParameter].every(
    (acr) => typeof acr === 'string' && ACR_VALUES.includes(acr),
  )
    ? undefined
    : 'acr_not_allowed'
}
