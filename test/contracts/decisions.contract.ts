import { describe, expect, it } from 'vitest'
import { later } from '../../src/domain/time.ts'
import type { Retention, SealedDecision } from '../../src/ports/decisions.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { aVerifier, CHANGE, freshId, marked, NOW, VERIFIER_FOUNDING } from './instances.ts'

const FIRST_PAGE = { cursor: undefined, limit: 100 }
const ALL: Retention = { atMost: 1_000, atMostOfOneClient: 1_000, since: later(NOW, -1_000) }

const aDecision = (id: string, change: Partial<SealedDecision> = {}): SealedDecision => ({
  id,
  kind: 'presentation',
  at: NOW,
  subject: 'did:web:buyer.example.com',
  verdict: 'valid',
  trust: 'trusted',
  policyVersion: 1,
  digest: `digest of ${id}`,
  evidence: `{"of":"${id}"}`,
  receipt: 'a.b.c',
  ...change,
})

/** What a store of verifiers promises about decisions. */
export const decisionsContract = (adapter: string, open: () => VerifierStore) =>
  describe(`Decisions contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const verifier = aVerifier(freshId())
      await store.create(verifier, VERIFIER_FOUNDING, CHANGE)
      return { store, id: verifier.id }
    }
    const actions = async (store: VerifierStore, id: Awaited<ReturnType<typeof opened>>['id']) =>
      (await store.audit(id, FIRST_PAGE)).rows.map(({ action }) => action)

    it('gives back a decision as it was kept, with its audit record beside it', async () => {
      const { store, id } = await opened()
      const kept = await store.keepDecision(id, aDecision('d1'), ALL, CHANGE)
      expect(kept).toEqual({ ok: true, value: { value: 'd1', replayed: false } })
      expect(await store.decision(id, 'd1')).toEqual(aDecision('d1'))
      const { rows } = await store.audit(id, FIRST_PAGE)
      expect(rows.at(-1)).toMatchObject({
        action: 'decision.keep',
        detail: { id: 'd1', digest: 'digest of d1', verdict: 'valid', trust: 'trusted' },
      })
    })

    it('keeps a decision about nobody that could be named', async () => {
      const { store, id } = await opened()
      await store.keepDecision(id, aDecision('d1', { subject: undefined }), ALL, CHANGE)
      expect(await store.decision(id, 'd1')).toEqual(aDecision('d1', { subject: undefined }))
    })

    it('H9: has nothing under the name of a decision of another verifier', async () => {
      const [one, other] = [await opened(), await opened()]
      await one.store.keepDecision(one.id, aDecision('d1'), ALL, CHANGE)
      expect(await other.store.decision(other.id, 'd1')).toBeUndefined()
      expect(await one.store.decision(one.id, 'd2')).toBeUndefined()
    })

    it('lists decisions without evidence, oldest first, in pages that miss nothing', async () => {
      const { store, id } = await opened()
      for (const name of ['d1', 'd2', 'd3'])
        await store.keepDecision(id, aDecision(name), ALL, CHANGE)
      const first = await store.decisions(id, { cursor: undefined, limit: 2 })
      const rest = await store.decisions(id, { cursor: first.cursor, limit: 2 })
      const { evidence: _, receipt: __, ...summary } = aDecision('d1')
      expect(first.rows[0]).toEqual(summary)
      expect([...first.rows, ...rest.rows].map((row) => row.id)).toEqual(['d1', 'd2', 'd3'])
      expect(rest.cursor).toBeUndefined()
    })

    it('lists decisions with evidence, newest first', async () => {
      const { store, id } = await opened()
      for (const name of ['d1', 'd2', 'd3'])
        await store.keepDecision(id, aDecision(name), ALL, CHANGE)
      const first = await store.latestDecisions(id, { cursor: undefined, limit: 2 })
      const rest = await store.latestDecisions(id, { cursor: first.cursor, limit: 2 })
      expect(first.rows).toEqual([aDecision('d3'), aDecision('d2')])
      expect(rest).toEqual({ rows: [aDecision('d1')] })
    })

    it('H13: keeps one decision for one mark, and tells which', async () => {
      const { store, id } = await opened()
      expect(await store.decisionUnder(id, marked('key'))).toBeUndefined()
      await store.keepDecision(id, aDecision('d1'), ALL, marked('key'))
      const again = await store.keepDecision(id, aDecision('d2'), ALL, marked('key'))
      const replayed = { ok: true, value: { value: 'd1', replayed: true } }
      expect(again).toEqual(replayed)
      expect(await store.decisionUnder(id, marked('key'))).toEqual(replayed)
      expect(await store.decisionUnder(id, CHANGE)).toBeUndefined()
      expect(await store.decisionUnder(id, marked('key', 'another body'))).toMatchObject({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
      expect((await store.decisions(id, FIRST_PAGE)).rows).toHaveLength(1)
    })

    it('lets the oldest go when there are more than are kept, and writes it down', async () => {
      const { store, id } = await opened()
      const two = { ...ALL, atMost: 2 }
      await store.keepDecision(id, aDecision('d1'), two, CHANGE)
      await store.keepDecision(id, aDecision('d2'), two, CHANGE)
      expect(await actions(store, id)).not.toContain('decision.expire')
      await store.keepDecision(id, aDecision('d3'), two, CHANGE)
      expect((await store.decisions(id, FIRST_PAGE)).rows.map((row) => row.id)).toEqual([
        'd2',
        'd3',
      ])
      const { rows } = await store.audit(id, FIRST_PAGE)
      expect(rows.at(-1)).toMatchObject({ action: 'decision.expire', detail: { deleted: 1 } })
    })

    it('lets go what was decided before the time it is kept for, to the second', async () => {
      const { store, id } = await opened()
      await store.keepDecision(id, aDecision('old', { at: later(NOW, -61) }), ALL, CHANGE)
      await store.keepDecision(id, aDecision('just', { at: later(NOW, -60) }), ALL, CHANGE)
      const minute = { ...ALL, since: later(NOW, -60) }
      await store.keepDecision(id, aDecision('new'), minute, CHANGE)
      expect((await store.decisions(id, FIRST_PAGE)).rows.map((row) => row.id)).toEqual([
        'just',
        'new',
      ])
    })

    it('deletes a decision once, keeps its audit record, and never reuses its place', async () => {
      const { store, id } = await opened()
      await store.keepDecision(id, aDecision('d1'), ALL, CHANGE)
      await store.keepDecision(id, aDecision('d2'), ALL, CHANGE)
      const { cursor } = await store.decisions(id, { cursor: undefined, limit: 1 })
      expect(await store.deleteDecision(id, 'd2', CHANGE)).toMatchObject({
        value: { value: 'deleted' },
      })
      expect(await store.deleteDecision(id, 'd2', CHANGE)).toMatchObject({
        value: { value: 'not_found' },
      })
      expect(await store.decision(id, 'd2')).toBeUndefined()
      expect((await actions(store, id)).filter((one) => one.startsWith('decision'))).toEqual([
        'decision.keep',
        'decision.keep',
        'decision.delete',
      ])
      await store.keepDecision(id, aDecision('d3'), ALL, CHANGE)
      const { rows } = await store.decisions(id, { cursor, limit: 10 })
      expect(rows.map((row) => row.id)).toEqual(['d3'])
    })
  })
