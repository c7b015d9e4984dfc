/** Values that are kept as long as there is room; the least recently used goes first. */
export interface LeastRecentlyUsed<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/** Room for so many values. */
export const leastRecentlyUsed = <Value>(entries: number): LeastRecentlyUsed<Value> =>
  leastRecentlyUsedByWeight({ entries, weight: Infinity }, () => 0)

/** Room for `most.entries` values that together weigh no more than `most.weight`. */
export function leastRecentlyUsedByWeight<Value>(
  most: { readonly entries: number; readonly weight: number },
  weigh: (value: Value) => number,
): LeastRecentlyUsed<Value> {
  const kept = new Map<string, { readonly value: Value; readonly weight: number }>()
  let total = 0

  const remove = (key: string): void => {
    total -= kept.get(key)?.weight ?? 0
    kept.delete(key)
  }
  return {
    get(key) {
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      // A Map keeps the order of insertion: moved to its end, the entry is the youngest again.
      kept.delete(key)
      kept.set(key, entry)
      return entry.value
    },
    set(key, value) {
      remove(key)
      const weight = weigh(value)
      kept.set(key, { value, weight })
      total += weight
      for (const [oldest] of kept) {
        if (kept.size <= most.entries && total <= most.weight) return
        remove(oldest)
      }
    },
    delete: remove,
  }
}
