import type { InstanceId, InstanceKind } from '../../domain/instance/instance.ts'
import { holds, type Kept } from '../../domain/kept.ts'
import { INSTANCE_CACHE_SECONDS, MAX_CACHED_ENTRIES } from '../../domain/limits.ts'
import { later } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../ports/directory.ts'
import { leastRecentlyUsed } from './least-recently-used.ts'

/** Values of instances, by a name each, that are kept in the isolate for `INSTANCE_CACHE_SECONDS`. */
export interface InstanceCache<Value> {
  /** The kept value, or what `load` finds. What is not found is not kept. */
  get(id: string, load: () => Promise<Value | undefined>): Promise<Value | undefined>
  /** Call it after every change made through this isolate: the next `get` loads. */
  forget(id: string): void
}

/**
 * Values are kept, never promises: a promise belongs to the request that made it. A load that a
 * change overtakes is answered and not kept.
 */
export function instanceCache<Value>(clock: Clock): InstanceCache<Value> {
  const kept = leastRecentlyUsed<Kept & { readonly value: Value }>(MAX_CACHED_ENTRIES)
  let changes = 0
  return {
    async get(id, load) {
      const found = kept.get(id)
      const now = clock.now()
      if (found !== undefined && holds(found, now)) return found.value
      const before = changes
      const value = await load()
      if (value !== undefined && before === changes) {
        kept.set(id, { value, asked: now, expires: later(now, INSTANCE_CACHE_SECONDS) })
      }
      return value
    },
    forget(id) {
      changes++
      kept.delete(id)
    },
  }
}

/** Looks a name up before its store is touched, so that a made-up name opens no object on disk. */
export async function whereNamed<Value>(
  directory: Directory,
  kind: InstanceKind,
  id: InstanceId,
  load: () => Promise<Value | undefined>,
): Promise<Value | undefined> {
  return (await directory.has(kind, id)) ? load() : undefined
}
