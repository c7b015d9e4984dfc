import { expect, it } from 'vitest'
import { commitGroups } from '../../src/adapters/durable/commit-groups.ts'

/** Groups whose commits, and whose patience, end when the test says so. */
function groups() {
  const commits: PromiseWithResolvers<undefined>[] = []
  const waits: PromiseWithResolvers<undefined>[] = []
  const later = (kept: PromiseWithResolvers<undefined>[]) => () => {
    const end = Promise.withResolvers<undefined>()
    kept.push(end)
    return end.promise
  }
  const ran: string[] = []
  const together = commitGroups({ sync: later(commits) }, later(waits))
  const run = (name: string) => together(async () => void ran.push(name))
  const commitEnds = async () => {
    await turn()
    commits.at(-1)?.resolve(undefined)
    await turn()
  }
  const patienceEnds = async () => {
    waits.at(-1)?.resolve(undefined)
    await turn()
  }
  return { together, run, ran, commits, waits, commitEnds, patienceEnds }
}

/** One turn of the event loop: all that can go on without a commit has gone on. */
const turn = () => new Promise((resolve) => setTimeout(resolve))

it('lets a lone caller go at once, time after time, and does not keep it until the commit ends', async () => {
  const { together, commitEnds, waits } = groups()
  expect(await together(() => Promise.resolve('done'))).toBe('done')
  await commitEnds()
  expect(await together(() => Promise.resolve('again'))).toBe('again')
  expect(waits).toHaveLength(0)
})

it('runs nothing while a commit is under way, and then all in one turn and one commit', async () => {
  const { run, ran, commits, commitEnds, patienceEnds } = groups()
  await run('first')
  const waiting = [run('second'), run('third')]
  await turn()
  expect(ran).toEqual(['first'])
  await commitEnds()
  await patienceEnds()
  await Promise.all(waiting)
  expect(ran).toEqual(['first', 'second', 'third'])
  expect(commits).toHaveLength(2)
})

it('goes as soon as all are here that came last time', async () => {
  const { run, ran, commitEnds } = groups()
  const all = [run('first'), run('second'), run('third')]
  await turn()
  expect(ran).toEqual(['first'])
  await commitEnds()
  // One had the commit and two found it under way.
  all.push(run('fourth'))
  await turn()
  expect(ran).toEqual(['first', 'second', 'third', 'fourth'])
  await Promise.all(all)
})

it('goes without those who stay away, and expects no more of them', async () => {
  const { run, ran, waits, commitEnds, patienceEnds } = groups()
  const all = [run('first'), run('second'), run('third')]
  await commitEnds()
  await patienceEnds()
  expect(ran).toEqual(['first', 'second', 'third'])
  await commitEnds()
  all.push(run('alone'))
  await turn()
  expect(ran).toHaveLength(3)
  await patienceEnds()
  expect(ran).toHaveLength(4)
  await commitEnds()
  all.push(run('alone again'))
  await turn()
  expect(ran).toHaveLength(5)
  expect(waits).toHaveLength(2)
  await Promise.all(all)
})

it('patience of a group that has gone hurries no later one', async () => {
  const { run, ran, waits, commitEnds } = groups()
  const all = [run('first'), run('second')]
  await commitEnds()
  all.push(run('third'))
  await commitEnds()
  expect(ran).toEqual(['first', 'second', 'third'])
  all.push(run('fourth'))
  await turn()
  waits[0]?.resolve(undefined)
  await turn()
  expect(ran).toHaveLength(3)
  waits[1]?.resolve(undefined)
  await turn()
  expect(ran).toHaveLength(4)
  await Promise.all(all)
})

it('answers a change its own fault, and lets its neighbours and the next go', async () => {
  const { together, run, commitEnds } = groups()
  const refused = together(() => Promise.reject(new Error('refused')))
  await expect(refused).rejects.toThrow('refused')
  await commitEnds()
  await run('done')
})

it('a commit that failed stops no later change: its own are told by the platform', async () => {
  const { together, commits, run } = groups()
  await together(() => Promise.resolve('lost'))
  await turn()
  commits[0]?.reject(new Error('disk full'))
  await turn()
  await run('done')
})
