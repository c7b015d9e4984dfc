import { describe, expect, it } from 'vitest'
import { firstBrokenLink, GENESIS } from '../../src/domain/audit/audit-record.ts'
import { sha256Text } from '../../src/adapters/system/sha256.ts'
import type { InstanceId, Issuer, Verifier } from '../../src/domain/instance/instance.ts'
import { later } from '../../src/domain/time.ts'
import type { Founding, InstanceStore } from '../../src/ports/instance-store.ts'
import { CHANGE, freshId, marked, NOW } from './instances.ts'

/** What every store of instances promises, whichever kind it keeps and wherever. */
export const instanceStoreContract = <Instance extends Issuer | Verifier, With extends Founding>(
  adapter: string,
  open: () => InstanceStore<Instance, With>,
  make: (id: InstanceId) => Instance,
  founding: With,
) =>
  describe(`InstanceStore contract: ${adapter}`, () => {
    const created = async () => {
      const store = open()
      const instance = make(freshId())
      await store.create(instance, founding, CHANGE)
      return { store, instance }
    }

    it('finds what was created, with the hash of its token', async () => {
      const { store, instance } = await created()
      expect(await store.find(instance.id)).toEqual({ instance, tokenHash: founding.tokenHash })
    })

    it('finds nothing under a name that was never created', async () => {
      expect(await open().find(freshId())).toBeUndefined()
    })

    it('lets exactly one of 64 simultaneous creations win', async () => {
      const store = open()
      const instance = make(freshId())
      const outcomes = await Promise.all(
        Array.from({ length: 64 }, () => store.create(instance, founding, CHANGE)),
      )
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
      expect((await store.audit(instance.id, { cursor: undefined, limit: 100 })).rows).toHaveLength(
        1,
      )
    })

    it('lays a patch over the record and keeps the rest', async () => {
      const { store, instance } = await created()
      const updated = await store.update(instance.id, { name: 'Another Name' }, CHANGE)
      expect(updated).toEqual({
        ok: true,
        value: { value: { ...instance, name: 'Another Name' }, replayed: false },
      })
      expect((await store.find(instance.id))?.instance.name).toBe('Another Name')
    })

    it('ends the old token with the new one', async () => {
      const { store, instance } = await created()
      await store.replaceToken(instance.id, 'bbbb', CHANGE)
      expect((await store.find(instance.id))?.tokenHash).toBe('bbbb')
    })

    it('H13: answers the same mark with the first outcome and changes nothing more', async () => {
      const { store, instance } = await created()
      await store.update(instance.id, { name: 'First' }, marked('key-1'))
      await store.update(instance.id, { name: 'Second' }, CHANGE)
      const again = await store.update(instance.id, { name: 'First' }, marked('key-1'))
      expect(again).toMatchObject({ ok: true, value: { value: { name: 'First' }, replayed: true } })
      expect((await store.find(instance.id))?.instance.name).toBe('Second')
    })

    it('H13: refuses the same key with another request', async () => {
      const { store, instance } = await created()
      await store.update(instance.id, { name: 'First' }, marked('key-1', 'one body'))
      expect(
        await store.update(instance.id, { name: 'Other' }, marked('key-1', 'other body')),
      ).toEqual({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
    })

    it('H13: forgets a key after a day and not before', async () => {
      const { store, instance } = await created()
      const day = 24 * 60 * 60
      await store.update(instance.id, { name: 'First' }, marked('key-1'))
      const before = { ...marked('key-1'), at: later(NOW, day - 1) }
      const after = { ...marked('key-1'), at: later(NOW, day) }
      expect(await store.update(instance.id, { name: 'Before' }, before)).toMatchObject({
        value: { replayed: true },
      })
      expect(await store.update(instance.id, { name: 'After' }, after)).toMatchObject({
        value: { replayed: false },
      })
    })

    it('H13: of 64 simultaneous calls under one key one changes and all get its outcome', async () => {
      const { store, instance } = await created()
      const outcomes = await Promise.all(
        Array.from({ length: 64 }, () =>
          store.update(instance.id, { name: 'Once' }, marked('key-1')),
        ),
      )
      expect(outcomes.filter((outcome) => outcome.ok && !outcome.value.replayed)).toHaveLength(1)
      expect(outcomes.every((outcome) => outcome.ok && outcome.value.value.name === 'Once')).toBe(
        true,
      )
    })

    it('H17: writes one linked audit record for each change', async () => {
      const { store, instance } = await created()
      await store.update(instance.id, { name: 'Changed' }, { ...CHANGE, actor: 'somebody' })
      await store.replaceToken(instance.id, 'bbbb', CHANGE)
      const { rows } = await store.audit(instance.id, { cursor: undefined, limit: 100 })
      expect(rows.map(({ action }) => action)).toEqual([
        'instance.create',
        'instance.change',
        'instance.token',
      ])
      expect(rows[1]?.actor).toBe('somebody')
      const start = { sequence: 0, hash: GENESIS }
      expect(firstBrokenLink(rows, start, sha256Text)).toBeUndefined()
    })

    it('H17: a record that was edited or removed breaks the chain where it stood', async () => {
      const { store, instance } = await created()
      for (const name of ['one', 'two', 'three']) await store.update(instance.id, { name }, CHANGE)
      const { rows } = await store.audit(instance.id, { cursor: undefined, limit: 100 })
      const start = { sequence: 0, hash: GENESIS }
      const edited = rows.map((row) => (row.sequence === 3 ? { ...row, actor: 'nobody' } : row))
      expect(firstBrokenLink(edited, start, sha256Text)).toBe(3)
      const removed = rows.filter(({ sequence }) => sequence !== 2)
      expect(firstBrokenLink(removed, start, sha256Text)).toBe(2)
    })

    it('reads the audit chain in pages that miss nothing', async () => {
      const { store, instance } = await created()
      for (const name of ['one', 'two', 'three', 'four'])
        await store.update(instance.id, { name }, CHANGE)
      const first = await store.audit(instance.id, { cursor: undefined, limit: 2 })
      const second = await store.audit(instance.id, { cursor: first.cursor, limit: 3 })
      expect([...first.rows, ...second.rows].map(({ sequence }) => sequence)).toEqual([
        1, 2, 3, 4, 5,
      ])
      expect(second.cursor).toBeUndefined()
    })
  })
