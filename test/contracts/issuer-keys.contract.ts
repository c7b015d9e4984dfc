import { describe, expect, it } from 'vitest'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { KeyRotation } from '../../src/domain/instance/key-rotation.ts'
import { ok, refuse } from '../../src/domain/result.ts'
import { later, type EpochSeconds } from '../../src/domain/time.ts'
import type { CredentialDraft, IssuerStore } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked, NOW } from './instances.ts'

const FACTS = { configured: [{ kid: 'k1' }, { kid: 'k2' }], leastOverlapSeconds: 100 }
const K2 = { kid: 'k2', verificationMethod: 'did:web:trust.example:issuers:x#k2' }
const PLANNED: KeyRotation = { mode: 'planned', key: K2, overlapSeconds: undefined }
const BROKEN: KeyRotation = { mode: 'compromise', compromised: undefined, key: K2 }
const REVOKE = { purpose: 'revocation', status: true } as const

const draft = (name: string, validUntil: EpochSeconds | undefined): CredentialDraft => ({
  cid: name,
  credentialId: `https://trust.example/credentials/${name}`,
  alias: undefined,
  format: 'vc+jwt',
  types: ['VerifiableCredential'],
  subject: undefined,
  validFrom: NOW,
  validUntil,
  credential: { type: ['VerifiableCredential'] },
  purposes: ['revocation', 'suspension'],
})

