import { describe, expect, it } from 'vitest'
import type { IssuerStore } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked } from './instances.ts'

const FIRST_PAGE = { cursor: undefined, limit: 100 }

/** What a store of issuers promises about schemas. */
export const issuerSchemasContract = (adapter: string, open: () => IssuerStore) =>
  describe(`IssuerSchemas contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const { id } = anIssuer(freshId())
      await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
      return { store, id }
    }

    it('counts the versions of each type and keeps the older texts', async () => {
      const { store, id } = await opened()
      await store.putSchema(id, 'A', '{"a":1}', CHANGE)
      await store.putSchema(id, 'B', '{"b":1}', CHANGE)
      const second = await store.putSchema(id, 'A', '{"a":2}', CHANGE)
      expect(second).toMatchObject({ value: { value: { type: 'A', version: 2 } } })
      expect(await store.schemaText(id, 'A', 1)).toBe('{"a":1}')
      expect(await store.schemaText(id, 'A', undefined)).toBe('{"a":2}')
      expect(await store.schemaText(id, 'A', 3)).toBeUndefined()
      const newest = await store.newestSchemas(id, ['C', 'B', 'A'])
      expect(newest.map(({ type, version }) => [type, version])).toEqual([
        ['B', 1],
        ['A', 2],
      ])
    })

    it('adds nothing when the newest version has the text', async () => {
      const { store, id } = await opened()
      const first = await store.putSchema(id, 'A', '{}', CHANGE)
      expect(await store.putSchema(id, 'A', '{}', CHANGE)).toEqual(first)
      const { rows } = await store.audit(id, FIRST_PAGE)
      expect(rows.filter(({ action }) => action === 'schema.put')).toHaveLength(1)
    })

    it('H13: answers the same mark with the version that was put first', async () => {
      const { store, id } = await opened()
      await store.putSchema(id, 'A', '{"a":1}', marked('key'))
      const again = await store.putSchema(id, 'A', '{"a":2}', marked('key'))
      expect(again).toMatchObject({ value: { value: { version: 1 }, replayed: true } })
      expect(await store.schemaText(id, 'A', undefined)).toBe('{"a":1}')
    })

    it('lists all versions in pages that miss nothing', async () => {
      const { store, id } = await opened()
      for (const text of ['1', '2', '3']) await store.putSchema(id, 'A', text, CHANGE)
      const first = await store.schemas(id, { cursor: undefined, limit: 2 })
      const rest = await store.schemas(id, { cursor: first.cursor, limit: 2 })
      expect([...first.rows, ...rest.rows].map(({ version }) => version)).toEqual([1, 2, 3])
      expect(rest.cursor).toBeUndefined()
    })
  })
