import { describe, expect, it } from 'vitest'
import { createGuardedFetch, type PlatformFetch } from '../../src/adapters/fetch/guarded-fetch.ts'
import {
  MAX_FETCHES_PER_CALLER_HOST_AND_MINUTE,
  MAX_FETCHES_PER_HOST_AND_MINUTE,
} from '../../src/domain/limits.ts'
import type { FetchRefusal, GuardedRequest } from '../../src/ports/guarded-fetch.ts'
import { NOW } from './did-documents.ts'
import { budgetOf, setClock } from './fake-fetch.ts'
import { forbiddenUrls } from './forbidden-destinations.ts'

const MAX_BYTES = 1_000
const URL_OF_LIST = 'https://client.example/list'
const request = (change: Partial<GuardedRequest> = {}): GuardedRequest => ({
  url: URL_OF_LIST,
  mediaTypes: ['application/json'],
  maxBytes: MAX_BYTES,
  budget: undefined,
  ...change,
})
const refused = (reason: FetchRefusal['reason']) => ({ ok: false, refusal: { reason } })
const json = (init: ResponseInit = {}, body: BodyInit | null = '{}') =>
  new Response(body, { headers: { 'Content-Type': 'application/json' }, ...init })

/** A stream of `chunks` chunks of 100 bytes, or without end, that tells how far it was read. */
function stream(chunks: number) {
  const seen = { pulled: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulled++
        controller.enqueue(new Uint8Array(100).fill(0x20))
        if (seen.pulled >= chunks) controller.close()
      },
      cancel() {
        seen.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, seen }
}

function house(
  fetch: PlatformFetch,
  localHosts: ReadonlyMap<string, { fetch: PlatformFetch }> = new Map(),
) {
  const clock = setClock(NOW)
  const sent: { url: string; init: RequestInit }[] = []
  const guarded = createGuardedFetch({
    clock,
    localHosts,
    fetch: (url, init) => {
      sent.push({ url, init })
      return fetch(url, init)
    },
  })
  return { clock, sent, get: (change?: Partial<GuardedRequest>) => guarded.get(request(change)) }
}
const answering = (response: () => Response) => house(async () => response())

