import { describe, expect, it } from 'vitest'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { Directory } from '../../src/ports/directory.ts'
import { CHANGE, freshId, marked } from './instances.ts'

export const directoryContract = (adapter: string, open: () => Directory) =>
  describe(`Directory contract: ${adapter}`, () => {
    it('knows a name once it is registered, for its kind only', async () => {
      const directory = open()
      const id = freshId()
      expect(await directory.has('issuer', id)).toBe(false)
      await directory.register('issuer', id, CHANGE)
      expect(await directory.has('issuer', id)).toBe(true)
      expect(await directory.has('verifier', id)).toBe(false)
    })

    it('does not mind a name that it knows', async () => {
      const directory = open()
      const id = freshId()
      await directory.register('issuer', id, CHANGE)
      expect(await directory.register('issuer', id, CHANGE)).toEqual({
        ok: true,
        value: { replayed: false, isNew: false },
      })
    })

    it('H13: tells a repeated request from a new one, and refuses the key for another request', async () => {
      const directory = open()
      const [id, key] = [freshId(), `key of ${freshId()}`]
      expect(await directory.register('issuer', id, marked(key))).toMatchObject({
        value: { replayed: false },
      })
      expect(await directory.register('issuer', id, marked(key))).toMatchObject({
        value: { replayed: true },
      })
      expect(await directory.register('issuer', id, marked(key, 'another body'))).toEqual({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
    })

    it('lets exactly one of 64 simultaneous requests of one key be the first', async () => {
      const directory = open()
      const [id, key] = [freshId(), `key of ${freshId()}`]
      const all = await Promise.all(
        Array.from({ length: 64 }, () => directory.register('verifier', id, marked(key))),
      )
      expect(all.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
    })

    it('lists names in their order, in pages that miss nothing', async () => {
      const directory = open()
      const prefix = `page-${freshId()}`
      const names = ['c', 'a', 'b'].map((end) => `${prefix}-${end}` as InstanceId)
      for (const id of names) await directory.register('issuer', id, CHANGE)
      const seen: InstanceId[] = []
      let cursor: string | undefined
      do {
        const page = await directory.ids('issuer', { cursor, limit: 1 })
        seen.push(...page.rows)
        cursor = page.cursor
      } while (cursor !== undefined)
      expect(seen.filter((id) => id.startsWith(prefix))).toEqual([...names].sort())
    })
  })
