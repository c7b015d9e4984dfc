import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { durableIssuerStore } from '../../src/adapters/durable/issuer-store.ts'
import { readBindings } from '../../src/bindings.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { IDEMPOTENCY_SECONDS } from '../../src/domain/limits.ts'
import { later } from '../../src/domain/time.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked } from '../contracts/instances.ts'

const { objects } = readBindings({ ...env })
const store = durableIssuerStore(objects.issuers)

const keys = (id: InstanceId): Promise<readonly string[]> =>
  runInDurableObject(objects.issuers.getByName(id), async (_, { storage: { sql } }) =>
    sql
      .exec<{ key: string }>('SELECT key FROM idempotency ORDER BY key')
      .toArray()
      .map(({ key }) => key),
  )

/** An issuer that was renamed under a key at some seconds from `CHANGE.at`, one after the other. */
async function renamed(...times: readonly (readonly [key: string, seconds: number])[]) {
  const id = freshId()
  await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
  for (const [key, seconds] of times)
    await store.update(id, { name: key }, { ...marked(key), at: later(CHANGE.at, seconds) })
  return keys(id)
}

describe('marks of changes', () => {
  it('H13: are deleted when they have expired, and not before', async () => {
    const expired = ['b', IDEMPOTENCY_SECONDS] as const
    expect(await renamed(['a', 0], expired)).toEqual(['b'])
    expect(await renamed(['a', 1], expired)).toEqual(['a', 'b'])
  })

  it('H19: that a clock made which ran ahead hold up none of those behind them', async () => {
    const ahead = ['ahead', 10 * IDEMPOTENCY_SECONDS] as const
    expect(await renamed(ahead, ['a', 0], ['b', IDEMPOTENCY_SECONDS])).toEqual(['b'])
    expect(await renamed(ahead, ['a', 0], ['b', IDEMPOTENCY_SECONDS - 1])).toEqual(['a', 'b'])
  })

  it('H13: stay when the clock was set back by an hour', async () => {
    expect(await renamed(['a', 3_600], ['b', 0])).toEqual(['a', 'b'])
  })
})
