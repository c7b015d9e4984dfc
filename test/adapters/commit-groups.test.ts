import { expect, it } from 'vitest'
import { commitGroups } from '../../src/adapters/durable/commit-groups.ts'

/** A storage whose commits end when the test says so. */
function storage() {
  const ends: PromiseWithResolvers<undefined>[] = []
  return {
    sync: () => {
      const end = Promise.withResolvers<undefined>()
      ends.push(end)
      return end.promise
    },
    ends,
  }
}

/** One turn of the event loop: all that can go on without a commit has gone on. */
const turn = () => new Promise((resolve) => setTimeout(resolve))

it('lets a lone caller go at once, and does not keep it until the commit ends', async () => {
  const together = commitGroups(storage())
  expect(await together(() => Promise.resolve('done'))).toBe('done')
})

it('runs together in one turn what came while a commit was under way', async () => {
  const { sync, ends } = storage()
  const together = commitGroups({ sync })
  const ran: string[] = []
  const run = (name: string) => together(async () => void ran.push(name))
  await run('first')
  const waiting = [run('second'), run('third')]
  await turn()
  expect(ran).toEqual(['first'])
  ends[0]?.resolve(undefined)
  await Promise.all(waiting)
  expect(ran).toEqual(['first', 'second', 'third'])
  const later = run('fourth')
  await turn()
  expect(ran).toHaveLength(3)
  for (const end of ends) end.resolve(undefined)
  await later
})

it('answers a change its own fault, and lets the next go', async () => {
  const { sync, ends } = storage()
  const together = commitGroups({ sync })
  await expect(together(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  ends[0]?.resolve(undefined)
  expect(await together(() => Promise.resolve('done'))).toBe('done')
})

it('a commit that failed stops no later change: its own are told by the platform', async () => {
  const { sync, ends } = storage()
  const together = commitGroups({ sync })
  await together(() => Promise.resolve('lost'))
  ends[0]?.reject(new Error('disk full'))
  expect(await together(() => Promise.resolve('done'))).toBe('done')
})
