import type { Clock } from '../../ports/clock.ts'
import type { SpentValues } from '../../ports/spent-values.ts'

export function memorySpentValues(clock: Clock): SpentValues {
  const spent = new Set<string>()
  return {
    async firstUse(namespace, value, expiresAt) {
      if (expiresAt <= clock.now()) return false
      const key = JSON.stringify([namespace, value])
      if (spent.has(key)) return false
      spent.add(key)
      return true
    },
  }
}
