import { describe, expect, it } from 'vitest'
import { ARCHIVE_KINDS, type ArchiveRow } from '../../src/domain/archive/archive-row.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { ArchiveBounds } from '../../src/ports/issuer-archive.ts'
import type { CredentialDraft, IssuerStore } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, NOW } from './instances.ts'

const draft = (name: string): CredentialDraft => ({
  cid: name,
  credentialId: `https://trust.example/credentials/${name}`,
  alias: undefined,
  format: 'vc+jwt',
  types: ['VerifiableCredential'],
  subject: undefined,
  validFrom: NOW,
  validUntil: undefined,
  credential: { type: ['VerifiableCredential'] },
  purposes: ['revocation', 'suspension'],
})

/** What a store of issuers promises about moving one. */
export const issuerArchiveContract = (adapter: string, open: () => IssuerStore) =>
  describe(`IssuerArchive contract: ${adapter}`, () => {
    /** An issuer with two credentials, one of them revoked, and a schema. */
    const opened = async () => {
      const store = open()
      const issuer = anIssuer(freshId())
      const { id } = issuer
      await store.create(issuer, ISSUER_FOUNDING, CHANGE)
      for (const name of ['c1', 'c2']) {
        await store.reserve(id, draft(name), CHANGE)
        await store.complete(id, name, `signed ${name}`, 'k1')
      }
      await store.changeStatus(id, 'c1', { purpose: 'revocation', status: true }, CHANGE)
      await store.putSchema(id, 'A', '{}', CHANGE)
      return { store, id }
    }
    const rowsOf = async (store: IssuerStore, id: InstanceId, bounds: ArchiveBounds) => {
      const rows: ArchiveRow[] = []
      for (const kind of ARCHIVE_KINDS) {
        let cursor: string | undefined
        do {
          const page = await store.exportPage(id, kind, bounds, { cursor, limit: 1 })
          rows.push(...page.rows)
          cursor = page.cursor
        } while (cursor !== undefined)
      }
      return rows
    }

    it('exports the state of the moment at which it began', async () => {
      const { store, id } = await opened()
      const bounds = await store.exportBounds(id)
      const before = await rowsOf(store, id, bounds)
      await store.reserve(id, draft('c3'), CHANGE)
      await store.changeStatus(id, 'c2', { purpose: 'suspension', status: true }, CHANGE)
      await store.putSchema(id, 'A', '{"a":1}', CHANGE)
      const after = await rowsOf(store, id, bounds)
      const withoutVersion = (rows: readonly ArchiveRow[]) =>
        rows.map((row) => (row.kind === 'status_list' ? { ...row, version: 0 } : row))
      expect(withoutVersion(after)).toEqual(withoutVersion(before))
      expect(before.filter(({ kind }) => kind === 'credential')).toHaveLength(2)
    })

    it('imports what it exported, row for row, and continues the audit chain', async () => {
      const { store, id } = await opened()
      const rows = await rowsOf(store, id, await store.exportBounds(id))
      const copy = anIssuer(freshId())
      expect(await store.beginImport(copy.id, 'i1')).toBe('begun')
      expect(await store.importRows(copy.id, 'i1', rows)).toBe('added')
      expect(await store.find(copy.id)).toBeUndefined()
      expect(await store.finishImport(copy, 'i1', 'hash', CHANGE)).toMatchObject({
        credentials: 2,
        statusLists: 2,
      })
      expect(await store.find(copy.id)).toEqual({ instance: copy, tokenHash: 'hash' })
      const copied = await rowsOf(store, copy.id, await store.exportBounds(copy.id))
      expect(copied.slice(0, -1)).toEqual(rows)
      expect(copied.at(-1)).toMatchObject({
        action: 'instance.import',
        previous: rows.findLast((row) => row.kind === 'audit')?.hash,
      })
      const next = await store.reserve(copy.id, draft('c3'), CHANGE)
      expect(next).toMatchObject({ ok: true })
    })

    it('adds all rows or none: a duplicate is a conflict', async () => {
      const { store, id } = await opened()
      const rows = await rowsOf(store, id, await store.exportBounds(id))
      const copy = anIssuer(freshId())
      await store.beginImport(copy.id, 'i1')
      expect(await store.importRows(copy.id, 'i1', [...rows, ...rows.slice(0, 1)])).toBe('conflict')
      expect(await store.importRows(copy.id, 'i1', rows)).toBe('added')
    })

    it('S13: finishes nothing when a status is not that of its last change', async () => {
      const { store, id } = await opened()
      const rows = await rowsOf(store, id, await store.exportBounds(id))
      const copy = anIssuer(freshId())
      await store.beginImport(copy.id, 'i1')
      const active = rows.map((row) =>
        row.kind === 'credential' ? { ...row, revoked: false } : row,
      )
      await store.importRows(copy.id, 'i1', active)
      expect(await store.finishImport(copy, 'i1', 'hash', CHANGE)).toBe('conflict')
      expect(await store.find(copy.id)).toBeUndefined()
    })

    it('finishes nothing when an entry lacks its list', async () => {
      const { store, id } = await opened()
      const rows = await rowsOf(store, id, await store.exportBounds(id))
      const copy = anIssuer(freshId())
      await store.beginImport(copy.id, 'i1')
      await store.importRows(
        copy.id,
        'i1',
        rows.filter(({ kind }) => kind !== 'status_list'),
      )
      expect(await store.finishImport(copy, 'i1', 'hash', CHANGE)).toBe('conflict')
      expect(await store.find(copy.id)).toBeUndefined()
    })

    it('begins clean after an import that broke off, and lets only the newest go on', async () => {
      const { store, id } = await opened()
      const rows = await rowsOf(store, id, await store.exportBounds(id))
      const copy = anIssuer(freshId())
      await store.beginImport(copy.id, 'i1')
      await store.importRows(copy.id, 'i1', rows)
      expect(await store.beginImport(copy.id, 'i2')).toBe('begun')
      expect(await store.importRows(copy.id, 'i1', rows)).toBe('superseded')
      expect(await store.finishImport(copy, 'i1', 'hash', CHANGE)).toBe('superseded')
      expect(await store.importRows(copy.id, 'i2', rows)).toBe('added')
    })

    it('gives nothing of an import that broke off to a new issuer of its name', async () => {
      const { store, id } = await opened()
      const rows = await rowsOf(store, id, await store.exportBounds(id))
      const other = anIssuer(freshId())
      await store.beginImport(other.id, 'i1')
      await store.importRows(other.id, 'i1', rows)
      expect(await store.create(other, ISSUER_FOUNDING, CHANGE)).toBe('created')
      const kept = await rowsOf(store, other.id, await store.exportBounds(other.id))
      expect(kept.map((row) => (row.kind === 'audit' ? row.action : row.kind))).toEqual([
        'instance.create',
      ])
      expect(await store.finishImport(other, 'i1', 'hash', CHANGE)).toBe('superseded')
      expect(await store.beginImport(other.id, 'i2')).toBe('exists')
    })
  })
