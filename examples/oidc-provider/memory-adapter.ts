/** What oidc-provider stores: some JSON, and what it is part of. */
interface Stored extends Record<string, unknown> {
  readonly grantId?: string
  readonly uid?: string
}

/**
 * NOTE: stands in for your database. oidc-provider brings the same for trying out, and cannot be told to
 * use it for all but one kind.
 */
export function memoryAdapter(name: string) {
  const kept = kinds.get(name) ?? new Map<string, Stored>()
  kinds.set(name, kept)
  return {
    find: (id: string) => Promise.resolve(kept.get(id)),
    findByUid: (uid: string) => Promise.resolve([...kept.values()].find((one) => one.uid === uid)),
    upsert(id: string, payload: Stored) {
      kept.set(id, payload)
      return Promise.resolve()
    },
    consume(id: string) {
      const found = kept.get(id)
      if (found !== undefined) kept.set(id, { ...found, consumed: Math.floor(Date.now() / 1000) })
      return Promise.resolve()
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
