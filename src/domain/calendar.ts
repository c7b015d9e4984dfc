/** A day of the Gregorian calendar, also before there was one; January is month 1. */
export interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

/*
 * Years are counted from March on here: then a leap day is the last of its year, and the months have
 * 31, 30, 31, 30, 31 days over and over, which is 153 for five.
 */
const DAYS_OF_400_YEARS = 146_097
const DAYS_OF_100_YEARS = 36_524
const DAYS_OF_4_YEARS = 1_461
/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468

/** Days from 1970-01-01 to this one. A day beyond the end of its month is taken for one of the next. */
export function dayNumber(year: number, month: number, day: number): number {
  const inYear = month < 3 ? year - 1 : year
  const days = 365 * inYear + leapDaysUntil(inYear) + daysBeforeMonth((month + 9) % 12) + day - 1
  return days - DAYS_BEFORE_1970
}

/** The day so many days after 1970-01-01, or before for a negative number. */
export function calendarDay(number: number): CalendarDay {
  const days = number + DAYS_BEFORE_1970
  const cycles = Math.floor(days / DAYS_OF_400_YEARS)
  const inCycle = days - cycles * DAYS_OF_400_YEARS
  // Without the leap days before it, every year has 365.
  const leapDays =
    Math.floor(inCycle / (DAYS_OF_4_YEARS - 1)) -
    Math.floor(inCycle / DAYS_OF_100_YEARS) +
    Math.floor(inCycle / (DAYS_OF_400_YEARS - 1))
  const yearOfCycle = Math.floor((inCycle - leapDays) / 365)
  const inYear = inCycle - 365 * yearOfCycle - leapDaysUntil(yearOfCycle)
  const monthFromMarch = Math.floor((5 * inYear + 2) / 153)
  const month = ((monthFromMarch + 2) % 12) + 1
  return {
    year: 400 * cycles + yearOfCycle + (month < 3 ? 1 : 0),
    month,
    day: inYear - daysBeforeMonth(monthFromMarch) + 1,
  }
}

const leapDaysUntil = (year: number): number =>
  Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)

/** March is month 0. */
const daysBeforeMonth = (month: number): number => Math.floor((153 * month + 2) / 5)
