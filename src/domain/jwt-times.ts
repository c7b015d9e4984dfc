import type { JsonObject } from './json/strict-json.ts'
import { EXPIRY_SKEW_SECONDS, FUTURE_SKEW_SECONDS } from './limits.ts'
import { ok, refuse, type Result } from './result.ts'
import { isEpochSeconds, type EpochSeconds } from './time.ts'

/** Registered claims that name a moment (RFC 7519 §4.1.4–4.1.6). */
const TIME_CLAIMS = ['iat', 'nbf', 'exp'] as const
export type TimeClaim = (typeof TIME_CLAIMS)[number]

/** What one kind of token must say about its time. A claim that a limit is measured by is required too. */
export interface JwtTimeRules {
  readonly required: readonly TimeClaim[]
  /** Longest `exp` minus `from`; `undefined` for a token that may live as long as it says. */
  readonly lifetime: { readonly from: 'iat' | 'nbf'; readonly maxSeconds: number } | undefined
  /** How long after `from` the token still counts, whatever its `exp`; `undefined` for any age. */
  readonly age: { readonly from: 'iat' | 'nbf'; readonly maxSeconds: number } | undefined
}

type JwtTimes = Readonly<Record<TimeClaim, EpochSeconds | undefined>>

export type JwtTimeFinding =
  /** Absent though required, no NumericDate, or an `exp` that is not after the start. */
  | { readonly reason: 'time_invalid'; readonly claim: TimeClaim }
  | {
      readonly reason: 'not_yet_valid'
      readonly claim: 'iat' | 'nbf'
      readonly at: EpochSeconds
      readonly now: EpochSeconds
    }
  /** `claim` is `exp` when that has passed, or the start from which its allowed age has passed. */
  | {
      readonly reason: 'expired'
      readonly claim: TimeClaim
      readonly at: EpochSeconds
      readonly now: EpochSeconds
    }
  | {
      readonly reason: 'lifetime_too_long'
      readonly lifetimeSeconds: number
      readonly maxSeconds: number
    }

/**
 * Judges `iat`, `nbf` and `exp` at `now` (rows J19–J22) and refuses with everything that is wrong. Each
 * is a whole NumericDate where it is present. `iat` and `nbf` may lie `FUTURE_SKEW_SECONDS` ahead of
 * us, `exp` `EXPIRY_SKEW_SECONDS` behind; lifetime and age have no such grace.
 */
export function checkJwtTimes(
  claims: JsonObject,
  rules: JwtTimeRules,
  now: EpochSeconds,
): Result<JwtTimes, readonly JwtTimeFinding[]> {
  const times: JwtTimes = {
    iat: numericDate(claims, 'iat'),
    nbf: numericDate(claims, 'nbf'),
    exp: numericDate(claims, 'exp'),
  }
  const findings = [
    ...invalidTimes(claims, times, rules),
    ...startsAhead(times, now),
    ...ended(times, rules, now),
    ...livesTooLong(times, rules),
  ]
  return findings.length === 0 ? ok(times) : refuse(findings)
}

/** An `exp` of zero is what "never" looks like elsewhere (row J19), so it is no date here. */
function numericDate(claims: JsonObject, claim: TimeClaim): EpochSeconds | undefined {
  const value = claims[claim]
  return isEpochSeconds(value) && !(claim === 'exp' && value === 0) ? value : undefined
}

function invalidTimes(
  claims: JsonObject,
  times: JwtTimes,
  rules: JwtTimeRules,
): readonly JwtTimeFinding[] {
  const required = new Set<TimeClaim>(rules.required)
  if (rules.lifetime !== undefined) required.add(rules.lifetime.from).add('exp')
  if (rules.age !== undefined) required.add(rules.age.from)
  const { iat, nbf, exp } = times
  const neverValid =
    exp !== undefined && [iat, nbf].some((start) => start !== undefined && exp <= start)
  return TIME_CLAIMS.filter(
    (claim) =>
      (times[claim] === undefined && (Object.hasOwn(claims, claim) || required.has(claim))) ||
      (claim === 'exp' && neverValid),
  ).map((claim) => ({ reason: 'time_invalid', claim }))
}

function startsAhead(times: JwtTimes, now: EpochSeconds): readonly JwtTimeFinding[] {
  return (['iat', 'nbf'] as const).flatMap((claim) => {
    const at = times[claim]
    return at !== undefined && at > now + FUTURE_SKEW_SECONDS
      ? [{ reason: 'not_yet_valid', claim, at, now } as const]
      : []
  })
}

function ended(
  times: JwtTimes,
  { age }: JwtTimeRules,
  now: EpochSeconds,
): readonly JwtTimeFinding[] {
  const findings: JwtTimeFinding[] = []
  const { exp } = times
  if (exp !== undefined && now > exp + EXPIRY_SKEW_SECONDS)
    findings.push({ reason: 'expired', claim: 'exp', at: exp, now })
  const from = age === undefined ? undefined : times[age.from]
  if (age !== undefined && from !== undefined && now > from + age.maxSeconds)
    findings.push({ reason: 'expired', claim: age.from, at: from, now })
  return findings
}

function livesTooLong(times: JwtTimes, { lifetime }: JwtTimeRules): readonly JwtTimeFinding[] {
  if (lifetime === undefined) return []
  const [from, { exp }] = [times[lifetime.from], times]
  if (from === undefined || exp === undefined || exp - from <= lifetime.maxSeconds) return []
  return [
    { reason: 'lifetime_too_long', lifetimeSeconds: exp - from, maxSeconds: lifetime.maxSeconds },
  ]
}
