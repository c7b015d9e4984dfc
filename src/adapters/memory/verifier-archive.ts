import type {
  VerifierArchiveKind,
  VerifierArchiveRow,
} from '../../domain/archive/verifier-archive-row.ts'
import type { AuditRecord } from '../../domain/audit/audit-record.ts'
import type { Verifier } from '../../domain/instance/instance.ts'
import { epochSeconds } from '../../domain/time.ts'
import type { PolicyVersion } from '../../domain/trust/policy.ts'
import type { VerifierFounding } from '../../ports/verifier-store.ts'
import type { VerifierArchive } from '../../ports/verifier-archive.ts'
import { noFollowings, type MemoryFollowings } from './client-following.ts'
import type { KeptDecisions } from './decisions.ts'
import type { memoryInstances } from './instance-store.ts'
import { noClients, type MemoryClients } from './verifier-clients.ts'

/** All that a memory store keeps of one verifier, but its record and its audit chain. */
export interface KeptOfVerifier {
  readonly policies: PolicyVersion[]
  readonly clients: MemoryClients
  readonly followings: MemoryFollowings
  readonly decisions: KeptDecisions
}

interface Import extends KeptOfVerifier {
  readonly importId: string
  readonly audit: AuditRecord[]
}

const nothingKept = (importId: string): Import => ({
  importId,
  policies: [],
  clients: noClients(),
  followings: noFollowings(),
  decisions: { rows: [], next: 1 },
  audit: [],
})

/** Export and import of a store in memory. `of` finds what it keeps of a verifier, `settle` puts it there. */
export function memoryVerifierArchive(
  instances: ReturnType<typeof memoryInstances<Verifier, PolicyVersion[], VerifierFounding>>,
  of: (id: string) => KeptOfVerifier,
  settle: (id: string, kept: KeptOfVerifier) => void,
): VerifierArchive {
  const imports = new Map<string, Import>()
  const exists = async (id: Verifier['id']) => (await instances.store.find(id)) !== undefined
  const current = async (id: Verifier['id'], importId: string): Promise<Import | undefined> => {
    const found = imports.get(id)
    return found?.importId !== importId || (await exists(id)) ? undefined : found
  }
  return {
    async exportPage(id, kind, { cursor, limit }) {
      const { rows: audit } = instances
        .known(id)
        .ledger.audit({ cursor: undefined, limit: Number.MAX_SAFE_INTEGER })
      const rows = rowsOf(of(id), audit, kind)
      const from = Number(cursor ?? 0)
      const next = from + limit
      return {
        rows: structuredClone(rows.slice(from, next)),
        ...(next < rows.length ? { cursor: String(next) } : {}),
      }
    },
    async beginImport(id, importId) {
      if (await exists(id)) return 'exists'
      imports.set(id, nothingKept(importId))
      return 'begun'
    },
    async importRows(id, importId, rows) {
      const found = await current(id, importId)
      if (found === undefined) return 'superseded'
      // All or none: the rows go into a copy, which takes the place of what is there.
      const copy = structuredClone(found)
      if (!rows.every((row) => insertRow(copy, structuredClone(row)))) return 'conflict'
      imports.set(id, copy)
      return 'added'
    },
    async finishImport(verifier, importId, tokenHash, change) {
      const { id } = verifier
      const found = await current(id, importId)
      if (found === undefined) return 'superseded'
      const { policies, clients, decisions, audit } = found
      if (policies.length === 0 || policies.at(-1)?.version !== policies.length) return 'conflict'
      if (!instances.adopt(verifier, tokenHash, policies, audit)) return 'superseded'
      imports.delete(id)
      settle(id, found)
      const counts = {
        policies: policies.length,
        clients: clients.clients.size,
        decisions: decisions.rows.length,
        auditRecords: audit.length,
      }
      instances.known(id).ledger.apply({ ...change, mark: undefined }, () => ({
        value: null,
        audit: { action: 'instance.import', detail: { id } },
      }))
      return counts
    },
    async abandonImport(id, importId) {
      if ((await current(id, importId)) !== undefined) imports.delete(id)
    },
  }
}

function rowsOf(
  { policies, clients, followings, decisions }: KeptOfVerifier,
  audit: readonly AuditRecord[],
  kind: VerifierArchiveKind,
): readonly VerifierArchiveRow[] {
  switch (kind) {
    case 'policy':
      return policies.map((one) => ({ kind, ...one }))
    case 'client':
      return [...clients.clients.values()].map((client, at) => ({ kind, sequence: at + 1, client }))
    case 'client_following':
      return [...followings.rows.values()].map(({ revision, following }) => ({
        kind,
        revision,
        following,
      }))
    case 'client_hold':
      return [...followings.holds.values()].map((hold, at) => ({ kind, sequence: at + 1, hold }))
    case 'client_snapshot':
      return followings.snapshots.map((snapshot, at) => ({ kind, sequence: at + 1, snapshot }))
    case 'decision':
      return decisions.rows.map(({ sequence, ...decision }) => ({ kind, sequence, decision }))
    case 'client_change':
      return clients.changes.map((change) => ({ kind, change }))
    case 'audit':
      return audit.map((record) => ({ kind, ...record }))
  }
}

/** Adds one row; false when it is there already, or is about a client that is not. */
function insertRow(kept: Import, row: VerifierArchiveRow): boolean {
  const { policies, clients, followings, decisions, audit } = kept
  switch (row.kind) {
    case 'policy': {
      const { kind: _, ...version } = row
      if (policies.some((one) => one.version === row.version)) return false
      policies.push(version)
      return true
    }
    case 'client':
      if (clients.clients.has(row.client.clientId)) return false
      clients.clients.set(row.client.clientId, row.client)
      return true
    case 'client_following': {
      const { revision, following } = row
      if (followings.rows.has(following.clientId)) return false
      followings.rows.set(following.clientId, { revision, following, due: epochSeconds(0) })
      return clients.clients.has(following.clientId)
    }
    case 'client_hold':
      if (followings.holds.has(row.hold.id)) return false
      followings.holds.set(row.hold.id, row.hold)
      return clients.clients.has(row.hold.clientId)
    case 'client_snapshot':
      followings.snapshots = [...followings.snapshots, row.snapshot]
      return clients.clients.has(row.snapshot.clientId)
    case 'decision': {
      const { sequence, decision } = row
      if (decisions.rows.some((one) => one.sequence === sequence || one.id === decision.id))
        return false
      decisions.rows = [...decisions.rows, { ...decision, sequence }]
      decisions.next = Math.max(decisions.next, sequence + 1)
      return true
    }
    case 'client_change':
      if (clients.changes.some(({ sequence }) => sequence === row.change.sequence)) return false
      clients.changes.push({ ...row.change, reason: row.change.reason })
      return true
    case 'audit': {
      const { kind: _, ...record } = row
      if (audit.some(({ sequence }) => sequence === row.sequence)) return false
      audit.push(record)
      return true
    }
  }
}
