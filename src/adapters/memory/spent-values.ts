import type { SpentValues } from '../../ports/spent-values.ts'

export function memorySpentValues(): SpentValues {
  const spent = new Set<string>()
  return {
    async firstUse(namespace, value) {
      const key = JSON.stringify([namespace, value])
      if (spent.has(key)) return false
      spent.add(key)
      return true
    },
  }
}
