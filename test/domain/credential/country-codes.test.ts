import { expect, it } from 'vitest'
import { isCountryCode } from '../../../src/domain/credential/country-codes.ts'

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
const pairs = letters.flatMap((first) => letters.map((second) => first + second))

it('accepts the 249 assigned codes, for each of which the platform knows a region', () => {
  const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const codes = pairs.filter(isCountryCode)
  expect(codes).toHaveLength(249)
  expect(codes.filter((code) => regions.of(code) === undefined)).toEqual([])
})

it.each(['EU', 'UK', 'XK', 'XX', 'ZZ', 'AN', 'SU', 'de', 'D', 'DEU', '', 'constructor'])(
  'refuses %j',
  (code) => {
    expect(isCountryCode(code)).toBe(false)
  },
)
