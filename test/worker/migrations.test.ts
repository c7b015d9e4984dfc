import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { rowNamed } from '../../src/adapters/durable/credential-rows.ts'
import { ISSUER_MIGRATIONS } from '../../src/adapters/durable/issuer-migrations.ts'
import { keyHoldings, liveCredentials } from '../../src/adapters/durable/key-rows.ts'
import { migrate } from '../../src/adapters/durable/migrations.ts'
import { VERIFIER_MIGRATIONS } from '../../src/adapters/durable/verifier-object.ts'
import { readBindings } from '../../src/bindings.ts'
import { epochSeconds } from '../../src/domain/time.ts'
import { freshId } from '../contracts/instances.ts'

const { objects } = readBindings(env as unknown as Readonly<Record<string, unknown>>)

/** Runs against the storage of an object nobody else uses, emptied of what its constructor made. */
const withEmptyStorage = <Answer>(run: (storage: DurableObjectStorage) => Answer) =>
  runInDurableObject(objects.issuers.getByName(freshId()), async (_, state) => {
    await state.storage.deleteAll()
    return run(state.storage)
  })

const versionOf = (storage: DurableObjectStorage) =>
  storage.sql.exec<{ version: number }>('SELECT version FROM schema_version').one().version

describe('storage migrations', () => {
  it('bring an old issuer database, with its rows, to the newest schema', async () => {
    const seen = await withEmptyStorage((storage) => {
      migrate(storage, ISSUER_MIGRATIONS.slice(0, 1))
      const before = versionOf(storage)
      storage.sql.exec(
        `INSERT INTO credential (cid, credential_id, format, types, valid_from, draft, reserved_at)
         VALUES ('old', 'https://trust.example/old', 'vc+jwt', '[]', 1, '{}', 1)`,
      )
      migrate(storage, ISSUER_MIGRATIONS)
      const { cid } = storage.sql.exec<{ cid: string }>('SELECT cid FROM credential').one()
      const changes = storage.sql.exec('SELECT * FROM status_change').toArray().length
      return { before, after: versionOf(storage), cid, changes }
    })
    expect(seen).toEqual({ before: 1, after: ISSUER_MIGRATIONS.length, cid: 'old', changes: 0 })
  })

  it('keep the names of an old issuer’s credentials, each in one index, and unique', async () => {
    const cid = '0b0e4a3c-6f5e-4d7c-9b1a-2f3e4d5c6b7a'
    const own = `https://trust.example/issuers/a/credentials/${cid}`
    const seen = await withEmptyStorage((storage) => {
      migrate(storage, ISSUER_MIGRATIONS.slice(0, 5))
      const add = (...names: readonly (string | null)[]) =>
        storage.sql.exec(
          `INSERT INTO credential (cid, credential_id, alias, format, types, valid_from, draft, reserved_at)
           VALUES (?, ?, ?, 'vc+jwt', '[]', 1, '{}', 1) ON CONFLICT DO NOTHING`,
          ...names,
        ).rowsWritten > 0
      add(cid, own, null)
      add('short', 'urn:given', 'order-7')
      migrate(storage, ISSUER_MIGRATIONS)
      const named = [own, cid, 'urn:given', 'order-7', 'short', `urn:uuid:${cid}`].map(
        (name) => rowNamed(storage.sql, name)?.cid,
      )
      const added = [add('b', 'urn:given', null), add('c', 'urn:c', 'order-7'), add(cid, own, null)]
      return { named, added, another: add('d', 'urn:d', null) }
    })
    expect(seen).toEqual({
      named: [cid, cid, 'short', 'short', 'short', undefined],
      added: [false, false, false],
      another: true,
    })
  })

  it('keep the marks of an older release, in the order in which they expire', async () => {
    const seen = await withEmptyStorage((storage) => {
      migrate(storage, ISSUER_MIGRATIONS.slice(0, 6))
      storage.sql.exec("INSERT INTO idempotency VALUES ('a', 'r', '1', 20), ('b', 'r', '2', 10)")
      migrate(storage, ISSUER_MIGRATIONS)
      return storage.sql
        .exec('SELECT key, request, outcome, expires_at FROM idempotency ORDER BY sequence')
        .toArray()
    })
    expect(seen).toEqual([
      { key: 'b', request: 'r', outcome: '2', expires_at: 10 },
      { key: 'a', request: 'r', outcome: '1', expires_at: 20 },
    ])
  })

  it('count what an older release signed for the keys that the issuer began with', async () => {
    const seen = await withEmptyStorage((storage) => {
      migrate(storage, ISSUER_MIGRATIONS.slice(0, 3))
      for (const [cid, end] of [
        ['ends', '60'],
        ['open', 'NULL'],
      ]) {
        storage.sql.exec(
          `INSERT INTO credential (cid, credential_id, format, types, valid_from, valid_until, draft, reserved_at, token)
           VALUES ('${cid ?? ''}', 'urn:${cid ?? ''}', 'vc+jwt', '[]', 1, ${end ?? ''}, '{}', 1, 'signed')`,
        )
      }
      migrate(storage, ISSUER_MIGRATIONS)
      const first = { kid: 'k1', verificationMethod: 'did:web:a.example#k1' }
      const second = { ...first, kid: 'k2', listedAt: epochSeconds(2) }
      const { lastExpiries } = keyHoldings(storage.sql, [second, first])
      const live = [first, second].map((key) => liveCredentials(storage.sql, key, epochSeconds(60)))
      return { lastExpiries, live }
    })
    expect(seen).toEqual({ lastExpiries: [{ kid: 'k1', lastExpiry: 'never' }], live: [1, 0] })
  })

  it('bring an old verifier database, with its policy, to the newest schema', async () => {
    const seen = await withEmptyStorage((storage) => {
      migrate(storage, VERIFIER_MIGRATIONS.slice(0, 1))
      storage.sql.exec("INSERT INTO policy (version, policy, at, actor) VALUES (1, '{}', 1, 'a')")
      migrate(storage, VERIFIER_MIGRATIONS)
      const policies = storage.sql.exec('SELECT * FROM policy').toArray().length
      const decisions = storage.sql.exec('SELECT * FROM decision').toArray().length
      return { after: versionOf(storage), policies, decisions }
    })
    expect(seen).toEqual({ after: VERIFIER_MIGRATIONS.length, policies: 1, decisions: 0 })
  })

  it('run each script once', async () => {
    const version = await withEmptyStorage((storage) => {
      migrate(storage, ISSUER_MIGRATIONS)
      migrate(storage, ISSUER_MIGRATIONS)
      return versionOf(storage)
    })
    expect(version).toBe(ISSUER_MIGRATIONS.length)
  })

  it('leave the old schema when one script fails', async () => {
    const seen = await withEmptyStorage((storage) => {
      migrate(storage, ['CREATE TABLE kept (a INTEGER)'])
      const failing = [
        'CREATE TABLE kept (a INTEGER)',
        'CREATE TABLE half (a INTEGER); NO SUCH SQL',
      ]
      let failed = false
      try {
        migrate(storage, failing)
      } catch {
        failed = true
      }
      const tables = storage.sql
        .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name IN ('kept', 'half')")
        .toArray()
        .map(({ name }) => name)
      return { failed, tables, version: versionOf(storage) }
    })
    expect(seen).toEqual({ failed: true, tables: ['kept'], version: 1 })
  })

  it('refuse a database of a newer release', async () => {
    const message = await withEmptyStorage((storage) => {
      migrate(storage, ['CREATE TABLE a (a INTEGER)', 'CREATE TABLE b (b INTEGER)'])
      try {
        migrate(storage, ['CREATE TABLE a (a INTEGER)'])
        return 'accepted'
      } catch (fault) {
        return fault instanceof Error ? fault.message : ''
      }
    })
    expect(message).toContain('has schema 2')
  })
})
