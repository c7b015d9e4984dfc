/**
 * Remembers up to `capacity` values and forgets the least recently used one first. Holds values, never
 * promises: a promise of one request must not be awaited by another on Workers.
 */
interface BoundedMemo<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
}

export function createBoundedMemo<Value extends object>(capacity: number): BoundedMemo<Value> {
  const entries = new Map<string, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      // A Map keeps the order of insertion: moved to its end, the entry is the youngest again.
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= capacity) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
  }
}
