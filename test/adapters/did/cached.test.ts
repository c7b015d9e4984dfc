import { describe, expect, it } from 'vitest'
import { createDidResolver } from '../../../src/adapters/did/create-did-resolver.ts'
import { leastRecentlyUsedByWeight } from '../../../src/adapters/cache/least-recently-used.ts'
import { didKeyOf } from '../../../src/adapters/did/did-key-of.ts'
import { verificationMethodFor } from '../../../src/domain/did/verification-method.ts'
import {
  DID_COMPUTED_CACHE_SECONDS,
  DID_HOST_FAILURE_CACHE_SECONDS,
  DID_NEGATIVE_CACHE_SECONDS,
  DID_REFRESH_COOL_DOWN_SECONDS,
  DID_WEB_CACHE_SECONDS,
  MAX_CACHED_DOCUMENT_CHARACTERS,
  MAX_CACHED_ENTRIES,
} from '../../../src/domain/limits.ts'
import type { FetchRefusal } from '../../../src/ports/guarded-fetch.ts'
import { DID, didOf, KEY_1, method, NOW, source } from '../../support/did-documents.ts'
import {
  budgetOf,
  fakeFetch,
  NOTHING_HOSTED,
  setClock,
  type HostAnswer,
} from '../../support/fake-fetch.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const URL_OF_DID = 'https://client.example/.well-known/did.json'
const KEY_2 = `${DID}#key-2`

function house(answer: HostAnswer) {
  const fetch = fakeFetch({ [URL_OF_DID]: answer })
  const clock = setClock(NOW)
  const resolver = createDidResolver({ clock, fetch, hosted: NOTHING_HOSTED })
  return {
    clock,
    fetch,
    resolve: (options: { fresh?: boolean; noCache?: boolean } = {}) =>
      resolver.resolve(DID, options),
    resolver,
    asked: () => fetch.requests.length,
    hostSays: (says: HostAnswer) => fetch.answers.set(URL_OF_DID, says),
  }
}

