import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { createGuardedFetch } from '../../src/adapters/fetch/guarded-fetch.ts'
import { parseDid } from '../../src/domain/did/did.ts'
import { NOW } from '../support/did-documents.ts'
import { NOTHING_HOSTED, setClock } from '../support/fake-fetch.ts'
import { forbiddenDids, forbiddenUrls } from '../support/forbidden-destinations.ts'
import { startCanary, type Canary } from './canary.ts'

let canary: Canary
beforeAll(async () => {
  canary = await startCanary()
})
afterAll(() => canary.close())

const clock = setClock(NOW)
/** The platform's own fetch, with nothing in between. */
const guarded = createGuardedFetch({
  clock,
  localHosts: new Map(),
  fetch: (url, init) => fetch(url, init),
})
const resolver = createDidResolver({ clock, fetch: guarded, hosted: NOTHING_HOSTED })

describe('forbidden destinations and a canary on loopback (goal G7)', () => {
  it('counts a visit when there is one', async () => {
    const before = canary.visits()
    await new Promise((closed) => {
      connect(canary.port, '127.0.0.1')
        .on('error', () => undefined)
        .on('close', closed)
    })
    expect(canary.visits()).toBe(before + 1)
  })

  it('D8: sends no packet for more than 200 spellings of a URL', async () => {
    const before = canary.visits()
    const urls = forbiddenUrls(canary.port)
    expect(urls.length).toBeGreaterThan(200)
    for (const url of urls) {
      const answer = await guarded.get({
        url,
        mediaTypes: ['application/json'],
        maxBytes: 1_000,
        budget: undefined,
      })
      expect({ url, answer }).toEqual({
        url,
        answer: { ok: false, refusal: { reason: 'destination_not_allowed' } },
      })
    }
    expect(canary.visits()).toBe(before)
  })

  it('D4, D5, D7, D8: sends no packet for more than 200 spellings of a did:web', async () => {
    const before = canary.visits()
    const dids = forbiddenDids(canary.port)
    expect(dids.length).toBeGreaterThan(200)
    for (const text of dids) {
      const did = parseDid(text)
      const resolved = did.ok ? await resolver.resolve(did.value) : did
      expect({ text, ok: resolved.ok }).toEqual({ text, ok: false })
      expect(['did_invalid', 'destination_not_allowed']).toContain(
        resolved.ok ? '' : resolved.refusal.reason,
      )
    }
    expect(canary.visits()).toBe(before)
  })
})
