import type { JsonObject } from '../json/strict-json.ts'
import { EXPIRY_SKEW_SECONDS, FUTURE_SKEW_SECONDS } from '../limits.ts'
import { isEpochSeconds, parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import { failed, passed, type Check } from '../verification/check.ts'

/**
 * Judges a credential's period at `now` (VCDM 2.0 §4.9, row V8): `validFrom` may lie
 * `FUTURE_SKEW_SECONDS` ahead of us, `validUntil` `EXPIRY_SKEW_SECONDS` behind. Both are optional
 * in the data model; that each is a date is the data model's check.
 */
export function validityPeriod(
  period: {
    readonly validFrom: EpochSeconds | undefined
    readonly validUntil: EpochSeconds | undefined
  },
  now: EpochSeconds,
): readonly Check[] {
  const { validFrom, validUntil } = period
  const findings = [
    validFrom !== undefined && validFrom > now + FUTURE_SKEW_SECONDS
      ? [failed('validity_period', 'not_yet_valid', { evidence: { validFrom, now } })]
      : [],
    validUntil !== undefined && now > validUntil + EXPIRY_SKEW_SECONDS
      ? [failed('validity_period', 'expired', { evidence: { validUntil, now } })]
      : [],
  ].flat()
  return findings.length > 0 ? findings : [passed('validity_period')]
}

/** When a credential that was verified ends, or its signature does, where either says so (VC-JOSE-COSE §3.1.3). */
export function endOfCredential(credential: JsonObject | undefined): EpochSeconds | undefined {
  const { validUntil, expirationDate, exp } = credential ?? {}
  // VCDM 2.0 and 1.1 call it differently.
  const named = validUntil ?? expirationDate
  const end = typeof named === 'string' ? parseDateTimeStamp(named) : undefined
  if (!isEpochSeconds(exp)) return end
  return end === undefined || exp < end ? exp : end
}
