import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDay, dayNumber } from '../../src/domain/calendar.ts'
import { dateTimeStamp, epochSeconds, parseDateTimeStamp } from '../../src/domain/time.ts'

/** 0001-01-01 and 9999-12-31, as days from 1970-01-01. */
const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896]
const DAY_SECONDS = 24 * 60 * 60

describe('the calendar', () => {
  it('is that of the platform, on days of all centuries and on those around each leap day', () => {
    const around = Array.from({ length: 100 }, (_, n) => 100 * n + 4).flatMap((year) =>
      [-1, 0, 1].map((by) => dayNumber(year, 3, 1) + by),
    )
    const judge = (number: number): void => {
      const date = new Date(number * DAY_SECONDS * 1000)
      const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
      expect(calendarDay(number)).toEqual({ year, month, day })
      expect(dayNumber(year, month, day)).toBe(number)
    }
    for (const number of [FIRST_DAY, -1, 0, 1, LAST_DAY, ...around]) judge(number)
    fc.assert(fc.property(fc.integer({ min: FIRST_DAY, max: LAST_DAY }), judge))
  })
})

describe('dateTimeStamp', () => {
  it('writes what parseDateTimeStamp reads, and what the platform writes', () => {
    const second = fc.integer({ min: FIRST_DAY * DAY_SECONDS, max: 253_402_300_799 })
    fc.assert(
      fc.property(second, (at) => {
        const text = dateTimeStamp(epochSeconds(at))
        expect(text).toBe(`${new Date(at * 1000).toISOString().slice(0, 19)}Z`)
        if (!text.startsWith('00')) expect(parseDateTimeStamp(text)).toBe(at)
      }),
    )
  })
})

describe('parseDateTimeStamp (VCDM 2.0 §4.9)', () => {
  it.each([
    ['2026-11-22T04:10:46Z', 1_795_320_646],
    ['2026-11-22T04:10:46.999Z', 1_795_320_646],
    ['2026-11-22T05:40:46+01:30', 1_795_320_646],
    ['2026-11-21T14:10:46-14:00', 1_795_320_646],
    ['2024-02-29T00:00:00Z', 1_709_164_800],
    ['2000-02-29T00:00:00Z', 951_782_400],
    ['1969-12-31T23:59:59Z', -1],
  ])('V8: reads %s', (text, at) => {
    expect(parseDateTimeStamp(text)).toBe(at)
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-01-10T24:00:00Z',
    '2026-01-10T00:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-01-10T00:00:00',
    '2026-01-10T00:00:00z',
    '2026-01-10 00:00:00Z',
    '2026-01-10T00:00:00+14:01',
    '2026-01-10T00:00:00+1:00',
    '9999-12-31T23:59:59-00:01',
    '0001-01-01T00:00:00Z',
    '12026-01-10T00:00:00Z',
    '２026-01-10T00:00:00Z',
    '',
  ])('V8: %j is no date', (text) => {
    expect(parseDateTimeStamp(text)).toBeUndefined()
  })
})
