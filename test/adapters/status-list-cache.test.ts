import { describe, expect, it } from 'vitest'
import { createStatusListCache } from '../../src/adapters/cache/status-lists.ts'
import { memorySeenStatusLists } from '../../src/adapters/memory/seen-status-lists.ts'
import { epochSeconds, later } from '../../src/domain/time.ts'
import type { KeptStatusList } from '../../src/ports/status-list-cache.ts'

const NOW = epochSeconds(1_768_478_400)
const MEBIBYTE = 1024 * 1024

const listOf = (bytes: number): KeptStatusList => ({
  list: {
    bytes: new Uint8Array(bytes),
    bits: 1,
    first: 'most_significant',
    purposes: ['revocation'],
  },
  asked: NOW,
  expires: later(NOW, 60),
})
const refusal = {
  refusal: { reason: 'status_list_unavailable' },
  asked: NOW,
  expires: later(NOW, 10),
} as const

describe('status lists in the memory of an isolate', () => {
  it('D25: lets the least recently used go beyond 32 MiB', () => {
    const cache = createStatusListCache(memorySeenStatusLists())
    for (let n = 0; n < 31; n++) cache.keepList(String(n), listOf(MEBIBYTE))
    expect(cache.list('0')).toBeDefined()
    cache.keepList('31', listOf(MEBIBYTE))
    expect([cache.list('1'), cache.list('0') === undefined]).toEqual([undefined, false])
  })

  it('D25: lets the least recently used go beyond 1,000', () => {
    const cache = createStatusListCache(memorySeenStatusLists())
    for (let n = 0; n <= 1_000; n++) cache.keepList(String(n), listOf(1))
    expect([cache.list('0'), cache.list('1') === undefined]).toEqual([undefined, false])
  })

  it('D23: no flood of refusals pushes out a list, or what is known of its age', async () => {
    const cache = createStatusListCache(memorySeenStatusLists())
    cache.keepList('good', listOf(1))
    await cache.newest('good', NOW)
    for (let n = 0; n < 5_000; n++) cache.keepRefusal(String(n), refusal)
    expect(cache.refusal('0')).toBeUndefined()
    expect(cache.refusal('4999')).toEqual(refusal)
    expect(cache.list('good')).toBeDefined()
    expect(await cache.newest('good', undefined)).toBe(NOW)
  })

  it('forgets what was refused before when there is a list', () => {
    const cache = createStatusListCache(memorySeenStatusLists())
    cache.keepRefusal('one', refusal)
    cache.keepList('one', listOf(1))
    expect(cache.refusal('one')).toBeUndefined()
  })
})
