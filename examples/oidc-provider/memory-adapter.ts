import { errors } from 'oidc-provider'

/** What oidc-provider stores: some JSON, and what it is part of. */
interface Stored extends Record<string, unknown> {
  readonly grantId?: string
  readonly uid?: string
}

/**
 * NOTE: stands in for your database. oidc-provider looks whether something was used, and then says that it is: of
 * two requests at the same time both may have looked. So what counts once is decided here, by one step that only one of
 * them can take (in SQL: `UPDATE … WHERE consumed IS NULL`, `INSERT … ON CONFLICT DO NOTHING`, and a look
 * at how many rows that were).
 */
export function memoryAdapter(name: string) {
  const kept = kinds.get(name) ?? new Map<string, Stored>()
  kinds.set(name, kept)
  return {
    find: (id: string) => Promise.resolve(kept.get(id)),
    findByUid: (uid: string) => Promise.resolve([...kept.values()].find((one) => one.uid === uid)),
    async upsert(id: string, payload: Stored) {
      if (name === 'ReplayDetection' && kept.has(id)) throw new errors.InvalidRequest('used before')
      kept.set(id, payload)
    },
    async consume(id: string) {
      const found = kept.get(id)
      if (found === undefined || 'consumed' in found) throw new errors.InvalidGrant('used before')
      kept.set(id, { ...found, consumed: Math.floor(Date.now() / 1000) })
    },
    destroy(id: string) {
      kept.delete(id)
      return Promise.resolve()
    },
    revokeByGrantId(grantId: string) {
      for (const [id, one] of kept) if (one.grantId === grantId) kept.delete(id)
      return Promise.resolve()
    },
  }
}

const kinds = new Map<string, Map<string, Stored>>()
