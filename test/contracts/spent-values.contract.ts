import { describe, expect, it } from 'vitest'
import { epochSeconds } from '../../src/domain/time.ts'
import type { SpentValues } from '../../src/ports/spent-values.ts'
import { freshId } from './instances.ts'

/** Far enough for every clock a test may run under. */
const LATER = epochSeconds(4_000_000_000)

export const spentValuesContract = (adapter: string, open: () => SpentValues) =>
  describe(`SpentValues contract: ${adapter}`, () => {
    it('says first use once', async () => {
      const [spent, space] = [open(), freshId()]
      expect(await spent.firstUse(space, 'once', LATER)).toBe(true)
      expect(await spent.firstUse(space, 'once', LATER)).toBe(false)
    })

    it('refuses a value that has ended', async () => {
      const [spent, space] = [open(), freshId()]
      expect(await spent.firstUse(space, 'ended', epochSeconds(1))).toBe(false)
      expect(await spent.firstUse(space, 'alive', LATER)).toBe(true)
    })

    it('H16: lets the spender whose use was the first use it again, and nobody else', async () => {
      const [spent, space] = [open(), freshId()]
      expect(await spent.firstUseBy('one', space, 'value', LATER)).toBe(true)
      expect(await spent.firstUseBy('one', space, 'value', LATER)).toBe(true)
      expect(await spent.firstUseBy('two', space, 'value', LATER)).toBe(false)
      expect(await spent.firstUse(space, 'value', LATER)).toBe(false)
      expect(await spent.firstUseBy('one', space, 'value', LATER)).toBe(true)
    })

    it('H16: gives what nobody in particular has used to no spender', async () => {
      const [spent, space] = [open(), freshId()]
      expect(await spent.firstUse(space, 'value', LATER)).toBe(true)
      expect(await spent.firstUseBy('one', space, 'value', LATER)).toBe(false)
      expect(await spent.firstUseBy('', space, 'value', LATER)).toBe(false)
    })

    it('refuses a spender a value that has ended', async () => {
      const [spent, space] = [open(), freshId()]
      expect(await spent.firstUseBy('one', space, 'ended', epochSeconds(1))).toBe(false)
    })

    it('A13: lets one of 64 simultaneous spenders have a value', async () => {
      const [spent, space] = [open(), freshId()]
      const uses = await Promise.all(
        Array.from({ length: 64 }, (_, n) =>
          spent.firstUseBy(String(n % 32), space, 'value', LATER),
        ),
      )
      const winners = uses.flatMap((used, n) => (used ? [n % 32] : []))
      expect([winners.length, new Set(winners).size]).toEqual([2, 1])
    })

    it('A11: keeps namespaces apart', async () => {
      const [spent, space] = [open(), freshId()]
      expect(await spent.firstUse(`${space} a`, 'shared', LATER)).toBe(true)
      expect(await spent.firstUse(`${space} b`, 'shared', LATER)).toBe(true)
    })

    it('takes values of any text, however alike', async () => {
      const [spent, space] = [open(), freshId()]
      const values = [
        '',
        ' ',
        'a',
        'A',
        'a ',
        '"',
        "'; DROP TABLE spent; --",
        '\u0000',
        'é',
        'e\u0301',
      ]
      const uses = await Promise.all(values.map((value) => spent.firstUse(space, value, LATER)))
      expect(uses).toEqual(values.map(() => true))
    })

    it('V6, A13: lets exactly one of 64 simultaneous uses of each of 20 values win', async () => {
      const [spent, space] = [open(), freshId()]
      const wins = await Promise.all(
        Array.from({ length: 20 }, async (_, value) => {
          const uses = await Promise.all(
            Array.from({ length: 64 }, () => spent.firstUse(space, String(value), LATER)),
          )
          return uses.filter(Boolean).length
        }),
      )
      expect(wins).toEqual(Array.from({ length: 20 }, () => 1))
    })
  })
