import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { durableIssuerStore } from '../../src/adapters/durable/issuer-store.ts'
import { readBindings } from '../../src/bindings.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { StorageUnavailable } from '../../src/ports/change.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked } from '../contracts/instances.ts'
import { draft } from '../contracts/issuer-store.contract.ts'

const { objects } = readBindings({ ...env })
const store = durableIssuerStore(objects.issuers)
const FIRST = { cursor: undefined, limit: 100 }

let id: InstanceId
beforeEach(async () => {
  id = freshId()
  await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
  await store.reserve(id, draft('c1', { purposes: ['revocation', 'suspension'] }), CHANGE)
})

/** All that the issuer's tables hold, but for the audit chain itself. */
const rows = (): Promise<unknown> =>
  runInDurableObject(objects.issuers.getByName(id), async (_, { storage: { sql } }) =>
    [
      'instance',
      'credential',
      'status_list',
      'status_entry',
      'status_change',
      'schema',
      'idempotency',
    ].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray()),
  )

/** Lets nothing into the audit chain until `mended`. */
const auditIsAway = () =>
  runInDurableObject(objects.issuers.getByName(id), async (_, { storage: { sql } }) => {
    sql.exec(`CREATE TRIGGER no_audit BEFORE INSERT ON audit
              BEGIN SELECT RAISE(ABORT, 'the audit chain takes nothing'); END`)
  })
const mended = () =>
  runInDurableObject(objects.issuers.getByName(id), async (_, { storage: { sql } }) => {
    sql.exec('DROP TRIGGER no_audit')
  })

const { credentialId } = draft('c1')
const wanted = { purpose: 'revocation', status: true } as const
const select = { names: [credentialId], subject: undefined, type: undefined }

describe('a change that cannot be audited', () => {
  it.each<[what: string, change: () => Promise<unknown>]>([
    ['issuing', () => store.reserve(id, draft('c2'), marked('key'))],
    ['revoking', () => store.changeStatus(id, credentialId, wanted, marked('key'))],
    ['revoking many', () => store.changeStatuses(id, select, wanted, marked('key'))],
    ['registering a schema', () => store.putSchema(id, 'A', '{}', marked('key'))],
    ['renaming', () => store.update(id, { name: 'Another' }, marked('key'))],
    ['replacing the token', () => store.replaceToken(id, 'bbbb', marked('key'))],
  ])('H17: is refused and leaves nothing, and happens once it can be: %s', async (_, change) => {
    const before = await rows()
    const chain = await store.audit(id, FIRST)
    await auditIsAway()
    await expect(change()).rejects.toThrow(StorageUnavailable)
    expect(await rows()).toEqual(before)
    expect(await store.audit(id, FIRST)).toEqual(chain)
    await mended()
    expect(await change()).toMatchObject({ ok: true })
    expect((await store.audit(id, FIRST)).rows).toHaveLength(chain.rows.length + 1)
    expect(await rows()).not.toEqual(before)
  })
})
