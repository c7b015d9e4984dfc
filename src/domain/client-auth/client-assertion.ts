import type { JsonObject } from '../json/strict-json.ts'
import { checkJwtTimes } from '../jwt-times.ts'
import {
  FUTURE_SKEW_SECONDS,
  MAX_CLIENT_ASSERTION_LIFETIME_SECONDS,
  MAX_JTI_CHARACTERS,
} from '../limits.ts'
import { METADATA_CLAIMS } from '../registration/requested-metadata.ts'
import { isEpochSeconds, type EpochSeconds } from '../time.ts'
import { failed, passed, type Check } from '../verification/check.ts'
import { timeChecks } from './time-checks.ts'

/** The only type of assertion that names a client by a JWT (RFC 7523 §2.2). */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface AssertionQuestion {
  readonly clientId: string
  /** The issuer identifier of the authorization server. */
  readonly audience: string
  readonly now: EpochSeconds
}

const RULE = 'F1'

/**
 * The claims of a `private_key_jwt` assertion (RFC 7523 §3, FAPI 2.0 §5.3.2.1): `iss` and `sub` are the
 * client, `aud` is the issuer as one text and nothing else (rows A7, A9), it lives at most five minutes
 * and has a `jti`. Whether the `jti` was used before is not asked here.
 */
export function checkClientAssertion(
  claims: JsonObject,
  { clientId, audience, now }: AssertionQuestion,
): readonly Check[] {
  return [
    claims['iss'] === clientId && claims['sub'] === clientId
      ? passed('client_id', { rule: RULE })
      : failed('client_id', 'client_mismatch', { rule: RULE }),
    claims['aud'] === audience
      ? passed('audience', { rule: RULE })
      : failed('audience', 'aud_mismatch', { rule: RULE, evidence: { expected: audience } }),
    ...lifeChecks(claims, now),
    isJti(claims['jti'])
      ? passed('jti', { rule: RULE })
      : failed('jti', 'jti_invalid', { rule: RULE }),
    ...otherTokenInside(claims),
  ]
}

/** True for a `jti` that can be remembered: one text, neither empty nor endless. */
export const isJti = (jti: unknown): jti is string =>
  typeof jti === 'string' && jti !== '' && jti.length <= MAX_JTI_CHARACTERS

/**
 * The life of an assertion is measured from its `iat`; without one, which RFC 7523 §3 allows, from now,
 * as late as an `iat` could be.
 */
function lifeChecks(claims: JsonObject, now: EpochSeconds): readonly Check[] {
  const maxSeconds = MAX_CLIENT_ASSERTION_LIFETIME_SECONDS
  const dated = Object.hasOwn(claims, 'iat')
  const lifetime = dated ? ({ from: 'iat', maxSeconds } as const) : undefined
  const times = checkJwtTimes(claims, { required: ['exp'], lifetime, age: undefined }, now)
  const { exp } = claims
  const endless =
    !dated && isEpochSeconds(exp) && exp - now > maxSeconds + FUTURE_SKEW_SECONDS
      ? [
          failed('validity_period', 'lifetime_too_long', {
            rule: RULE,
            evidence: { lifetimeSeconds: exp - now, maxSeconds },
          }),
        ]
      : []
  return endless.length > 0 && times.ok ? endless : [...timeChecks(times, RULE), ...endless]
}

/**
 * A request object or a software statement is no assertion, even where its other claims would do
 * (RFC 8725 §3.11; row J12).
 */
const otherTokenInside = (claims: JsonObject): readonly Check[] =>
  ['response_type', 'redirect_uri', ...METADATA_CLAIMS].some((name) => Object.hasOwn(claims, name))
    ? [failed('token', 'typ_mismatch', { rule: RULE })]
    : []