/** What the guarded fetch promises, for each runtime that it runs on. */
export function guardedFetchSuite(runtime: string): void {
  describe(`the guarded fetch (${runtime})`, () => {
    it('answers with the body that every refusal below is made from', async () => {
      const { get } = answering(() => json({}, '{"a":1}'))
      expect(await get()).toEqual({
        ok: true,
        value: { bytes: new TextEncoder().encode('{"a":1}'), mediaType: 'application/json' },
      })
    })

    it('D10: sends one GET that the platform accepts, without credentials, following nothing', async () => {
      const { get, sent } = house(async (url, init) => {
        const asked = new Request(url, init)
        expect(asked.method).toBe('GET')
        expect(asked.redirect).toBe('manual')
        return json()
      })
      await get({ mediaTypes: ['application/json', 'application/did'] })
      expect(sent).toHaveLength(1)
      expect(sent[0]?.init.headers).toEqual({
        Accept: 'application/json, application/did',
        'User-Agent': 'lso-trust',
      })
      const members = Object.keys(sent[0]?.init ?? {}).sort()
      expect(members).toEqual(['headers', 'redirect', 'signal'])
    })

    it.each([
      { status: 301, reason: 'redirect_not_followed' },
      { status: 302, reason: 'redirect_not_followed' },
      { status: 303, reason: 'redirect_not_followed' },
      { status: 307, reason: 'redirect_not_followed' },
      { status: 308, reason: 'redirect_not_followed' },
      { status: 304, reason: 'redirect_not_followed' },
      { status: 201, reason: 'body_incomplete' },
      { status: 204, reason: 'body_incomplete' },
      { status: 206, reason: 'body_incomplete' },
      { status: 404, reason: 'not_found' },
      { status: 410, reason: 'not_found' },
      { status: 400, reason: 'host_failed' },
      { status: 401, reason: 'host_failed' },
      { status: 403, reason: 'host_failed' },
      { status: 429, reason: 'host_failed' },
      { status: 500, reason: 'host_failed' },
      { status: 503, reason: 'host_failed' },
    ] as const)('D10, D12: refuses the status $status as $reason', async ({ status, reason }) => {
      const headers = { 'Content-Type': 'application/json', Location: 'http://127.0.0.1/' }
      const empty = status === 204 || status === 304
      const { get, sent } = answering(() => json({ status, headers }, empty ? null : '{}'))
      expect(await get()).toEqual(refused(reason))
      expect(sent).toHaveLength(1)
    })

    it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;a="b;c"'])(
      'accepts the media type %s',
      async (type) => {
        const { get } = answering(() => json({ headers: { 'Content-Type': type } }))
        expect(await get()).toMatchObject({ value: { mediaType: 'application/json' } })
      },
    )

    it.each(['text/html', 'image/png', 'application/jsonp', 'text/json', 'json', '*/*', ';'])(
      'D12: refuses the media type %s',
      async (type) => {
        const { get } = answering(() => json({ headers: { 'Content-Type': type } }))
        expect(await get()).toEqual(refused('media_type_not_accepted'))
      },
    )

    it('D12: refuses an answer without media type', async () => {
      const { get } = answering(() => new Response(new TextEncoder().encode('{}')))
      expect(await get()).toEqual(refused('media_type_not_accepted'))
    })

    it('D11: accepts a body of exactly the limit and refuses one byte more', async () => {
      const sized = (bytes: number) => answering(() => json({}, 'a'.repeat(bytes)))
      expect(await sized(MAX_BYTES).get()).toMatchObject({ ok: true })
      expect(await sized(MAX_BYTES + 1).get()).toEqual(refused('body_too_large'))
    })

    it('D11: reads a body without end no further than the limit, and lets go of it', async () => {
      const { body, seen } = stream(Infinity)
      const { get } = answering(() => json({}, body))
      expect(await get()).toEqual(refused('body_too_large'))
      expect(seen.pulled).toBeLessThanOrEqual(MAX_BYTES / 100 + 2)
      expect(seen.cancelled).toBe(true)
    })

    it('D11: refuses by Content-Length before it reads, and is not deceived by a small one', async () => {
      const { body, seen } = stream(Infinity)
      const lengthy = { 'Content-Type': 'application/json', 'Content-Length': '200000000' }
      expect(await answering(() => json({ headers: lengthy }, body)).get()).toEqual(
        refused('body_too_large'),
      )
      expect(seen.pulled).toBeLessThanOrEqual(1)
      const lying = { 'Content-Type': 'application/json', 'Content-Length': '2' }
      const endless = stream(Infinity)
      expect(await answering(() => json({ headers: lying }, endless.body)).get()).toEqual(
        refused('body_too_large'),
      )
    })

    it('D11: counts what a compressed body becomes, not what it is', async () => {
      const zeros = new Blob([new Uint8Array(8 * 1024 * 1024)]).stream()
      const small = await new Response(zeros.pipeThrough(new CompressionStream('gzip'))).bytes()
      expect(small.length).toBeLessThan(16 * 1024)
      const bomb = new Blob([small]).stream().pipeThrough(new DecompressionStream('gzip'))
      expect(await answering(() => json({}, bomb)).get()).toEqual(refused('body_too_large'))
    })

    it('gives a body back unread when the answer is refused for its status or type', async () => {
      for (const init of [{ status: 302 }, { headers: { 'Content-Type': 'text/html' } }]) {
        const { body, seen } = stream(Infinity)
        await answering(() => json(init, body)).get()
        await new Promise((resolve) => setTimeout(resolve, 10))
        expect(seen.cancelled).toBe(true)
      }
    })

    it('D9, D26: answers a failing connection by one word, whatever the platform says', async () => {
      for (const cause of [
        new TypeError('connect() blocked by restrictPeers(): 10.0.0.1'),
        new Error('internal error; reference=abc'),
        new DOMException('Network connection lost.', 'NetworkError'),
      ]) {
        const { get } = house(() => Promise.reject(cause))
        expect(await get()).toEqual(refused('host_failed'))
      }
    })

    it('D11: answers a body that breaks off by one word', async () => {
      const broken = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new Uint8Array(10))
        },
        pull(controller) {
          controller.error(new Error('peer at 10.0.0.1 went away'))
        },
      })
      expect(await answering(() => json({}, broken)).get()).toEqual(refused('host_failed'))
    })

    it('D8: asks for none of more than 200 forbidden spellings', async () => {
      const { get, sent } = answering(() => json())
      const urls = forbiddenUrls(8_788)
      expect(urls.length).toBeGreaterThan(200)
      for (const url of urls)
        expect({ url, answer: await get({ url }) }).toEqual({
          url,
          answer: refused('destination_not_allowed'),
        })
      expect(sent).toHaveLength(0)
      expect((await get()).ok).toBe(true)
    })

    it('D24: takes one from the budget per fetch, none for a forbidden URL, and stops at zero', async () => {
      const { get, sent } = answering(() => json())
      const budget = budgetOf(2)
      await get({ url: 'https://localhost/', budget })
      expect((await get({ budget })).ok).toBe(true)
      expect((await get({ budget })).ok).toBe(true)
      expect(await get({ budget })).toEqual(refused('fetch_budget_spent'))
      expect(sent).toHaveLength(2)
    })

    it('D23: asks one host no more than so often in a minute, others still', async () => {
      const { clock, get, sent } = answering(() => json())
      for (let at = 0; at < MAX_FETCHES_PER_HOST_AND_MINUTE; at++)
        expect((await get({ url: `${URL_OF_LIST}/${String(at)}` })).ok).toBe(true)
      expect(await get()).toEqual(refused('fetch_budget_spent'))
      expect(await get({ url: 'https://CLIENT.example/' })).toEqual(refused('fetch_budget_spent'))
      expect((await get({ url: 'https://other.example/' })).ok).toBe(true)
      expect(sent).toHaveLength(MAX_FETCHES_PER_HOST_AND_MINUTE + 1)
      clock.pass(60)
      expect((await get()).ok).toBe(true)
    })

    it('D23: one caller gets a share of a host only, which leaves the rest to others', async () => {
      const { clock, get, sent } = answering(() => json())
      const of = (caller: string) => get({ budget: { ...budgetOf(1), caller } })
      for (let at = 0; at < MAX_FETCHES_PER_CALLER_HOST_AND_MINUTE; at++)
        expect((await of('192.0.2.1')).ok).toBe(true)
      for (let at = 0; at < MAX_FETCHES_PER_HOST_AND_MINUTE; at++)
        expect(await of('192.0.2.1')).toEqual(refused('fetch_budget_spent'))
      expect(sent).toHaveLength(MAX_FETCHES_PER_CALLER_HOST_AND_MINUTE)
      expect((await of('192.0.2.2')).ok).toBe(true)
      clock.pass(60)
      expect((await of('192.0.2.1')).ok).toBe(true)
    })

    it('D7: asks a development host through its own way out, over plain http, and no other so', async () => {
      const asked: string[] = []
      const local = {
        async fetch(url: string) {
          asked.push(url)
          return json()
        },
      }
      const { get, sent } = house(async () => json(), new Map([['localhost:8788', local]]))
      expect((await get({ url: 'http://localhost:8788/a' })).ok).toBe(true)
      expect((await get({ url: 'https://localhost:8788/b' })).ok).toBe(true)
      expect(asked).toEqual(['http://localhost:8788/a', 'http://localhost:8788/b'])
      for (const url of ['http://localhost:8789/', 'http://localhost/', 'http://127.0.0.1:8788/'])
        expect(await get({ url })).toEqual(refused('destination_not_allowed'))
      expect(sent).toHaveLength(0)
    })

    describe('limits of time', { concurrent: true }, () => {
      const timed = async (fetch: PlatformFetch) => {
        const started = performance.now()
        const { get, sent } = house(fetch)
        const answer = await get()
        return { answer, seconds: (performance.now() - started) / 1_000, sent }
      }

      it('D11: gives up on headers that do not come within two seconds', async () => {
        const { answer, seconds, sent } = await timed(() => new Promise<Response>(() => undefined))
        expect(answer).toEqual(refused('host_timeout'))
        expect(seconds).toBeGreaterThan(1.5)
        expect(seconds).toBeLessThan(4)
        expect(sent[0]?.init.signal?.aborted).toBe(true)
      }, 10_000)

      it('D11: gives up on a body that is not complete within five seconds', async () => {
        const drip = new ReadableStream<Uint8Array>({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 500))
            controller.enqueue(new Uint8Array(1))
          },
        })
        const { answer, seconds } = await timed(async () => json({}, drip))
        expect(answer).toEqual(refused('host_timeout'))
        expect(seconds).toBeGreaterThan(4.5)
        expect(seconds).toBeLessThan(7)
      }, 10_000)

      it('D24: slow hosts one after another do not add up, and the one cut short is not blamed', async () => {
        const slow = (chunks: number) => {
          let left = chunks
          return new ReadableStream<Uint8Array>({
            async pull(controller) {
              await new Promise((resolve) => setTimeout(resolve, 500))
              controller.enqueue(new Uint8Array(1).fill(0x20))
              left--
              if (left === 0) controller.close()
            },
          })
        }
        const { get, sent } = house(async () => json({}, slow(6)))
        const budget = budgetOf(9)
        const started = performance.now()
        expect(await get({ budget })).toMatchObject({ ok: true })
        expect(await get({ budget })).toEqual(refused('fetch_budget_spent'))
        const seconds = (performance.now() - started) / 1_000
        expect(seconds).toBeGreaterThan(5)
        expect(seconds).toBeLessThan(7)
        expect(await get({ budget })).toEqual(refused('fetch_budget_spent'))
        expect(sent).toHaveLength(2)
        // Another request has its own time, and what is counted by none has no such end.
        expect(await get({ budget: budgetOf(1) })).toMatchObject({ ok: true })
        expect(await get()).toMatchObject({ ok: true })
      }, 20_000)

      it('D11: gives up on a body that never begins', async () => {
        const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) })
        const { answer, seconds } = await timed(async () => json({}, silent))
        expect(answer).toEqual(refused('host_timeout'))
        expect(seconds).toBeLessThan(7)
      }, 10_000)
    })
  })
}
