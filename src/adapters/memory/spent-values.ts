import type { EpochSeconds } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SpentValues } from '../../ports/spent-values.ts'

export function memorySpentValues(clock: Clock): SpentValues {
  /** Who spent what first; `undefined`: nobody in particular. */
  const spent = new Map<string, string | undefined>()
  const use = async (
    spender: string | undefined,
    [namespace, value]: readonly [string, string],
    expiresAt: EpochSeconds,
  ) => {
    if (expiresAt <= clock.now()) return false
    const key = JSON.stringify([namespace, value])
    if (spent.has(key)) return spender !== undefined && spent.get(key) === spender
    spent.set(key, spender)
    return true
  }
  return {
    firstUse: (namespace, value, expiresAt) => use(undefined, [namespace, value], expiresAt),
    firstUseBy: (spender, namespace, value, expiresAt) =>
      use(spender, [namespace, value], expiresAt),
  }
}
