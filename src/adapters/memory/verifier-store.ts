import type { Verifier } from '../../domain/instance/instance.ts'
import type { PolicyVersion } from '../../domain/trust/policy.ts'
import type { VerifierFounding, VerifierStore } from '../../ports/verifier-store.ts'
import { memoryDecisions, type KeptDecisions } from './decisions.ts'
import { memoryInstances } from './instance-store.ts'
import { pageAfter } from './ledger.ts'
import { memoryVerifierClients, noClients, type MemoryClients } from './verifier-clients.ts'

export function memoryVerifierStore(): VerifierStore {
  const { store, known } = memoryInstances<Verifier, PolicyVersion[], VerifierFounding>(
    ({ policy }, { at, actor }) => [{ version: 1, policy, at, actor }],
  )
  const clients = new Map<string, MemoryClients>()
  const clientsOf = (id: string): MemoryClients => {
    const kept = clients.get(id) ?? noClients()
    clients.set(id, kept)
    return kept
  }
  const decisions = new Map<string, KeptDecisions>()
  const decisionsOf = (id: string): KeptDecisions => {
    const kept = decisions.get(id) ?? { rows: [], next: 1 }
    decisions.set(id, kept)
    return kept
  }
  return {
    ...store,
    ...memoryDecisions((id) => ({ ledger: known(id).ledger, decisions: decisionsOf(id) })),
    ...memoryVerifierClients((id) => ({ ledger: known(id).ledger, kept: clientsOf(id) })),
    policy: async (id) => known(id).rest.at(-1),
    async putPolicy(id, policy, change) {
      const { rest, ledger } = known(id)
      return ledger.apply(change, () => {
        const { at, actor } = change
        const added = { version: rest.length + 1, policy, at, actor }
        rest.push(added)
        return {
          value: added,
          audit: { action: 'policy.put', detail: { version: added.version } },
        }
      })
    },
    policyVersions: async (id, page) => pageAfter(known(id).rest, page, ({ version }) => version),
  }
}
