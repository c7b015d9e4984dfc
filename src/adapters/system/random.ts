import type { Random } from '../../ports/random.ts'

const WORD = 2 ** 32

export const cryptoRandom: Random & {
  /** A whole number from 0 to `limit - 1`, all equally likely. */
  below(limit: number): number
} = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  uuid: () => crypto.randomUUID(),
  below(limit) {
    const fair = WORD - (WORD % limit)
    for (;;) {
      const [word = WORD] = crypto.getRandomValues(new Uint32Array(1))
      if (word < fair) return word % limit
    }
  },
}
