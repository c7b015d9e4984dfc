import type { Issuer } from '../../domain/instance/instance.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../ports/directory.ts'
import type { StoredInstance } from '../../ports/instance-store.ts'
import type { IssuerStore } from '../../ports/issuer-store.ts'
import { instanceCache, whereNamed } from './instance-cache.ts'

/** The same port; an issuer's record comes from the isolate for a few seconds, all else from the store. */
export function cachedIssuers(store: IssuerStore, directory: Directory, clock: Clock): IssuerStore {
  const records = instanceCache<StoredInstance<Issuer>>(clock)
  return {
    ...store,
    find: (id) => records.get(id, () => whereNamed(directory, 'issuer', id, () => store.find(id))),
    async create(issuer, founding, change) {
      const created = await store.create(issuer, founding, change)
      records.forget(issuer.id)
      return created
    },
    async update(id, patch, change) {
      const updated = await store.update(id, patch, change)
      records.forget(id)
      return updated
    },
    async replaceToken(id, tokenHash, change) {
      const replaced = await store.replaceToken(id, tokenHash, change)
      records.forget(id)
      return replaced
    },
  }
}