/** What a store of issuers promises about keys and the past of lists. */
export const issuerKeysContract = (adapter: string, open: () => IssuerStore) =>
  describe(`issuer keys contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const { id } = anIssuer(freshId())
      await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
      const issue = async (name: string, validUntil?: EpochSeconds, kid = 'k1') => {
        await store.reserve(id, draft(name, validUntil), CHANGE)
        return store.complete(id, name, `signed ${name}`, kid)
      }
      return { store, id, issue }
    }
    const auditOf = async (store: IssuerStore, id: InstanceId) =>
      (await store.audit(id, { cursor: undefined, limit: 100 })).rows.map(({ action }) => action)
    const kidsOf = async (store: IssuerStore, id: InstanceId) =>
      (await store.find(id))?.instance.keys.map(({ kid }) => kid)

    it('stores a rotation with its audit record, and answers the same mark the same', async () => {
      const { store, id, issue } = await opened()
      await issue('c1')
      const first = await store.rotateKeys(id, PLANNED, FACTS, marked('r1'))
      expect(first).toMatchObject({ ok: true, value: { next: { signsFrom: later(NOW, 100) } } })
      expect(await store.rotateKeys(id, PLANNED, FACTS, marked('r1'))).toEqual(first)
      expect(await kidsOf(store, id)).toEqual(['k2', 'k1'])
      expect((await auditOf(store, id)).filter((action) => action === 'keys.rotate')).toHaveLength(
        1,
      )
      expect(await store.rotateKeys(id, PLANNED, FACTS, marked('r1', 'another body'))).toEqual(
        refuse({ reason: 'idempotency_key_reused' }),
      )
    })

    it('changes nothing and writes nothing down when it refuses', async () => {
      const { store, id, issue } = await opened()
      await issue('c1')
      const before = await auditOf(store, id)
      const short: KeyRotation = { ...PLANNED, overlapSeconds: 99 }
      expect(await store.rotateKeys(id, short, FACTS, CHANGE)).toEqual(
        refuse({ reason: 'overlap_too_short', leastSeconds: 100 }),
      )
      expect([await kidsOf(store, id), await auditOf(store, id)]).toEqual([['k1'], before])
    })

    it('lets exactly one of 16 simultaneous rotations begin', async () => {
      const { store, id, issue } = await opened()
      await issue('c1')
      const all = await Promise.all(
        Array.from({ length: 16 }, () => store.rotateKeys(id, PLANNED, FACTS, CHANGE)),
      )
      expect(all.filter((one) => one.ok)).toHaveLength(1)
      expect(await kidsOf(store, id)).toEqual(['k2', 'k1'])
    })

    it('tells the last expiry of what each key signed and nobody revoked', async () => {
      const { store, id, issue } = await opened()
      const [soon, late] = [later(NOW, 60), later(NOW, 600)]
      await issue('soon', soon)
      await issue('late', late)
      await store.rotateKeys(id, BROKEN, FACTS, CHANGE)
      const lastExpiries = async () => (await store.keyHoldings(id)).lastExpiries
      expect(await lastExpiries()).toEqual([{ kid: 'k1', lastExpiry: late }])
      await issue('open', undefined, 'k2')
      expect(await lastExpiries()).toContainEqual({ kid: 'k2', lastExpiry: 'never' })
      for (const name of ['open', 'late']) await store.changeStatus(id, name, REVOKE, CHANGE)
      expect(await lastExpiries()).toEqual([{ kid: 'k1', lastExpiry: soon }])
    })

    it('counts the live credentials of a key, and lists all it signed', async () => {
      const { store, id, issue } = await opened()
      await issue('ended', NOW)
      await issue('live', later(NOW, 1))
      await issue('open')
      await issue('revoked')
      await store.changeStatus(id, 'revoked', REVOKE, CHANGE)
      await store.reserve(id, draft('pending', undefined), CHANGE)
      expect(await store.liveCredentials(id, 'k1', NOW)).toBe(2)
      expect(await store.liveCredentials(id, 'k2', NOW)).toBe(0)
      const signedBy = async (key: string) => {
        const all = { subject: undefined, type: undefined, status: undefined, key }
        const { rows } = await store.credentials(id, all, { cursor: undefined, limit: 10 })
        return rows.map(({ cid }) => cid)
      }
      expect(await signedBy('k1')).toEqual(['ended', 'live', 'open', 'revoked'])
      expect(await signedBy('k2')).toEqual([])
    })

    it('K3: stores no token of a key that was withdrawn, and says which keys there are', async () => {
      const { store, id, issue } = await opened()
      expect(await issue('before')).toEqual(ok('signed before'))
      await store.rotateKeys(id, BROKEN, FACTS, CHANGE)
      const { keys } = await store.keyHoldings(id)
      expect(await issue('after')).toEqual(refuse({ reason: 'key_withdrawn', keys }))
      expect((await store.credential(id, 'after'))?.token).toBeUndefined()
      expect(await issue('strange', undefined, 'k3')).toMatchObject({ ok: false })
      expect(await store.complete(id, 'after', 'signed again', 'k2')).toEqual(ok('signed again'))
    })

    it('shows a list as it was, to the second, and none before its first entry', async () => {
      const { store, id, issue } = await opened()
      await issue('c1')
      const at = (seconds: number) => ({ ...CHANGE, at: later(NOW, seconds) })
      const suspend = { purpose: 'suspension', status: true } as const
      await store.changeStatus(id, 'c1', suspend, at(10))
      await store.changeStatus(id, 'c1', { ...suspend, status: false }, at(20))
      await store.changeStatus(id, 'c1', REVOKE, at(30))
      const was = async (seconds: number) =>
        (await store.statusList(id, 'revocation-1', later(NOW, seconds)))?.entries.map(
          ({ revoked, suspended }) => ({ revoked, suspended }),
        )
      const suspended = [{ revoked: false, suspended: true }]
      expect([await was(-1), await was(0), await was(9)]).toEqual([undefined, [], []])
      expect([await was(10), await was(19), await was(20), await was(29)]).toEqual([
        suspended,
        suspended,
        [],
        [],
      ])
      expect(await was(30)).toEqual([{ revoked: true, suspended: false }])
      const { keys, entries } = (await store.statusList(id, 'revocation-1')) ?? {}
      expect([keys, entries]).toEqual([
        (await store.find(id))?.instance.keys,
        (await store.statusList(id, 'revocation-1', later(NOW, 30)))?.entries,
      ])
    })
  })
