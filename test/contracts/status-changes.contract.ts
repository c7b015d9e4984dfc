import { describe, expect, it } from 'vitest'
import type { IssuerStore } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING } from './instances.ts'
import { draft } from './issuer-store.contract.ts'

/** What a store of issuers promises to who follows their changes of status. */
export const statusChangesContract = (adapter: string, open: () => IssuerStore) =>
  describe(`StatusChanges contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const issuer = anIssuer(freshId())
      await store.create(issuer, ISSUER_FOUNDING, CHANGE)
      const { id } = issuer
      const entryOf = async (cid: string) => {
        const purposes = ['revocation', 'suspension'] as const
        const reserved = await store.reserve(id, draft(cid, { purposes }), CHANGE)
        if (!reserved.ok) throw new Error(reserved.refusal.reason)
        const { allocations } = reserved.value
        return (purpose: 'revocation' | 'suspension') => {
          const found = allocations.find((one) => one.purpose === purpose)
          return { listId: found?.listId, index: found?.index }
        }
      }
      const set = (cid: string, purpose: 'revocation' | 'suspension', status: boolean) =>
        store.changeStatus(id, cid, { purpose, status }, CHANGE)
      return { store, id, entryOf, set }
    }

    it('begins with nothing', async () => {
      const { store, id, entryOf } = await opened()
      await entryOf('c1')
      expect(await store.lastStatusChange(id)).toBe(0)
      expect(await store.statusChangesSince(id, 0, 10)).toEqual([])
    })

    it('tells each change of status by its entry, in their order, and no change that was none', async () => {
      const { store, id, entryOf, set } = await opened()
      const [first, second] = [await entryOf('c1'), await entryOf('c2')]
      await set('c2', 'suspension', true)
      await set('c1', 'revocation', true)
      await set('c1', 'revocation', true)
      await set('c2', 'suspension', false)
      const all = [
        { ...second('suspension'), sequence: 1 },
        { ...first('revocation'), sequence: 2 },
        { ...second('suspension'), sequence: 3 },
      ]
      expect(await store.lastStatusChange(id)).toBe(3)
      expect(await store.statusChangesSince(id, 0, 10)).toEqual(all)
      expect(await store.statusChangesSince(id, 1, 1)).toEqual(all.slice(1, 2))
      expect(await store.statusChangesSince(id, 3, 10)).toEqual([])
    })

    it('H9: tells nothing of another issuer', async () => {
      const [one, other] = [await opened(), await opened()]
      await one.entryOf('c1')
      await one.set('c1', 'revocation', true)
      expect(await other.store.lastStatusChange(other.id)).toBe(0)
    })
  })
