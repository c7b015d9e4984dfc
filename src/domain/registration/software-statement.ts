import type { Json, JsonObject } from '../json/strict-json.ts'
import { isJti } from '../client-auth/client-assertion.ts'
import { timeChecks } from '../client-auth/time-checks.ts'
import { checkJwtTimes } from '../jwt-times.ts'
import { MAX_SOFTWARE_STATEMENT_SECONDS } from '../limits.ts'
import type { EpochSeconds } from '../time.ts'
import { failed, passed, type Check } from '../verification/check.ts'

/** Checks about a software statement are called so, or begin so. */
export const STATEMENT = 'software_statement'

export interface StatementQuestion {
  /** The DID that registers, where a presentation has proved it. */
  readonly clientId: string | undefined
  readonly audience: string
  /** `software_id` beside the statement. */
  readonly softwareId: Json | undefined
  readonly now: EpochSeconds
}

/** W128 7.3, step 1: the client registers with a software statement. */
const RULE = '7.3'

const maxSeconds = MAX_SOFTWARE_STATEMENT_SECONDS
const TIMES = {
  required: ['iat', 'exp'],
  lifetime: { from: 'iat', maxSeconds },
  age: { from: 'iat', maxSeconds },
} as const

/**
 * The claims of a software statement (RFC 7591 §2.3, row A16): it is about the client that registers, for
 * this verifier alone, at most ten minutes old, and has a `jti`. Whether that was used before, and who
 * signed it, is not asked here.
 */
export function checkStatementClaims(
  claims: JsonObject,
  { clientId, audience, softwareId, now }: StatementQuestion,
): readonly Check[] {
  const { software_id: own } = claims
  const named = ['sub', 'client_id'].flatMap((name) =>
    Object.hasOwn(claims, name) ? [claims[name]] : [],
  )
  const isAboutClient = named.length > 0 && named.every((name) => name === clientId)
  const software =
    softwareId !== undefined && own !== undefined && softwareId !== own
      ? [failed(`${STATEMENT}_software`, 'statement_software_mismatch')]
      : []
  return [
    isAboutClient
      ? passed(`${STATEMENT}_client`)
      : failed(`${STATEMENT}_client`, 'statement_client_mismatch'),
    claims['aud'] === audience
      ? passed(`${STATEMENT}_audience`)
      : failed(`${STATEMENT}_audience`, 'aud_mismatch', { evidence: { expected: audience } }),
    ...timeChecks(checkJwtTimes(claims, TIMES, now), RULE).map(ofStatement),
    isJti(claims['jti']) ? passed(`${STATEMENT}_jti`) : failed(`${STATEMENT}_jti`, 'jti_invalid'),
    ...software,
  ]
}

/** A check as one of the statement, so that nobody takes it for one of the presentation. */
export const ofStatement = (check: Check): Check => ({
  ...check,
  check: `${STATEMENT}_${check.check}`,
})
