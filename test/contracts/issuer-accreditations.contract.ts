import { describe, expect, it } from 'vitest'
import type { IssuerStore } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked } from './instances.ts'

const FIRST_PAGE = { cursor: undefined, limit: 100 }

/** What a store of issuers promises about the accreditations that an issuer publishes. */
export const issuerAccreditationsContract = (adapter: string, open: () => IssuerStore) =>
  describe(`IssuerAccreditations contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const { id } = anIssuer(freshId())
      await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
      return { store, id }
    }

    it('has none in the beginning, and keeps the newest set in its order', async () => {
      const { store, id } = await opened()
      expect(await store.accreditations(id)).toEqual([])
      await store.putAccreditations(id, ['a.a.a', 'b.b.b'], CHANGE)
      expect(await store.accreditations(id)).toEqual(['a.a.a', 'b.b.b'])
      const put = await store.putAccreditations(id, ['c.c.c', 'a.a.a'], CHANGE)
      expect(put).toMatchObject({ ok: true, value: { value: 2, replayed: false } })
      expect(await store.accreditations(id)).toEqual(['c.c.c', 'a.a.a'])
      await store.putAccreditations(id, [], CHANGE)
      expect(await store.accreditations(id)).toEqual([])
    })

    it('writes down each change, and none where nothing changes', async () => {
      const { store, id } = await opened()
      await store.putAccreditations(id, ['a.a.a'], CHANGE)
      await store.putAccreditations(id, ['a.a.a'], CHANGE)
      const { rows } = await store.audit(id, FIRST_PAGE)
      expect(rows.filter(({ action }) => action === 'accreditations.put')).toHaveLength(1)
      expect(JSON.stringify(rows)).not.toContain('a.a.a')
    })

    it('H13: answers the same mark once more and changes nothing', async () => {
      const { store, id } = await opened()
      await store.putAccreditations(id, ['a.a.a'], marked('key', 'request'))
      await store.putAccreditations(id, ['b.b.b'], CHANGE)
      const again = await store.putAccreditations(id, ['a.a.a'], marked('key', 'request'))
      expect(again).toMatchObject({ ok: true, value: { value: 1, replayed: true } })
      expect(await store.accreditations(id)).toEqual(['b.b.b'])
      expect(await store.putAccreditations(id, [], marked('key', 'another'))).toMatchObject({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
    })
  })
