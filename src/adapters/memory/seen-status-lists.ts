import type { EpochSeconds } from '../../domain/time.ts'
import type { SeenStatusLists } from '../../ports/seen-status-lists.ts'

export function memorySeenStatusLists(): SeenStatusLists {
  const seen = new Map<string, EpochSeconds>()
  return {
    async newest(key, signedAt) {
      const before = seen.get(key)
      if (signedAt === undefined || (before !== undefined && before >= signedAt)) return before
      seen.set(key, signedAt)
      return signedAt
    },
  }
}
