declare const seconds: unique symbol

/** Seconds since 1970-01-01T00:00:00Z: a NumericDate (RFC 7519 §2), whole seconds only. */
export type EpochSeconds = number & { readonly [seconds]: true }

/** Throws a RangeError on anything but whole, non-negative, safe seconds: a bug of the caller. */
export const epochSeconds = (value: number): EpochSeconds => {
  if (!isEpochSeconds(value)) throw new RangeError('not whole epoch seconds')
  return value
}

/** True for a NumericDate as this house accepts it: whole seconds, not negative, year 9999 at most. */
export const isEpochSeconds = (value: unknown): value is EpochSeconds =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LAST_SECOND

/** 9999-12-31T23:59:59Z, the last second that `dateTimeStamp` writes with four digits of year. */
const LAST_SECOND = 253_402_300_799

/** `now` moved by `by` seconds (negative: into the past). */
export const later = (from: EpochSeconds, by: number): EpochSeconds => epochSeconds(from + by)

const DATE_TIME_STAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/

/**
 * Reads an `xsd:dateTimeStamp` (VCDM 2.0 §4.9): a date and time with a zone, fractions allowed.
 * Fractions are cut off. `24:00:00`, leap seconds and impossible dates are no date: `undefined`.
 */
export function parseDateTimeStamp(text: string): EpochSeconds | undefined {
  const parts = DATE_TIME_STAMP.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const utc = Date.UTC(year, month - 1, day, hour, minute, second)
  const read = new Date(utc)
  if (year < 100 || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return undefined
  const [sign, zoneHours, zoneMinutes] = [parts[7], Number(parts[8] ?? 0), Number(parts[9] ?? 0)]
  if (zoneHours > 14 || zoneMinutes > 59 || (zoneHours === 14 && zoneMinutes > 0)) return undefined
  const offset = (zoneHours * 60 + zoneMinutes) * 60 * (sign === '-' ? -1 : 1)
  const instant = utc / 1000 - offset
  return isEpochSeconds(instant) ? instant : undefined
}

/** `2026-11-22T04:10:46Z`: the one form in which this service writes a `dateTimeStamp`. */
export const dateTimeStamp = (at: EpochSeconds): string =>
  `${new Date(at * 1000).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`
