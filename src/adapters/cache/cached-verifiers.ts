import type { Verifier } from '../../domain/instance/instance.ts'
import type { PolicyVersion } from '../../domain/trust/policy.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../ports/directory.ts'
import type { StoredInstance } from '../../ports/instance-store.ts'
import type { VerifierStore } from '../../ports/verifier-store.ts'
import { instanceCache, whereNamed } from './instance-cache.ts'

/** The same port; record and policy come from the isolate for a few seconds, all else from the store. */
export function cachedVerifiers(
  store: VerifierStore,
  directory: Directory,
  clock: Clock,
): VerifierStore {
  const records = instanceCache<StoredInstance<Verifier>>(clock)
  const policies = instanceCache<PolicyVersion>(clock)
  return {
    ...store,
    find: (id) =>
      records.get(id, () => whereNamed(directory, 'verifier', id, () => store.find(id))),
    policy: (id) =>
      policies.get(id, () => whereNamed(directory, 'verifier', id, () => store.policy(id))),
    async create(verifier, founding, change) {
      const created = await store.create(verifier, founding, change)
      records.forget(verifier.id)
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
    async putPolicy(id, policy, change) {
      const put = await store.putPolicy(id, policy, change)
      policies.forget(id)
      return put
    },
  }
}
