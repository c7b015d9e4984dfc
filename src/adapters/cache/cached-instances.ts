import type { InstanceKind, Issuer, Verifier } from '../../domain/instance/instance.ts'
import type { PolicyVersion } from '../../domain/trust/policy.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../ports/directory.ts'
import type { Founding, InstanceStore, StoredInstance } from '../../ports/instance-store.ts'
import type { IssuerStore } from '../../ports/issuer-store.ts'
import type { VerifierStore } from '../../ports/verifier-store.ts'
import { instanceCache, whereNamed } from './instance-cache.ts'

/** The same port; an issuer's record comes from the isolate for a few seconds, all else from the store. */
export const cachedIssuers = (
  store: IssuerStore,
  directory: Directory,
  clock: Clock,
): IssuerStore => ({ ...store, ...cachedRecords(store, 'issuer', directory, clock) })

/** The same port; record and policy come from the isolate for a few seconds, all else from the store. */
export function cachedVerifiers(
  store: VerifierStore,
  directory: Directory,
  clock: Clock,
): VerifierStore {
  const policies = instanceCache<PolicyVersion>(clock)
  return {
    ...store,
    ...cachedRecords(store, 'verifier', directory, clock),
    policy: (id) =>
      policies.get(id, () => whereNamed(directory, 'verifier', id, () => store.policy(id))),
    async putPolicy(id, policy, change) {
      const put = await store.putPolicy(id, policy, change)
      policies.forget(id)
      return put
    },
  }
}

/** The calls that read or change an instance's record. */
function cachedRecords<Instance extends Issuer | Verifier, With extends Founding>(
  store: InstanceStore<Instance, With>,
  kind: InstanceKind,
  directory: Directory,
  clock: Clock,
): Pick<InstanceStore<Instance, With>, 'find' | 'create' | 'update' | 'replaceToken'> {
  const records = instanceCache<StoredInstance<Instance>>(clock)
  return {
    find: (id) => records.get(id, () => whereNamed(directory, kind, id, () => store.find(id))),
    async create(instance, founding, change) {
      const created = await store.create(instance, founding, change)
      records.forget(instance.id)
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
