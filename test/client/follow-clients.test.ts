import { describe, expect, it } from 'vitest'
import { createTrustClient } from '../../src/client/trust-client.ts'
import type { TrustError } from '../../src/client/trust-error.ts'
import type { FollowOptions } from '../../src/client/follow-clients.ts'
import { answering, json, problem } from '../support/answering.ts'

const change = (client: string, status = 'active') => ({ client_id: client, status })
const page = (cursor: string, ...items: readonly object[]) => json({ items, cursor })
const NOTHING = json({ items: [] })

/** Follows until `rounds` batches came, and says what was asked and how long was waited. */
async function follow(
  replies: Parameters<typeof answering>,
  rounds: number,
  options: Partial<FollowOptions> = {},
) {
  const { fetch, asked } = answering(...replies)
  const waits: number[] = []
  const verifier = createTrustClient({ url: 'https://trust.example', token: 't', fetch }).verifier(
    's',
  )
  const batches: unknown[] = []
  const feed = verifier.followClients({
    pollMilliseconds: 500,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
    },
    ...options,
  })
  if (rounds > 0) {
    for await (const batch of feed) {
      batches.push(batch)
      if (batches.length === rounds) break
    }
  }
  const queries = asked.map(({ url }) => url.slice(url.indexOf('/clients/changes')))
  return { batches, queries, waits, feed }
}

describe('followClients', () => {
  it('hands on the changes in their order, asks on at once, and waits when there is nothing', async () => {
    const { batches, queries, waits } = await follow(
      [page('2', change('a'), change('b')), NOTHING, NOTHING, page('3', change('a', 'revoked'))],
      2,
    )
    expect(batches).toEqual([
      { changes: [change('a'), change('b')], cursor: '2' },
      { changes: [change('a', 'revoked')], cursor: '3' },
    ])
    expect(queries).toEqual([
      '/clients/changes',
      '/clients/changes?since=2',
      '/clients/changes?since=2',
      '/clients/changes?since=2',
    ])
    expect(waits).toEqual([500, 500])
  })

  it('asks on at once, behind the new cursor, where an answer without changes says that there is more', async () => {
    const onTheWay = json({ items: [], cursor: '1 b', more: true })
    const { queries, waits } = await follow(
      [onTheWay, json({ items: [], cursor: '1', more: false }), page('2', change('a'))],
      1,
    )
    expect(queries).toEqual([
      '/clients/changes',
      '/clients/changes?since=1%20b',
      '/clients/changes?since=1',
    ])
    expect(waits).toEqual([500])
  })

  it('begins again behind the cursor that it is given', async () => {
    const { queries } = await follow([page('9', change('a'))], 1, { since: '7 8' })
    expect(queries).toEqual(['/clients/changes?since=7%208'])
  })

  it('ends when it is told to, also while it waits', async () => {
    const stop = new AbortController()
    const { fetch } = answering(NOTHING)
    const verifier = createTrustClient({ url: 'https://trust.example', fetch }).verifier('s')
    const feed = verifier.followClients({ pollMilliseconds: 60_000, signal: stop.signal })
    const ended = feed.next()
    setTimeout(() => {
      stop.abort()
    }, 20)
    expect(await ended).toEqual({ done: true, value: undefined })
  })

  it('ends with the error of a service that is away, where nobody is told of trouble', async () => {
    const away = problem('storage_unavailable', 503)
    await expect(follow([away], 1)).rejects.toMatchObject({ reason: 'storage_unavailable' })
  })

  it('tells of trouble that passes, waits, and misses nothing', async () => {
    const told: TrustError[] = []
    const down = () => Promise.reject(new TypeError('fetch failed'))
    const { batches, queries } = await follow(
      [page('1', change('a')), problem('storage_unavailable', 503), down, page('2', change('b'))],
      2,
      { onTrouble: (error) => told.push(error) },
    )
    expect(told.map(({ reason }) => reason)).toEqual(['storage_unavailable', 'service_unreachable'])
    expect(batches).toHaveLength(2)
    expect(queries.slice(1)).toEqual(Array.from({ length: 3 }, () => '/clients/changes?since=1'))
  })

  it('ends with an error that does not pass, whoever is told', async () => {
    const wrong = problem('token_invalid', 401)
    const failed = follow([wrong], 1, { onTrouble: () => undefined })
    await expect(failed).rejects.toMatchObject({ reason: 'token_invalid' })
  })

  it('takes no status that it does not know for one that lets a client in', async () => {
    const failed = follow([page('1', change('a', 'fine'))], 1)
    await expect(failed).rejects.toMatchObject({ reason: 'answer_unexpected' })
  })
})
