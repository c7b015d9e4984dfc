import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { createGuardedFetch } from '../../src/adapters/fetch/guarded-fetch.ts'
import { parseDid } from '../../src/domain/did/did.ts'
import type { DidResolver } from '../../src/ports/did-resolver.ts'
import { NOW } from '../support/did-documents.ts'
import { NOTHING_HOSTED, setClock } from '../support/fake-fetch.ts'
import { startCanary, type Canary } from './canary.ts'
import { behaviours, startHostileHost, type HostileHost } from './hostile-host.ts'

let canary: Canary
let host: HostileHost
let resolver: DidResolver
beforeAll(async () => {
  canary = await startCanary()
  host = await startHostileHost(canary.port)
  const clock = setClock(NOW)
  const local = { fetch: (url: string, init: RequestInit) => fetch(url, init) }
  const guarded = createGuardedFetch({
    clock,
    localHosts: new Map([[`localhost:${String(host.port)}`, local]]),
    fetch: () => Promise.reject(new Error('a test must not leave this machine')),
  })
  resolver = createDidResolver({ clock, fetch: guarded, hosted: NOTHING_HOSTED })
})
afterAll(async () => {
  await host.close()
  await canary.close()
})

const BAD_DOCUMENT = [
  'endless',
  'two-hundred-mebibytes',
  'gzip-bomb',
  'length-too-small',
  'refresh-header',
  'html',
  'image',
  'no-type',
  'no-content',
  'partial',
  'null',
  'list',
  'text',
  'empty',
  'truncated',
  'utf8',
  'twice',
  'nested',
  'wrong-id',
]
/** What is answered for each behaviour that is not a bad document. */
const REASONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(BAD_DOCUMENT.map((name) => [name, 'did_document_invalid'])),
  silent: 'did_host_timeout',
  'headers-drip': 'did_host_timeout',
  'body-silent': 'did_host_timeout',
  'body-drip': 'did_host_timeout',
  'length-too-large': 'did_host_failed',
  reset: 'did_host_failed',
  'hangs-up': 'did_host_failed',
  'no-http': 'did_host_failed',
  'huge-headers': 'did_host_failed',
  'redirect-loop': 'redirect_not_followed',
  'redirect-301': 'redirect_not_followed',
  'redirect-302': 'redirect_not_followed',
  'redirect-307': 'redirect_not_followed',
  'redirect-308': 'redirect_not_followed',
  'not-found': 'did_not_found',
  gone: 'did_not_found',
  forbidden: 'did_host_failed',
  error: 'did_host_failed',
}

async function resolve(name: string) {
  const did = parseDid(`did:web:localhost%3A${String(host.port)}:${name}`)
  if (!did.ok) throw new Error(`${name} makes no DID`)
  const started = performance.now()
  const resolved = await resolver.resolve(did.value)
  return { resolved, seconds: (performance.now() - started) / 1_000 }
}

describe('hostile did:web hosts (goal G6)', () => {
  it('resolves the document of a sound host', async () => {
    expect((await resolve('sound')).resolved.ok).toBe(true)
  })

  it('has an expectation for each of more than 25 behaviours', () => {
    expect(Object.keys(REASONS).sort()).toEqual(Object.keys(behaviours(0)).sort())
    expect(Object.keys(REASONS).length).toBeGreaterThan(25)
  })

  it('D10, D11, D12, D13: ends each in time, in little memory, with a typed refusal', async () => {
    const before = process.memoryUsage().rss
    const names = Object.keys(REASONS)
    const outcomes = await Promise.all(
      names.map(async (name) => ({ name, ...(await resolve(name)) })),
    )
    for (const { name, resolved, seconds } of outcomes) {
      const reason = resolved.ok ? 'resolved' : resolved.refusal.reason
      expect({ name, reason }).toEqual({ name, reason: REASONS[name] })
      expect(seconds).toBeLessThan(6)
      expect(JSON.stringify(resolved)).not.toContain('secret')
    }
    const growth = (process.memoryUsage().rss - before) / (1024 * 1024)
    expect(growth).toBeLessThan(64)
    expect(new Set(host.requests)).toEqual(new Set(['sound', ...names]))
    expect(canary.visits()).toBe(0)
  }, 20_000)

  it('asks each host once, redirects included', () => {
    expect(host.requests.length).toBe(new Set(host.requests).size)
  })
})
