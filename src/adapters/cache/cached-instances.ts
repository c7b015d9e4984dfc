import type { Did } from '../../domain/did/did.ts'
import type { InstanceId, InstanceKind, Issuer, Verifier } from '../../domain/instance/instance.ts'
import type { PolicyVersion } from '../../domain/trust/policy.ts'
import type { FollowedClient } from '../../ports/client-following.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../ports/directory.ts'
import type { Founding, InstanceStore, StoredInstance } from '../../ports/instance-store.ts'
import type { IssuerStore } from '../../ports/issuer-store.ts'
import type { VerifierStore } from '../../ports/verifier-store.ts'
import { instanceCache, whereNamed } from './instance-cache.ts'

/** The same port; an issuer's record comes from the isolate for a few seconds, all else from the store. */
export function cachedIssuers(store: IssuerStore, directory: Directory, clock: Clock): IssuerStore {
  const { forget, ...records } = cachedRecords(store, 'issuer', directory, clock)
  return {
    ...store,
    ...records,
    async rotateKeys(id, wanted, facts, change) {
      const rotated = await store.rotateKeys(id, wanted, facts, change)
      forget(id)
      return rotated
    },
  }
}

/** The same port, from the store each time; a made-up name opens no object. */
export const namedInstances = <Instance, Store extends Pick<InstanceStore<Instance>, 'find'>>(
  store: Store & Pick<InstanceStore<Instance>, 'find'>,
  kind: InstanceKind,
  directory: Directory,
): Store => ({
  ...store,
  find: (id: InstanceId) => whereNamed(directory, kind, id, () => store.find(id)),
})

/**
 * The same port; record, policy and each client come from the isolate for a few seconds, all else from
 * the store. A client that was changed through this port is new in the very next answer of this isolate;
 * a DID that is no client is asked for each time.
 */
export function cachedVerifiers(
  store: VerifierStore,
  directory: Directory,
  clock: Clock,
): VerifierStore {
  const policies = instanceCache<PolicyVersion>(clock)
  const clients = instanceCache<FollowedClient>(clock)
  const recentClient = (id: InstanceId, clientId: Did) =>
    clients.get(`${id} ${clientId}`, () => store.followedClient(id, clientId))
  const { forget: _forget, ...records } = cachedRecords(store, 'verifier', directory, clock)
  return {
    ...store,
    ...records,
    policy: (id) =>
      policies.get(id, () => whereNamed(directory, 'verifier', id, () => store.policy(id))),
    async putPolicy(id, policy, change) {
      const put = await store.putPolicy(id, policy, change)
      policies.forget(id)
      return put
    },
    recentClient,
    client: async (id, clientId) => (await recentClient(id, clientId))?.client,
    async register(id, registration, retention, change) {
      const registered = await store.register(id, registration, retention, change)
      clients.forget(`${id} ${registration.client.clientId}`)
      return registered
    },
    async keepLook(id, look, change) {
      const kept = await store.keepLook(id, look, change)
      clients.forget(`${id} ${look.client.clientId}`)
      return kept
    },
    async decideHold(id, hold, state, change) {
      const decided = await store.decideHold(id, hold, state, change)
      clients.forget(`${id} ${hold.clientId}`)
      return decided
    },
  }
}

/** The calls that read or change an instance's record. */
function cachedRecords<Instance extends Issuer | Verifier, With extends Founding>(
  store: InstanceStore<Instance, With>,
  kind: InstanceKind,
  directory: Directory,
  clock: Clock,
): Pick<InstanceStore<Instance, With>, 'find' | 'create' | 'update' | 'replaceToken'> & {
  readonly forget: (id: InstanceId) => void
} {
  const records = instanceCache<StoredInstance<Instance>>(clock)
  return {
    forget: (id) => {
      records.forget(id)
    },
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
