import { describe, expect, it } from 'vitest'
import { atMostAtOnce } from '../../src/use-cases/at-most-at-once.ts'

const ITEMS = Array.from({ length: 50 }, (_, at) => at)
/** Waits a few turns, fewer for later items, so that they end out of order. */
const turns = async (count: number) => {
  for (let at = 0; at < count; at++) await Promise.resolve()
}

describe('atMostAtOnce', () => {
  it('answers in the order of the items, with no more than so many at work', async () => {
    let [running, most] = [0, 0]
    const answers = await atMostAtOnce(16, ITEMS, async (item, position) => {
      most = Math.max(most, ++running)
      await turns(100 - item)
      running--
      return [item, position]
    })
    expect(answers).toEqual(ITEMS.map((item) => [item, item]))
    expect(most).toBe(16)
  })

  it('H15: throws a fault after what runs has ended, and starts nothing more', async () => {
    const started: number[] = []
    let running = 0
    const all = atMostAtOnce(4, ITEMS, async (item) => {
      started.push(item)
      running++
      await turns(item === 2 ? 1 : 20)
      running--
      if (item === 2) throw new Error('the store is away')
    })
    await expect(all).rejects.toThrow('the store is away')
    expect(running).toBe(0)
    expect(started).toEqual([0, 1, 2, 3])
  })

  it('has no answer for no item', async () => {
    expect(await atMostAtOnce(16, [], () => Promise.reject(new Error('asked')))).toEqual([])
  })
})
