import type { InstanceId, InstanceKind } from '../../domain/instance/instance.ts'
import { ok } from '../../domain/result.ts'
import type { Directory } from '../../ports/directory.ts'
import { memoryLedger } from './ledger.ts'

export function memoryDirectory(): Directory {
  const names: Record<InstanceKind, Set<InstanceId>> = { issuer: new Set(), verifier: new Set() }
  const ledger = memoryLedger()
  return {
    async register(kind, id, change) {
      const applied = ledger.apply(change, () => {
        const isNew = !names[kind].has(id)
        names[kind].add(id)
        return { value: isNew, audit: { action: 'name.register', detail: { kind, id } } }
      })
      return applied.ok
        ? ok({ replayed: applied.value.replayed, isNew: applied.value.value })
        : applied
    },
    has: async (kind, id) => names[kind].has(id),
    async ids(kind, { cursor, limit }) {
      const after = [...names[kind]].sort().filter((id) => id > (cursor ?? ''))
      const kept = after.slice(0, limit)
      const last = kept.at(-1)
      return after.length > limit && last !== undefined
        ? { rows: kept, cursor: last }
        : { rows: kept }
    },
  }
}
