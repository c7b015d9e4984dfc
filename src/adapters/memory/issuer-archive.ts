import type { ArchiveKind, ArchiveRow } from '../../domain/archive/archive-row.ts'
import type { Issuer } from '../../domain/instance/instance.ts'
import { STATUS_PURPOSES } from '../../domain/status-list/status.ts'
import type { ArchiveBounds, IssuerArchive } from '../../ports/issuer-archive.ts'
import type { memoryInstances } from './instance-store.ts'
import { memoryImports } from './issuer-imports.ts'
import { listId, type Credentials } from './issuer-state.ts'

/** Export and import of a store in memory. */
export function memoryArchive(
  instances: ReturnType<typeof memoryInstances<Issuer, Credentials>>,
): IssuerArchive {
  const { known } = instances
  const auditOf = (id: string) =>
    known(id).ledger.audit({ cursor: undefined, limit: Number.MAX_SAFE_INTEGER }).rows

  const rowsOf = (id: string, kind: ArchiveKind, bounds: ArchiveBounds): readonly ArchiveRow[] => {
    const { rest } = known(id)
    switch (kind) {
      case 'credential':
        return credentialRows(rest, bounds)
      case 'status_list':
        return STATUS_PURPOSES.map((purpose) => ({
          kind,
          id: listId(purpose),
          purpose,
          taken: [...rest.lists[purpose].taken.values()].filter(
            ({ sequence }) => sequence <= bounds.credential,
          ).length,
          version: rest.lists[purpose].version,
        })).filter(({ taken }) => taken > 0)
      case 'status_change':
        return rest.changes.slice(0, bounds.statusChange)
      case 'schema':
        return rest.schemas.slice(0, bounds.schema)
      case 'audit':
        return auditOf(id)
          .slice(0, bounds.audit)
          .map((record) => ({ kind, ...record }))
    }
  }

  return {
    async exportBounds(id) {
      const { rows, changes, schemas } = known(id).rest
      return {
        credential: rows.length,
        statusChange: changes.length,
        schema: schemas.length,
        audit: auditOf(id).length,
      }
    },
    async exportPage(id, kind, bounds, { cursor, limit }) {
      const rows = rowsOf(id, kind, bounds)
      const from = Number(cursor ?? 0)
      const next = from + limit
      return {
        rows: structuredClone(rows.slice(from, next)),
        ...(next < rows.length ? { cursor: String(next) } : {}),
      }
    },
    ...memoryImports(instances),
  }
}

function credentialRows(rest: Credentials, bounds: ArchiveBounds): readonly ArchiveRow[] {
  return rest.rows.slice(0, bounds.credential).map((row) => {
    const { draft, sequence, reservedAt, allocations, token = null } = row
    const asOf = (purpose: string, now: boolean): boolean => {
      const undone = rest.changes.find(
        (one) =>
          one.credential === sequence &&
          one.purpose === purpose &&
          one.sequence > bounds.statusChange,
      )
      return undone === undefined ? now : !undone.status
    }
    return {
      kind: 'credential',
      sequence,
      cid: draft.cid,
      credentialId: draft.credentialId,
      alias: draft.alias ?? null,
      format: draft.format,
      types: draft.types,
      subject: draft.subject ?? null,
      validFrom: draft.validFrom,
      validUntil: draft.validUntil ?? null,
      reservedAt,
      draft: draft.credential,
      token,
      signedBy: row.signedBy ?? null,
      revoked: asOf('revocation', row.revoked),
      suspended: asOf('suspension', row.suspended),
      allocations,
    }
  })
}
