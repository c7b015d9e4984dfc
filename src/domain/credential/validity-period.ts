import { EXPIRY_SKEW_SECONDS, FUTURE_SKEW_SECONDS } from '../limits.ts'
import type { EpochSeconds } from '../time.ts'
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
