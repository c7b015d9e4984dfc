import { describe, expect, it } from 'vitest'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { MAX_BATCH_ITEMS } from '../../src/domain/limits.ts'
import type { StatusChange } from '../../src/domain/status-list/status.ts'
import type { IssuerStore } from '../../src/ports/issuer-store.ts'
import type { StatusSelection } from '../../src/ports/status-batch.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked } from './instances.ts'
import { draft } from './issuer-store.contract.ts'

const REVOKE: StatusChange = { purpose: 'revocation', status: true, reason: 'withdrawn' }
const SUSPEND: StatusChange = { purpose: 'suspension', status: true }
const BUYER = 'did:web:buyer.example.com'
const OTHER = 'did:web:other.example.com'

const by = (given: Partial<StatusSelection>): StatusSelection => ({
  names: undefined,
  subject: undefined,
  type: undefined,
  ...given,
})

const previewed = async (store: IssuerStore, id: InstanceId, selection: StatusSelection) => {
  const preview = await store.previewStatuses(id, selection, REVOKE)
  if (!preview.ok) throw new Error('too many matched')
  return preview.value
}

/** What a store of issuers promises of changes to many credentials. */
export const statusBatchContract = (adapter: string, open: () => IssuerStore) =>
  describe(`IssuerStore contract, many at once: ${adapter}`, () => {
    /** c1 and c2 of the buyer, of which c2 cannot be suspended, and c3 of another subject and type. */
    const issued = async () => {
      const store = open()
      const { id } = anIssuer(freshId())
      await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
      const purposes = ['revocation', 'suspension'] as const
      await store.reserve(id, draft('c1', { purposes, alias: 'urn:alias:c1' }), CHANGE)
      await store.reserve(id, draft('c2'), CHANGE)
      await store.reserve(id, draft('c3', { purposes, subject: OTHER, types: ['Other'] }), CHANGE)
      for (const cid of ['c1', 'c2', 'c3']) await store.complete(id, cid, `signed ${cid}`, 'k1')
      const statuses = async () =>
        Promise.all(
          ['c1', 'c2', 'c3'].map(async (cid) => (await store.credential(id, cid))?.status),
        )
      const records = async () =>
        (await store.audit(id, { cursor: undefined, limit: 1_000 })).rows.filter(
          ({ action }) => action === 'credential.status',
        )
      return { store, id, statuses, records }
    }

    it.each<[when: string, selection: Partial<StatusSelection>, cids: readonly string[]]>([
      ['a subject', { subject: BUYER }, ['c1', 'c2']],
      ['a type', { type: 'Other' }, ['c3']],
      ['an id', { names: [draft('c2').credentialId] }, ['c2']],
      ['an alias', { names: ['urn:alias:c1'] }, ['c1']],
      ['the end of a URL', { names: ['c3', 'c1'] }, ['c1', 'c3']],
      ['two names of one', { names: ['c1', 'urn:alias:c1', 'c1'] }, ['c1']],
      ['names and a subject', { names: ['c1', 'c3'], subject: OTHER }, ['c3']],
      ['a subject and a type', { subject: BUYER, type: 'Other' }, []],
      ['no names', { names: [] }, []],
      ['nothing', {}, []],
    ])('selects by %s, in the preview as in the change', async (_, selection, cids) => {
      const { store, id, statuses } = await issued()
      const preview = await previewed(store, id, by(selection))
      expect(preview.hits.map(({ cid }) => cid)).toEqual(cids)
      expect(preview.counts.change).toBe(cids.length)
      const changed = await store.changeStatuses(id, by(selection), REVOKE, CHANGE)
      expect(changed.ok && changed.value.report.hits.map(({ cid }) => cid)).toEqual(cids)
      expect(await statuses()).toEqual(
        ['c1', 'c2', 'c3'].map((cid) => (cids.includes(cid) ? 'revoked' : 'active')),
      )
    })

    it('previews without a change, a version or an audit record', async () => {
      const { store, id, statuses, records } = await issued()
      const before = await store.statusList(id, 'revocation-1')
      expect(await previewed(store, id, by({ subject: BUYER }))).toMatchObject({
        hits: [
          { cid: 'c1', credentialId: draft('c1').credentialId, status: 'active' },
          { cid: 'c2', status: 'active', outcome: 'change' },
        ],
      })
      expect(await statuses()).toEqual(['active', 'active', 'active'])
      expect(await store.statusList(id, 'revocation-1')).toEqual(before)
      expect(await records()).toEqual([])
    })

    it('H17: writes one audit record for each that changes, and shows it in the lists', async () => {
      const { store, id, records } = await issued()
      await store.changeStatus(id, 'c1', REVOKE, CHANGE)
      const before = await store.statusList(id, 'revocation-1')
      const changed = await store.changeStatuses(id, by({ subject: BUYER }), REVOKE, CHANGE)
      expect(changed).toMatchObject({
        ok: true,
        value: { replayed: false, report: { counts: { change: 1, already: 1 } } },
      })
      expect((await records()).map(({ detail }) => detail)).toEqual(
        ['c1', 'c2'].map((cid) => ({
          credentialId: expect.stringContaining(cid) as string,
          purpose: 'revocation',
          status: true,
          reason: 'withdrawn',
        })),
      )
      const after = await store.statusList(id, 'revocation-1')
      expect(after?.entries).toHaveLength(2)
      expect(after?.version).toBeGreaterThan(before?.version ?? Infinity)
    })

    it('S16: lifts suspensions and no revocation, and says which', async () => {
      const { store, id, statuses } = await issued()
      await store.changeStatus(id, 'c1', REVOKE, CHANGE)
      const lifted = { purpose: 'revocation', status: false } as const
      const all = by({ names: ['c1', 'c2', 'c3'] })
      expect(await store.previewStatuses(id, all, lifted)).toMatchObject({
        ok: true,
        value: {
          counts: { change: 0, already: 2, revocation_final: 1, status_purpose_not_issued: 0 },
        },
      })
      expect(await store.changeStatuses(id, all, lifted, CHANGE)).toMatchObject({
        value: { report: { hits: [{ status: 'revoked', outcome: 'revocation_final' }, {}, {}] } },
      })
      await store.changeStatus(id, 'c3', SUSPEND, CHANGE)
      await store.changeStatuses(id, all, { ...SUSPEND, status: false }, CHANGE)
      expect(await statuses()).toEqual(['revoked', 'active', 'active'])
    })

    it('leaves a credential alone that has no entry of the purpose, and changes the others', async () => {
      const { store, id, statuses } = await issued()
      expect(await store.changeStatuses(id, by({ subject: BUYER }), SUSPEND, CHANGE)).toMatchObject(
        {
          value: {
            report: {
              counts: { change: 1, status_purpose_not_issued: 1 },
              hits: [
                { cid: 'c1', status: 'suspended', outcome: 'change' },
                { cid: 'c2', status: 'active', outcome: 'status_purpose_not_issued' },
              ],
            },
          },
        },
      )
      expect(await statuses()).toEqual(['suspended', 'active', 'active'])
    })

    it('names the positions of names that no credential has', async () => {
      const { store, id } = await issued()
      const names = by({ names: ['urn:nobody', 'c1', 'c3', "' OR 1=1 --"], subject: BUYER })
      expect((await previewed(store, id, names)).unknown).toEqual([0, 3])
      const changed = await store.changeStatuses(id, names, REVOKE, CHANGE)
      expect(changed.ok && changed.value.report.unknown).toEqual([0, 3])
    })

    it('finds a reserved credential before its token is stored', async () => {
      const { store, id } = await issued()
      await store.reserve(id, draft('c4', { subject: 'did:web:late.example.com' }), CHANGE)
      const late = by({ subject: 'did:web:late.example.com' })
      await store.changeStatuses(id, late, REVOKE, CHANGE)
      await store.complete(id, 'c4', 'signed c4', 'k1')
      expect((await store.credential(id, 'c4'))?.status).toBe('revoked')
    })

    it('H13: answers the same mark with the first report, and another request not at all', async () => {
      const { store, id, records } = await issued()
      const first = await store.changeStatuses(
        id,
        by({ names: ['c1', 'urn:nobody'] }),
        SUSPEND,
        marked('key'),
      )
      await store.changeStatus(id, 'c1', { ...SUSPEND, status: false }, CHANGE)
      const again = await store.changeStatuses(
        id,
        by({ names: ['c1', 'urn:nobody'] }),
        SUSPEND,
        marked('key'),
      )
      expect(first).toMatchObject({ ok: true, value: { replayed: false } })
      expect(again).toEqual(
        first.ok ? { ok: true, value: { report: first.value.report, replayed: true } } : undefined,
      )
      expect(await records()).toHaveLength(2)
      const other = marked('key', 'another body')
      expect(await store.changeStatuses(id, by({ names: ['c1'] }), SUSPEND, other)).toEqual({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
    })

    it('changes the most there may be, and none of one more', async () => {
      const { store, id } = await issued()
      const type = 'Many'
      const types = ['VerifiableCredential', type]
      for (let at = 0; at < MAX_BATCH_ITEMS; at++) {
        await store.reserve(id, draft(`m${String(at)}`, { types }), CHANGE)
      }
      expect(await store.changeStatuses(id, by({ type }), REVOKE, CHANGE)).toMatchObject({
        ok: true,
        value: { report: { counts: { change: MAX_BATCH_ITEMS } } },
      })
      await store.reserve(id, draft('one-more', { types }), CHANGE)
      expect(await store.changeStatuses(id, by({ type }), REVOKE, CHANGE)).toEqual({
        ok: false,
        refusal: { reason: 'too_many_matched', matched: MAX_BATCH_ITEMS + 1 },
      })
      expect((await store.credential(id, 'one-more'))?.status).toBe('active')
      expect(await store.previewStatuses(id, by({ type }), REVOKE)).toEqual({
        ok: false,
        refusal: { reason: 'too_many_matched', matched: MAX_BATCH_ITEMS + 1 },
      })
      const first = await previewed(store, id, by({ type, after: 0 }))
      expect(first.hits).toHaveLength(MAX_BATCH_ITEMS)
      expect(first.counts).toMatchObject({ change: 0, already: MAX_BATCH_ITEMS })
      const second = by({ type, after: first.next })
      expect((await previewed(store, id, second)).hits).toMatchObject([{ cid: 'one-more' }])
      expect(await store.changeStatuses(id, by({ type, after: 0 }), REVOKE, CHANGE)).toMatchObject({
        value: { report: { counts: { already: MAX_BATCH_ITEMS }, next: first.next } },
      })
      const last = await store.changeStatuses(id, second, REVOKE, CHANGE)
      expect(last).toMatchObject({ value: { report: { counts: { change: 1, already: 0 } } } })
      expect(last.ok && last.value.report.next).toBeUndefined()
    }, 60_000)

    it('H13: begins a batch once, again under the same mark, and never for another request', async () => {
      const { store, id } = await issued()
      expect(await store.beginBatch(id, marked('key'))).toEqual({ ok: true, value: null })
      expect(await store.beginBatch(id, marked('key'))).toEqual({ ok: true, value: null })
      expect(await store.beginBatch(id, CHANGE)).toEqual({ ok: true, value: null })
      expect(await store.beginBatch(id, marked('key', 'another body'))).toEqual({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
    })

    it('names the lists that credentials are in', async () => {
      const { store, id } = await issued()
      expect(await store.statusLists(id)).toEqual(['revocation-1', 'suspension-1'])
      const { id: fresh } = anIssuer(freshId())
      await store.create(anIssuer(fresh), ISSUER_FOUNDING, CHANGE)
      expect(await store.statusLists(fresh)).toEqual([])
    })
  })
