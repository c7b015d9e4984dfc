import type { Verifier } from '../../domain/instance/instance.ts'
import { renewed } from '../../domain/registration/client-change.ts'
import { mayFollow } from '../../domain/registration/followed-client.ts'
import type { PolicyVersion } from '../../domain/trust/policy.ts'
import type { VerifierFounding, VerifierStore } from '../../ports/verifier-store.ts'
import {
  memoryClientEntries,
  noEntries,
  putEntriesInto,
  type MemoryEntries,
} from './client-entries.ts'
import {
  followed,
  holdInto,
  memoryFollowings,
  noFollowings,
  type MemoryFollowings,
} from './client-following.ts'
import { insertInto, memoryDecisions, type KeptDecisions } from './decisions.ts'
import { memoryInstances } from './instance-store.ts'
import { pageAfter } from './ledger.ts'
import {
  memorySoftwareStatements,
  noStatements,
  type MemoryStatements,
} from './software-statements.ts'
import { memoryVerifierArchive } from './verifier-archive.ts'
import {
  memoryVerifierClients,
  noClients,
  putInto,
  type MemoryClients,
} from './verifier-clients.ts'

export function memoryVerifierStore(): VerifierStore {
  const instances = memoryInstances<Verifier, PolicyVersion[], VerifierFounding>(
    ({ policy }, { at, actor }) => [{ version: 1, policy, at, actor }],
  )
  const { store, known } = instances
  const clients = new Map<string, MemoryClients>()
  const clientsOf = (id: string): MemoryClients => {
    const kept = clients.get(id) ?? noClients()
    clients.set(id, kept)
    return kept
  }
  const followings = new Map<string, MemoryFollowings>()
  const followingsOf = (id: string): MemoryFollowings => {
    const kept = followings.get(id) ?? noFollowings()
    followings.set(id, kept)
    return kept
  }
  const entries = new Map<string, MemoryEntries>()
  const entriesOf = (id: string): MemoryEntries => {
    const kept = entries.get(id) ?? noEntries()
    entries.set(id, kept)
    return kept
  }
  const decisions = new Map<string, KeptDecisions>()
  const decisionsOf = (id: string): KeptDecisions => {
    const kept = decisions.get(id) ?? { rows: [], next: 1 }
    decisions.set(id, kept)
    return kept
  }
  const statements = new Map<string, MemoryStatements>()
  const statementsOf = (id: string): MemoryStatements => {
    const kept = statements.get(id) ?? noStatements()
    statements.set(id, kept)
    return kept
  }
  const decidedUnder = (id: string) => (decisionId: string) =>
    decisionsOf(id).rows.find((row) => row.id === decisionId)?.policyVersion
  const restedOn = (id: string) => (decisionId: string) =>
    [...clientsOf(id).clients.values()].some((client) => client.decisionId === decisionId)
  return {
    ...store,
    ...memoryDecisions((id) => ({
      ledger: known(id).ledger,
      decisions: decisionsOf(id),
      inUse: restedOn(id),
    })),
    ...memoryVerifierClients(clientsOf),
    ...memoryFollowings((id) => ({
      ledger: known(id).ledger,
      clients: clientsOf(id),
      followings: followingsOf(id),
      entries: entriesOf(id),
      decidedUnder: decidedUnder(id),
    })),
    ...memoryClientEntries(entriesOf),
    ...memorySoftwareStatements((id) => ({
      ledger: known(id).ledger,
      statements: statementsOf(id),
    })),
    ...memoryVerifierArchive(
      instances,
      (id) => ({
        policies: known(id).rest,
        clients: clientsOf(id),
        followings: followingsOf(id),
        decisions: decisionsOf(id),
      }),
      (id, kept) => {
        clients.set(id, kept.clients)
        followings.set(id, kept.followings)
        decisions.set(id, kept.decisions)
      },
    ),
    policy: async (id) => known(id).rest.at(-1),
    async putPolicy(id, policy, change) {
      const { rest, ledger } = known(id)
      return ledger.apply(change, () => {
        const { at, actor } = change
        const added = { version: rest.length + 1, policy, at, actor }
        rest.push(added)
        const { rows } = followingsOf(id)
        for (const [clientId, row] of rows)
          if (row.due > at) rows.set(clientId, { ...row, due: at })
        return {
          value: added,
          audit: { action: 'policy.put', detail: { version: added.version } },
        }
      })
    },
    async register(id, { decision, client, holds, entries: own }, retention, change) {
      const kept = clientsOf(id)
      const all = {
        clients: kept,
        followings: followingsOf(id),
        entries: entriesOf(id),
        decidedUnder: decidedUnder(id),
      }
      if (!mayFollow(followed(all, client.clientId), client)) return 'superseded'
      return known(id).ledger.apply(change, () => {
        const before = kept.clients.get(client.clientId)
        const inUse = (one: string) =>
          one === client.decisionId || (one !== before?.decisionId && restedOn(id)(one))
        const decided = insertInto(decisionsOf(id), decision, retention, inUse)
        const put = putInto(kept, renewed(before, client), change)
        const held = holdInto(all, put.value, holds, change)
        putEntriesInto(all.entries, client.clientId, own)
        return { value: decided.value, audit: [decided.audit, put.audit, held ?? []].flat() }
      })
    },
    policyVersions: async (id, page) => pageAfter(known(id).rest, page, ({ version }) => version),
  }
}
