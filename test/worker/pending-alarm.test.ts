import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { durableDirectory } from '../../src/adapters/durable/directory.ts'
import { durableIssuerStore } from '../../src/adapters/durable/issuer-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { readBindings } from '../../src/bindings.ts'
import type { ArchiveRow } from '../../src/domain/archive/archive-row.ts'
import { later } from '../../src/domain/time.ts'
import type { CredentialDraft } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING } from '../contracts/instances.ts'

const { objects } = readBindings({ ...env })

const store = durableIssuerStore(objects.issuers)
const now = systemClock.now()

/** Registers an issuer that the deployment has a key for. */
async function registered() {
  const issuer = anIssuer(freshId())
  const keys = [{ kid: 'dev-ed25519', verificationMethod: `${issuer.did}#dev-ed25519` }]
  await durableDirectory(objects.directory).register('issuer', issuer.id, CHANGE)
  return { ...issuer, keys }
}

const aDraft = (cid: string): CredentialDraft => ({
  cid,
  credentialId: `urn:example:${cid}`,
  alias: undefined,
  format: 'vc+jwt',
  types: ['VerifiableCredential'],
  subject: undefined,
  validFrom: now,
  validUntil: undefined,
  credential: { id: `urn:example:${cid}`, type: ['VerifiableCredential'] },
  purposes: ['revocation'],
})

it('H16: the issuer’s own alarm signs what was reserved and left, without any request', async () => {
  const issuer = await registered()
  const { id } = issuer
  await store.create(issuer, ISSUER_FOUNDING, CHANGE)
  const reserve = (cid: string, at = now) => store.reserve(id, aDraft(cid), { ...CHANGE, at })
  await reserve('left-long-ago', later(now, -3_600))
  await reserve('just-now')

  expect(await runDurableObjectAlarm(objects.issuers.getByName(id))).toBe(true)

  expect((await store.credential(id, 'left-long-ago'))?.token).toMatch(/^ey[^.]+\.[^.]+\.[^.]+$/)
  expect((await store.credential(id, 'just-now'))?.token).toBeUndefined()
  // Something is still pending, so that the alarm was set again.
  expect(await runDurableObjectAlarm(objects.issuers.getByName(id))).toBe(true)
})

it('H16: what was reserved elsewhere and left is signed after an import, without any request', async () => {
  const issuer = await registered()
  const { id } = issuer
  const at = later(now, -3_600)
  const pending: ArchiveRow = {
    kind: 'credential',
    sequence: 1,
    cid: 'left-elsewhere',
    credentialId: 'urn:example:left-elsewhere',
    alias: null,
    format: 'vc+jwt',
    types: ['VerifiableCredential'],
    subject: null,
    validFrom: at,
    validUntil: null,
    reservedAt: at,
    draft: { id: 'urn:example:left-elsewhere', type: ['VerifiableCredential'] },
    token: null,
    signedBy: null,
    revoked: false,
    suspended: false,
    allocations: [{ listId: 'revocation-1', index: 7, purpose: 'revocation' }],
  }
  const list = { kind: 'status_list', id: 'revocation-1', purpose: 'revocation' } as const
  await store.beginImport(id, 'i1')
  await store.importRows(id, 'i1', [pending, { ...list, taken: 1, version: 1 }])
  expect(await runDurableObjectAlarm(objects.issuers.getByName(id))).toBe(false)
  await store.finishImport(issuer, 'i1', 'hash', { ...CHANGE, at: now })

  expect(await runDurableObjectAlarm(objects.issuers.getByName(id))).toBe(true)

  expect((await store.credential(id, 'left-elsewhere'))?.token).toMatch(/^ey/)
})

it('H16: what was left without an alarm gets one when the object starts, and one that is set stays', async () => {
  const issuer = await registered()
  const object = objects.issuers.getByName(issuer.id)
  await store.create(issuer, ISSUER_FOUNDING, CHANGE)
  await store.reserve(issuer.id, aDraft('left'), { ...CHANGE, at: later(now, -3_600) })
  const restarted = async (change: (storage: DurableObjectStorage) => Promise<void>) => {
    await runInDurableObject(object, (_, { storage }) => change(storage))
    await evictDurableObject(object)
    return runInDurableObject(object, (_, { storage }) => storage.getAlarm())
  }

  const set = await restarted((storage) => storage.deleteAlarm())
  expect(set).toBeGreaterThan(now * 1000)
  expect(await restarted((storage) => storage.setAlarm(set ?? 0))).toBe(set)

  await runDurableObjectAlarm(object)
  expect((await store.credential(issuer.id, 'left'))?.token).toMatch(/^ey/)
  expect(await restarted((storage) => storage.deleteAlarm())).toBeNull()
})
