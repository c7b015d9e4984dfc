import { calendarDay, dayNumber } from './calendar.ts'

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
  const year = numberAt(text, 0, 4)
  const month = numberAt(text, 5, 7)
  const day = numberAt(text, 8, 10)
  const hour = numberAt(text, 11, 13)
  const minute = numberAt(text, 14, 16)
  const second = numberAt(text, 17, 19)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  if (year < 100 || month < 1 || month > 12 || day < 1) return undefined
  const date = dayNumber(year, month, day)
  // A day that its month does not have is one of the next.
  if (calendarDay(date).day !== day) return undefined
  const offset = text.endsWith('Z') ? 0 : zoneOffset(text.slice(-'+hh:mm'.length))
  if (offset === undefined) return undefined
  const instant = date * DAY + hour * 3_600 + minute * 60 + second - offset
  return isMoment(instant) ? instant : undefined
}

/** The number that the digits there make. */
function numberAt(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - ZERO
  return number
}

/** Seconds; XML Schema ends zones at fourteen hours. */
function zoneOffset(zone: string): number | undefined {
  const [hours, minutes] = [numberAt(zone, 1, 3), numberAt(zone, 4, 6)]
  if (hours > 14 || minutes > 59 || (hours === 14 && minutes > 0)) return undefined
  return (hours * 60 + minutes) * 60 * (zone.startsWith('-') ? -1 : 1)
}

/** `2026-11-22T04:10:46Z`: the one form in which this service writes a `dateTimeStamp`. */
export function dateTimeStamp(at: EpochSeconds): string {
  const date = Math.floor(at / DAY)
  const { year, month, day } = calendarDay(date)
  const inDay = at - date * DAY
  const hour = Math.floor(inDay / 3_600)
  const minute = Math.floor(inDay / 60) % 60
  const second = inDay % 60
  const century = Math.floor(year / 100)
  // NOTE: in one piece. An answer with a text in it that was put together from pieces takes
  // `JSON.stringify` three times as long.
  return String.fromCharCode(
    tens(century),
    ones(century),
    tens(year),
    ones(year),
    HYPHEN,
    tens(month),
    ones(month),
    HYPHEN,
    tens(day),
    ones(day),
    T,
    tens(hour),
    ones(hour),
    COLON,
    tens(minute),
    ones(minute),
    COLON,
    tens(second),
    ones(second),
    Z,
  )
}

const DAY = 24 * 60 * 60
const [ZERO, HYPHEN, COLON, T, Z] = [0x30, 0x2d, 0x3a, 0x54, 0x5a]
const tens = (number: number): number => ZERO + (Math.floor(number / 10) % 10)
const ones = (number: number): number => ZERO + (number % 10)
