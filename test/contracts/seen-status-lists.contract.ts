import { describe, expect, it } from 'vitest'
import { epochSeconds, later } from '../../src/domain/time.ts'
import type { SeenStatusLists } from '../../src/ports/seen-status-lists.ts'
import { freshId } from './instances.ts'

const SIGNED = epochSeconds(1_768_478_400)

export const seenStatusListsContract = (adapter: string, open: () => SeenStatusLists) =>
  describe(`SeenStatusLists contract: ${adapter}`, () => {
    it('S8: answers with the newest that it ever saw, also another reader', async () => {
      const key = `BitstringStatusList did:web:a.example https://a.example/${freshId()}`
      expect(await open().newest(key, undefined)).toBeUndefined()
      expect(await open().newest(key, SIGNED)).toBe(SIGNED)
      expect(await open().newest(key, later(SIGNED, -1))).toBe(SIGNED)
      expect(await open().newest(key, undefined)).toBe(SIGNED)
      expect(await open().newest(key, later(SIGNED, 1))).toBe(later(SIGNED, 1))
    })

    it('S8: knows each list by itself', async () => {
      const [one, other] = [freshId(), freshId()]
      expect(await open().newest(one, SIGNED)).toBe(SIGNED)
      expect(await open().newest(other, later(SIGNED, -1))).toBe(later(SIGNED, -1))
    })

    it('S8: of simultaneous lists, remembers the newest', async () => {
      const key = freshId()
      const times = [3, 9, 1, 7].map((seconds) => later(SIGNED, seconds))
      const answers = await Promise.all(times.map((at) => open().newest(key, at)))
      expect(answers[1]).toBe(later(SIGNED, 9))
      expect(await open().newest(key, undefined)).toBe(later(SIGNED, 9))
    })
  })