describe('the cache of resolved documents', () => {
  it('D25: answers with the very same document until its time is up, then asks again', async () => {
    const { clock, resolve, asked } = house({ json: source() })
    const first = await resolve()
    clock.pass(DID_WEB_CACHE_SECONDS - 1)
    const second = await resolve()
    expect(first.ok && second.ok && first.value.document === second.value.document).toBe(true)
    expect(asked()).toBe(1)
    clock.pass(1)
    expect(await resolve()).toMatchObject({ ok: true, value: { retrieved: NOW + 300 } })
    expect(asked()).toBe(2)
  })

  it('D25: keeps a did:web for at most 300 seconds', () => {
    expect(DID_WEB_CACHE_SECONDS).toBeLessThanOrEqual(300)
    expect(DID_NEGATIVE_CACHE_SECONDS).toBeLessThanOrEqual(30)
  })

  it.each<{ answer: HostAnswer; seconds: number }>([
    { answer: { refusal: 'not_found' }, seconds: DID_NEGATIVE_CACHE_SECONDS },
    { answer: { json: source({ id: 'did:web:x' }) }, seconds: DID_NEGATIVE_CACHE_SECONDS },
    { answer: { json: source({ deactivated: true }) }, seconds: DID_NEGATIVE_CACHE_SECONDS },
    { answer: { refusal: 'redirect_not_followed' }, seconds: DID_NEGATIVE_CACHE_SECONDS },
    { answer: { refusal: 'host_failed' }, seconds: DID_HOST_FAILURE_CACHE_SECONDS },
    { answer: { refusal: 'host_timeout' }, seconds: DID_HOST_FAILURE_CACHE_SECONDS },
  ])('D23: does not ask again for $seconds s after $answer', async ({ answer, seconds }) => {
    const { clock, resolve, asked, hostSays } = house(answer)
    const refusal = await resolve()
    expect(refusal.ok).toBe(false)
    hostSays({ json: source() })
    clock.pass(seconds - 1)
    expect(await resolve({ fresh: true })).toEqual(refusal)
    expect(asked()).toBe(1)
    clock.pass(1)
    expect((await resolve()).ok).toBe(true)
    expect(asked()).toBe(2)
  })

  it.each<FetchRefusal['reason']>(['fetch_budget_spent', 'destination_not_allowed'])(
    'D25: keeps nothing of %s, which is about the request or costs nothing',
    async (refusal) => {
      const { resolve, hostSays } = house({ refusal })
      expect((await resolve()).ok).toBe(false)
      hostSays({ json: source() })
      expect((await resolve()).ok).toBe(true)
    },
  )

  it('D25: never answers a bad document that came after a good one with the good one', async () => {
    const { clock, resolve, hostSays } = house({ json: source() })
    await resolve()
    hostSays({ json: source({ verificationMethod: [null] }) })
    clock.pass(DID_WEB_CACHE_SECONDS)
    expect(await resolve()).toMatchObject({ refusal: { reason: 'did_document_invalid' } })
    expect(await resolve()).toMatchObject({ refusal: { reason: 'did_document_invalid' } })
  })

  it('D25: asks again at once for a key that is missing, once per cool-down', async () => {
    const { clock, resolve, asked, hostSays } = house({ json: source() })
    await resolve()
    const rotated = source({
      verificationMethod: [method(), method({ id: KEY_2, publicKeyJwk: PUBLIC_KEYS['P-256'] })],
      authentication: [KEY_1, KEY_2],
    })
    hostSays({ json: rotated })
    clock.pass(DID_REFRESH_COOL_DOWN_SECONDS - 1)
    await resolve({ fresh: true })
    expect(asked()).toBe(1)
    clock.pass(1)
    const refreshed = await resolve({ fresh: true })
    expect(asked()).toBe(2)
    expect(refreshed.ok && refreshed.value.document.verificationMethods.has(KEY_2)).toBe(true)
    for (let again = 0; again < 50; again++) await resolve({ fresh: true })
    expect(asked()).toBe(2)
  })

  it('D25: asks each time for a caller who says noCache, past documents and refusals', async () => {
    const { resolve, asked, hostSays } = house({ json: source() })
    await resolve()
    await resolve({ noCache: true })
    expect(asked()).toBe(2)
    hostSays({ refusal: 'host_failed' })
    expect(await resolve({ noCache: true })).toEqual({
      ok: false,
      refusal: { reason: 'did_host_failed' },
    })
    expect(await resolve()).toMatchObject({ ok: true })
    hostSays({ refusal: 'not_found' })
    expect(await resolve({ noCache: true })).toMatchObject({ ok: false })
    hostSays({ json: source() })
    expect(await resolve()).toMatchObject({ ok: false })
    expect(await resolve({ noCache: true })).toMatchObject({ ok: true })
    expect(asked()).toBe(5)
    expect(await resolve()).toMatchObject({ ok: true })
    expect(asked()).toBe(5)
  })

  it('D23: a refresh that fails leaves the document in place, and is not tried again at once', async () => {
    const { clock, resolve, asked, hostSays } = house({ json: source() })
    await resolve()
    hostSays({ refusal: 'host_failed' })
    clock.pass(DID_REFRESH_COOL_DOWN_SECONDS)
    expect(await resolve({ fresh: true })).toMatchObject({ ok: true, value: { retrieved: NOW } })
    expect(await resolve({ fresh: true })).toMatchObject({ ok: true })
    expect(asked()).toBe(2)
  })

  it('D25: takes a key away at the latest when the time to live is up', async () => {
    const { clock, resolve, hostSays } = house({ json: source() })
    await resolve()
    hostSays({ json: source({ verificationMethod: [], authentication: [] }) })
    clock.pass(DID_WEB_CACHE_SECONDS)
    const after = await resolve()
    expect(
      after.ok && verificationMethodFor(after.value.document, 'authentication', KEY_1, NOW),
    ).toEqual({ ok: false, refusal: { reason: 'kid_not_found' } })
  })

  it('K4: a rotation that publishes first and waits out the cache never fails', async () => {
    const { clock, resolve, hostSays } = house({ json: source() })
    const verifies = async (kid: string) => {
      const resolved = await resolve()
      return (
        resolved.ok &&
        verificationMethodFor(resolved.value.document, 'authentication', kid, clock.now()).ok
      )
    }
    expect(await verifies(KEY_1)).toBe(true)
    const both = [method(), method({ id: KEY_2 })]
    hostSays({ json: source({ verificationMethod: both, authentication: [KEY_1, KEY_2] }) })
    for (let waited = 0; waited < DID_WEB_CACHE_SECONDS; waited += 30) {
      expect(await verifies(KEY_1)).toBe(true)
      clock.pass(30)
    }
    expect(await verifies(KEY_2)).toBe(true)
    expect(await verifies(KEY_1)).toBe(true)
    hostSays({ json: source({ verificationMethod: [both[1] ?? {}], authentication: [KEY_2] }) })
    clock.pass(DID_WEB_CACHE_SECONDS)
    expect(await verifies(KEY_2)).toBe(true)
    expect(await verifies(KEY_1)).toBe(false)
  })

  it('D25: answers nothing that is past its time, also while the host is away', async () => {
    const { clock, resolve, asked, hostSays } = house({ json: source() })
    await resolve()
    hostSays({ refusal: 'host_timeout' })
    clock.pass(DID_WEB_CACHE_SECONDS)
    const away = { ok: false, refusal: { reason: 'did_host_timeout' } }
    expect(await resolve()).toEqual(away)
    expect(await resolve()).toEqual(away)
    expect(asked()).toBe(2)
    hostSays({ json: source() })
    clock.pass(DID_HOST_FAILURE_CACHE_SECONDS)
    expect(await resolve()).toMatchObject({ ok: true, value: { retrieved: clock.now() } })
  })

  it('D25: never answers again what the host has taken away', async () => {
    const { clock, resolve, hostSays } = house({ json: source() })
    await resolve()
    hostSays({ refusal: 'not_found' })
    clock.pass(DID_WEB_CACHE_SECONDS)
    expect(await resolve()).toMatchObject({ refusal: { reason: 'did_not_found' } })
    hostSays({ refusal: 'host_failed' })
    clock.pass(DID_NEGATIVE_CACHE_SECONDS)
    expect(await resolve()).toMatchObject({ refusal: { reason: 'did_host_failed' } })
  })

  it('D23: calls of one request share one fetch, calls of others do not wait for it', async () => {
    const { resolver, asked } = house({ json: source() })
    const budget = budgetOf(20)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => resolver.resolve(DID, { budget })),
    )
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(asked()).toBe(1)
    const strangers = house({ json: source() })
    await Promise.all(
      [1, 2, 3].map(() => strangers.resolver.resolve(DID, { budget: budgetOf(20) })),
    )
    expect(strangers.asked()).toBe(3)
  })

  it('D24: takes one from the budget for each fetch, none for an answer from memory', async () => {
    const { resolver } = house({ json: source() })
    const budget = budgetOf(1)
    expect((await resolver.resolve(DID, { budget })).ok).toBe(true)
    expect((await resolver.resolve(DID, { budget })).ok).toBe(true)
    expect(await resolver.resolve(didOf('did:web:other.example'), { budget })).toEqual({
      ok: false,
      refusal: { reason: 'fetch_budget_spent' },
    })
  })

  it('D23: a flood of made-up names pushes no document out', async () => {
    const { resolver, resolve, asked } = house({ json: source() })
    await resolve()
    for (let at = 0; at < 2 * MAX_CACHED_ENTRIES; at++)
      await resolver.resolve(didOf(`did:web:host-${String(at)}.example`))
    const before = asked()
    expect((await resolve()).ok).toBe(true)
    expect(asked()).toBe(before)
  })

  it('keeps a computed document for a day and never asks a network for it', async () => {
    const { clock, fetch, resolver } = house({ json: source() })
    const did = didKeyOf(PUBLIC_KEYS['P-256'])
    const first = await resolver.resolve(did)
    clock.pass(DID_COMPUTED_CACHE_SECONDS - 1)
    const second = await resolver.resolve(did, { fresh: true })
    expect(first.ok && second.ok).toBe(true)
    expect(fetch.requests).toHaveLength(0)
  })

  it('H19: asks again when the clock was set back, so that nothing lives longer for it', async () => {
    const { clock, resolve, asked, hostSays } = house({ json: source() })
    await resolve()
    hostSays({ refusal: 'not_found' })
    clock.pass(-3_600)
    expect((await resolve()).ok).toBe(false)
    hostSays({ json: source() })
    clock.pass(-3_600)
    expect((await resolve()).ok).toBe(true)
    expect(asked()).toBe(3)
  })

  it('H19: does not believe a document of the future when the host is away, then or later', async () => {
    const { clock, resolve, hostSays } = house({ json: source() })
    expect((await resolve()).ok).toBe(true)
    hostSays({ refusal: 'host_failed' })
    clock.pass(299)
    expect((await resolve()).ok).toBe(true)
    for (const seconds of [-3_600, 11, 3_000, 300]) {
      clock.pass(seconds)
      expect((await resolve()).ok).toBe(false)
    }
  })

  it('hands a fault of ours on, and asks again after it', async () => {
    const { fetch, resolve } = house({ json: source() })
    const get = fetch.get.bind(fetch)
    fetch.get = () => Promise.reject(new Error('the store is away'))
    await expect(resolve()).rejects.toThrow('the store is away')
    fetch.get = get
    expect((await resolve()).ok).toBe(true)
  })
})

describe('the room that documents have', () => {
  it('D25: forgets the least recently used when there are too many', () => {
    const kept = leastRecentlyUsedByWeight<string>({ entries: 2, weight: Infinity }, () => 0)
    kept.set('a', 'A')
    kept.set('b', 'B')
    expect(kept.get('a')).toBe('A')
    kept.set('c', 'C')
    expect(['a', 'b', 'c'].map((key) => kept.get(key))).toEqual(['A', undefined, 'C'])
  })

  it('D25: forgets as many as it takes when they weigh too much', () => {
    const kept = leastRecentlyUsedByWeight<number>({ entries: 10, weight: 10 }, (value) => value)
    for (const weight of [4, 3, 3]) kept.set(String(weight), weight)
    kept.set('9', 9)
    expect(kept.get('4')).toBeUndefined()
    expect(kept.get('3')).toBeUndefined()
    expect(kept.get('9')).toBe(9)
    kept.set('11', 11)
    expect(kept.get('11')).toBeUndefined()
    expect(kept.get('9')).toBeUndefined()
  })

  it('D25: bounds what an isolate keeps to sixteen mebibytes of text', () => {
    expect(MAX_CACHED_DOCUMENT_CHARACTERS).toBe(16 * 1024 * 1024)
  })
})
