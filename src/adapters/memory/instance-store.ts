import type { AuditRecord } from '../../domain/audit/audit-record.ts'
import type { Issuer, Verifier } from '../../domain/instance/instance.ts'
import type { Change } from '../../ports/change.ts'
import type { Founding, InstanceStore } from '../../ports/instance-store.ts'
import { memoryLedger } from './ledger.ts'

/** What a memory store keeps of one instance. */
export interface MemoryInstance<Instance, Rest> {
  instance: Instance
  tokenHash: string
  readonly ledger: ReturnType<typeof memoryLedger>
  readonly rest: Rest
}

/** The instance part of a memory store; `rest` makes what the kind of instance keeps besides. */
export function memoryInstances<
  Instance extends Issuer | Verifier,
  Rest,
  With extends Founding = Founding,
>(rest: (founding: With, change: Change) => Rest) {
  const instances = new Map<string, MemoryInstance<Instance, Rest>>()
  const known = (id: string): MemoryInstance<Instance, Rest> => {
    const found = instances.get(id)
    if (found === undefined) throw new Error('the instance was never created')
    return found
  }
  const store: InstanceStore<Instance, With> = {
    async create(instance, founding, change) {
      if (instances.has(instance.id)) return 'exists'
      const { tokenHash } = founding
      const created = { instance, tokenHash, ledger: memoryLedger(), rest: rest(founding, change) }
      instances.set(instance.id, created)
      const detail = {
        id: instance.id,
        did: instance.did,
        keys: instance.keys.map(({ kid }) => kid),
      }
      created.ledger.apply({ ...change, mark: undefined }, () => ({
        value: null,
        audit: { action: 'instance.create', detail },
      }))
      return 'created'
    },
    async find(id) {
      const found = instances.get(id)
      return found && { instance: found.instance, tokenHash: found.tokenHash }
    },
    async update(id, patch, change) {
      const found = known(id)
      return found.ledger.apply(change, () => {
        const { retiredAt } = found.instance
        found.instance = {
          ...found.instance,
          ...patch,
          ...(retiredAt === undefined ? {} : { retiredAt }),
        }
        const action = patch.retiredAt === undefined ? 'instance.change' : 'instance.retire'
        return { value: found.instance, audit: { action, detail: { ...patch } } }
      })
    },
    async replaceToken(id, tokenHash, change) {
      const found = known(id)
      return found.ledger.apply(change, () => {
        found.tokenHash = tokenHash
        return { value: null, audit: { action: 'instance.token', detail: {} } }
      })
    },
    audit: async (id, page) => known(id).ledger.audit(page),
  }
  /** Takes over an instance that was made elsewhere; false when there is one of its name. */
  const adopt = (
    instance: Instance,
    tokenHash: string,
    kept: Rest,
    records: readonly AuditRecord[],
  ): boolean => {
    if (instances.has(instance.id)) return false
    const ledger = memoryLedger()
    ledger.restore(records)
    instances.set(instance.id, { instance, tokenHash, ledger, rest: kept })
    return true
  }
  return { store, known, adopt }
}
