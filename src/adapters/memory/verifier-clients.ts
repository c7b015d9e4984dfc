import type { Did } from '../../domain/did/did.ts'
import {
  changedAspects,
  successor,
  type ClientChange,
} from '../../domain/registration/client-change.ts'
import { MAX_CLIENT_CHANGES } from '../../domain/limits.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import type { Change } from '../../ports/change.ts'
import type { VerifierClients } from '../../ports/verifier-clients.ts'
import { pageAfter } from './ledger.ts'

/** The clients of one verifier. */
export interface MemoryClients {
  /** In the order of first acceptance. */
  readonly clients: Map<Did, RegisteredClient>
  readonly changes: ClientChange[]
}

export const noClients = (): MemoryClients => ({ clients: new Map(), changes: [] })

/** The client part of a memory store of verifiers; `of` finds what it keeps of one. */
export const memoryVerifierClients = (of: (id: string) => MemoryClients): VerifierClients => ({
  client: async (id, clientId) => of(id).clients.get(clientId),
  async clients(id, page) {
    const numbered = [...of(id).clients.values()].map((client, at) => ({ client, at: at + 1 }))
    const { rows, ...rest } = pageAfter(numbered, page, ({ at }) => at)
    return { ...rest, rows: rows.map(({ client }) => client) }
  },
})

export function putInto(
  { clients, changes }: MemoryClients,
  put: RegisteredClient,
  { at }: Change,
) {
  const before = clients.get(put.clientId)
  const client = successor(before, structuredClone(put))
  const { clientId, status, reason, decisionId } = client
  const changed = changedAspects(before, client)
  clients.set(clientId, client)
  if (changed.length > 0)
    changes.push({
      sequence: (changes.at(-1)?.sequence ?? 0) + 1,
      clientId,
      changed,
      status,
      reason,
      at,
    })
  if (changes.length > MAX_CLIENT_CHANGES) changes.shift()
  const detail = { clientId, status, reason: reason ?? null, decisionId, changed }
  return { value: client, audit: { action: 'client.put', detail } }
}
