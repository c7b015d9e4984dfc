import { randomUUID } from 'node:crypto'
import { setTimeout as pass } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

const SIZE = 150

let service: TestService
let token = ''

const send = async (path: string, bearer: string, body?: unknown, key: string = randomUUID()) => {
  const answer = await fetch(`${service.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Idempotency-Key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, text: await answer.text() }
}

const urlsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"url":"([^"]+)"/g)].map(([, url = '']) => url)

/** URLs of the credentials whose tokens are stored. */
const listed = async () =>
  urlsIn((await send('/issuers/registry/credentials?limit=1000', token)).text)

beforeAll(async () => {
  service = await startTestService({})
  const issuer = { id: 'registry', name: 'Example Registry', keys: ['dev-ed25519'] }
  const created = await send('/admin/issuers', service.adminToken, {
    ...issuer,
    securing: 'vc+jwt',
  })
  token = /"token":"([^"]+)"/.exec(created.text)?.[1] ?? ''
})
afterAll(() => service.stop())

const BATCH = '/issuers/registry/credentials/issue-batch'
const credentials = Array.from({ length: SIZE }, (_, number) => ({
  credential: { type: ['VerifiableCredential'], credentialSubject: { number } },
}))
const batch = (key: string) => send(BATCH, token, { credentials }, key)

it('H13, H16: a batch that kill -9 breaks off is finished by the same call, nothing twice', async () => {
  let partial = false
  for (const share of [0.2, 0.35, 0.5]) {
    const started = performance.now()
    expect((await batch(`whole ${String(share)}`)).status).toBe(200)
    const whole = performance.now() - started
    const before = await listed()

    const broken = batch(`broken ${String(share)}`).catch(() => undefined)
    await pass(whole * share)
    await service.killAndRestart()
    await broken
    const left = await listed()
    // Some credentials of the batch were there after the kill, and some were not.
    partial ||= left.length > before.length && left.length < before.length + SIZE

    const finished = await batch(`broken ${String(share)}`)
    expect(finished.status).toBe(200)
    expect(new Set(urlsIn(finished.text)).size).toBe(SIZE)
    expect(await batch(`broken ${String(share)}`)).toEqual(finished)
    const after = await listed()
    expect(new Set(after)).toEqual(new Set([...before, ...urlsIn(finished.text)]))
    expect(after).toHaveLength(before.length + SIZE)
    expect(after).toEqual(expect.arrayContaining([...left]))
    expect((await send('/issuers/registry/audit/verify', token)).text).toContain('"intact":true')
  }
  expect(partial).toBe(true)
})
