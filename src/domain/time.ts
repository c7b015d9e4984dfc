declare const seconds: unique symbol

/** Whole seconds since 1970-01-01T00:00:00Z, negative before it; a NumericDate (RFC 7519 §2) from there on. */
export type EpochSeconds = number & { readonly [seconds]: true }

/** Throws a RangeError on anything but whole seconds of the years 1 to 9999: a bug of the caller. */
export const epochSeconds = (value: number): EpochSeconds => {
  if (!isMoment(value)) throw new RangeError('not whole epoch seconds')
  return value
}

/** True for a NumericDate as this house accepts it: whole seconds, not negative, year 9999 at most. */
export const isEpochSeconds = (value: unknown): value is EpochSeconds =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LAST_SECOND

/** True for whole seconds of the years 1 to 9999, which a `dateTimeStamp` may name. */
export const isMoment = (value: unknown): value is EpochSeconds =>
  typeof value === 'number' &&
  Number.isSafeInteger(value) &&
  value >= FIRST_SECOND &&
  value <= LAST_SECOND

/** 0001-01-01T00:00:00Z. */
const FIRST_SECOND = -62_135_596_800

/** 9999-12-31T23:59:59Z, the last second that `dateTimeStamp` writes with four digits of year. */
const LAST_SECOND = 253_402_300_799

/** `now` moved by `by` seconds (negative: into the past). */
export const later = (from: EpochSeconds, by: number): EpochSeconds => epochSeconds(from + by)

const DATE_TIME_STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Reads an `xsd:dateTimeStamp` (VCDM 2.0 §4.9): a date and time with a zone, fractions allowed.
 * Fractions are cut off. `24:00:00`, leap seconds and impossible dates are no date: `undefined`.
 */
export function parseDateTimeStamp(text: string): EpochSeconds | undefined {
  if (!DATE_TIME_STAMP.test(text)) return undefined
  const [year, month, day] = [numberAt(text, 0, 4), numberAt(text, 5, 7), numberAt(text, 8, 10)]
  const [hour, minute] = [numberAt(text, 11, 13), numberAt(text, 14, 16)]
  const second = numberAt(text, 17, 19)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const utc = Date.UTC(year, month - 1, day, hour, minute, second)
  const read = new Date(utc)
  if (year < 100 || read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return undefined
  const offset = text.endsWith('Z') ? 0 : zoneOffset(text.slice(-'+hh:mm'.length))
  if (offset === undefined) return undefined
  const instant = utc / 1000 - offset
  return isMoment(instant) ? instant : undefined
}

const numberAt = (text: string, from: number, to: number): number => Number(text.slice(from, to))

/** Seconds; XML Schema ends zones at fourteen hours. */
function zoneOffset(zone: string): number | undefined {
  const [hours, minutes] = [numberAt(zone, 1, 3), numberAt(zone, 4, 6)]
  if (hours > 14 || minutes > 59 || (hours === 14 && minutes > 0)) return undefined
  return (hours * 60 + minutes) * 60 * (zone.startsWith('-') ? -1 : 1)
}

/** `2026-11-22T04:10:46Z`: the one form in which this service writes a `dateTimeStamp`. */
export const dateTimeStamp = (at: EpochSeconds): string =>
  `${new Date(at * 1000).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`
