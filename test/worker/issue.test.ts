import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { durableIssuerStore } from '../../src/adapters/durable/issuer-store.ts'
import { sha256Text } from '../../src/adapters/system/sha256.ts'
import { readBindings } from '../../src/bindings.ts'
import { firstBrokenLink, GENESIS } from '../../src/domain/audit/audit-record.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked } from '../contracts/instances.ts'
import { draft } from '../contracts/issuer-store.contract.ts'

const { objects } = readBindings({ ...env })
const store = durableIssuerStore(objects.issuers)
const issue = store.issue?.bind(store)
if (issue === undefined) throw new Error('the durable store issues')

/** An issuer with a key of the deployment, or with none. */
async function opened(kid = 'dev-ed25519') {
  const issuer = anIssuer(freshId())
  const keys = [{ kid, verificationMethod: `${issuer.did}#${kid}` }]
  await store.create({ ...issuer, keys }, ISSUER_FOUNDING, CHANGE)
  return issuer.id
}

// The first object starts the whole Worker, which takes seconds where the machine is busy.
beforeAll(() => opened(), 30_000)

it('signs what it reserved and stores it, in one call', async () => {
  const id = await opened()
  const issued = await issue(id, draft('c1'), CHANGE)
  if (!issued.ok) throw new Error(issued.refusal.reason)
  const { token, stored, replayed } = issued.value
  expect(replayed).toBe(false)
  expect(await store.credential(id, 'c1')).toMatchObject({ ...draft('c1'), credential: {}, token })
  expect(stored.allocations).toEqual((await store.credential(id, 'c1'))?.allocations)
  const [allocation] = stored.allocations
  expect(decodeJwt(token)).toMatchObject({
    credentialStatus: { statusListIndex: String(allocation?.index) },
  })
})

it('H13: answers the same mark with the same token, and refuses another request under it', async () => {
  const id = await opened()
  const first = await issue(id, draft('c1'), marked('key'))
  const again = await issue(id, draft('c2'), marked('key'))
  expect(again).toMatchObject({ ok: true, value: { replayed: true } })
  expect(again.ok && again.value.token).toBe(first.ok && first.value.token)
  expect(await issue(id, draft('c3'), marked('key', 'another body'))).toMatchObject({
    refusal: { reason: 'idempotency_key_reused' },
  })
})

it('H16: finishes under its mark what was reserved and left', async () => {
  const id = await opened()
  await store.reserve(id, draft('c1'), marked('left'))
  const issued = await issue(id, draft('c2'), marked('left'))
  expect(issued).toMatchObject({ ok: true, value: { replayed: false, stored: { cid: 'c1' } } })
})

it('refuses what it cannot sign, and what is taken', async () => {
  const id = await opened()
  await issue(id, draft('c1'), CHANGE)
  expect(await issue(id, draft('c1'), CHANGE)).toMatchObject({ refusal: { reason: 'id_taken' } })
  expect(await issue(await opened('gone'), draft('c1'), CHANGE)).toMatchObject({
    refusal: { reason: 'signing_key_missing' },
  })
})

it('S12, H17: 64 at the same time have indexes of their own and one unbroken chain', async () => {
  const id = await opened()
  const all = await Promise.all(
    Array.from({ length: 64 }, (_, at) => issue(id, draft(`c${String(at)}`), CHANGE)),
  )
  const places = all.flatMap((one) => (one.ok ? one.value.stored.allocations : []))
  expect(new Set(places.map(({ index }) => index)).size).toBe(64)
  const { rows } = await store.audit(id, { cursor: undefined, limit: 100 })
  expect(rows).toHaveLength(65)
  expect(firstBrokenLink(rows, { sequence: 0, hash: GENESIS }, sha256Text)).toBeUndefined()
})
