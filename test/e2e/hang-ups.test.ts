import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, call, type Json } from '../../scripts/demo/http.ts'
import {
  auditBroken,
  createIssuer,
  draft,
  listing,
  placesOf,
  post,
  published,
  statusOf,
  tokenIn,
  type ProvedIssuer,
} from '../../scripts/proofs/issuer.ts'
import { startTestService, type TestService } from '../support/service.ts'

const CALLS = 120
/** A call takes a few milliseconds: some hang up before it was read, some after it was answered. */
const LONGEST_MILLISECONDS = 12

let service: TestService
let issuer: ProvedIssuer
beforeAll(async () => {
  service = await startTestService({ RATE_LIMIT: '0', LOG_LEVEL: 'silent' })
  issuer = await createIssuer(service, 'patient')
})
afterAll(() => service.stop())

/** Sends a call and hangs up at some moment. Says whether there was an answer before that. */
async function hungUp(path: string, body: unknown, key: string): Promise<boolean> {
  try {
    const answer = await fetch(`${issuer.url}${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${issuer.token}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(randomInt(LONGEST_MILLISECONDS)),
    })
    await answer.text()
    return true
  } catch {
    return false
  }
}

const sent = Array.from({ length: CALLS }, (_, number) => ({
  number,
  name: `urn:uuid:${crypto.randomUUID()}`,
  key: crypto.randomUUID(),
}))

describe('callers that hang up before they are answered', () => {
  it('H14: leave a whole credential or none, and the same call again yields the one', async () => {
    const answered: boolean[] = []
    for (let first = 0; first < CALLS; first += 8) {
      const some = sent.slice(first, first + 8)
      const calls = some.map(({ name, key }) =>
        hungUp('/credentials/issue', draft(name, ['revocation']), key),
      )
      answered.push(...(await Promise.all(calls)))
    }
    expect(answered).toContain(false)
    await sleep(200)
    const left = await listing(issuer)
    const tokens = new Map<string, string>()
    for (const { name, key } of sent) {
      const { status, body } = await post(
        issuer,
        '/credentials/issue',
        draft(name, ['revocation']),
        key,
      )
      expect(status).toBe(201)
      tokens.set(name, tokenIn(body))
    }
    const all = await listing(issuer)
    expect(all.size).toBe(CALLS)
    expect([...left.keys()].every((name) => all.has(name))).toBe(true)
    const places = [...tokens.values()].flatMap(placesOf).map(({ index }) => index)
    expect(new Set(places).size).toBe(CALLS)
    expect(await auditBroken(issuer)).toBe(0)
  })

  it('H14: leave a status that is changed everywhere or nowhere', async () => {
    const revoke = ({ name, key }: (typeof sent)[number]) =>
      hungUp('/credentials/status', statusOf(name, 'revocation', true), `revoke ${key}`)
    for (let first = 0; first < CALLS; first += 8)
      await Promise.all(sent.slice(first, first + 8).map(revoke))
    await sleep(200)
    const revoked = [...(await listing(issuer))].filter(([, status]) => status === 'revoked')
    const count = (bits: Uint8Array) => bits.filter((status) => status === 1).length
    expect(count(await published(issuer, 'revocation-1', 'vc+jwt'))).toBe(revoked.length)
    expect(count(await published(issuer, 'revocation-1', 'statuslist+jwt'))).toBe(revoked.length)
    const { body } = await call('GET', `${issuer.url}/audit?limit=1000`, issuer)
    const changes = (at(body, 'items') as readonly Json[]).filter(
      (record) => at(record, 'action') === 'credential.status',
    )
    expect(changes).toHaveLength(revoked.length)
    expect(await auditBroken(issuer)).toBe(0)
  })
})
