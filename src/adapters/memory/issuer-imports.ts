import type { ArchiveRow, StatusChangeRow } from '../../domain/archive/archive-row.ts'
import type { AuditRecord } from '../../domain/audit/audit-record.ts'
import type { Issuer } from '../../domain/instance/instance.ts'
import { STATUS_PURPOSES } from '../../domain/status-list/status.ts'
import type { IssuerArchive } from '../../ports/issuer-archive.ts'
import type { memoryInstances } from './instance-store.ts'
import { listId, noCredentials, type Credentials, type Row } from './issuer-state.ts'

interface Import {
  readonly importId: string
  readonly rest: Credentials
  readonly audit: AuditRecord[]
  readonly lists: Map<string, number>
}

type Imports = Pick<IssuerArchive, 'beginImport' | 'importRows' | 'finishImport' | 'abandonImport'>

/** Imports into a store in memory; as it holds one list of each purpose, more are a conflict. */
export function memoryImports(
  instances: ReturnType<typeof memoryInstances<Issuer, Credentials>>,
): Imports {
  const imports = new Map<string, Import>()
  const exists = async (id: Issuer['id']) => (await instances.store.find(id)) !== undefined
  const current = async (id: Issuer['id'], importId: string): Promise<Import | undefined> => {
    const found = imports.get(id)
    return found?.importId !== importId || (await exists(id)) ? undefined : found
  }
  return {
    async beginImport(id, importId) {
      if (await exists(id)) return 'exists'
      imports.set(id, { importId, rest: noCredentials(), audit: [], lists: new Map() })
      return 'begun'
    },
    async importRows(id, importId, rows) {
      const found = await current(id, importId)
      if (found === undefined) return 'superseded'
      // All or none: the rows go into a copy, which takes the place of what is there.
      const copy = structuredClone(found)
      if (!rows.every((row) => insertRow(copy, row))) return 'conflict'
      imports.set(id, copy)
      return 'added'
    },
    async finishImport(issuer, importId, tokenHash, change) {
      const found = await current(issuer.id, importId)
      if (found === undefined) return 'superseded'
      const { rest, audit, lists } = found
      if (!STATUS_PURPOSES.every((purpose) => agrees(found, purpose))) return 'conflict'
      if (!rest.rows.every((row) => hasLastStatus(found, row))) return 'conflict'
      if (!instances.adopt(issuer, tokenHash, rest, audit)) return 'superseded'
      imports.delete(issuer.id)
      const counts = {
        credentials: rest.rows.length,
        statusLists: lists.size,
        auditRecords: audit.length,
      }
      instances.known(issuer.id).ledger.apply({ ...change, mark: undefined }, () => ({
        value: null,
        audit: { action: 'instance.import', detail: { id: issuer.id } },
      }))
      return counts
    },
    async abandonImport(id, importId) {
      if ((await current(id, importId)) !== undefined) imports.delete(id)
    },
  }
}

const agrees = ({ rest, lists }: Import, purpose: (typeof STATUS_PURPOSES)[number]): boolean =>
  (lists.get(listId(purpose)) ?? 0) === rest.lists[purpose].taken.size

/** Without a change on record a status stands for itself. */
const hasLastStatus = ({ rest }: Import, row: Row): boolean =>
  STATUS_PURPOSES.every((purpose) => {
    const last = rest.changes
      .filter((one) => one.credential === row.sequence && one.purpose === purpose)
      .reduce<StatusChangeRow | undefined>(
        (before, one) => (before !== undefined && before.sequence > one.sequence ? before : one),
        undefined,
      )
    const status = purpose === 'revocation' ? row.revoked : row.suspended
    return last === undefined || last.status === status
  })

/** Adds one row; false when it is there already, or speaks of a credential that is not. */
function insertRow({ rest, audit, lists }: Import, row: ArchiveRow): boolean {
  switch (row.kind) {
    case 'credential':
      return insertCredential(rest, row)
    case 'status_list':
      if (lists.has(row.id) || row.id !== listId(row.purpose)) return false
      lists.set(row.id, row.taken)
      rest.lists[row.purpose].version = row.version
      return true
    case 'status_change':
      if (rest.changes.some(({ sequence }) => sequence === row.sequence)) return false
      rest.changes.push(row)
      return rest.rows.some(({ sequence }) => sequence === row.credential)
    case 'schema':
      if (rest.schemas.some((one) => one.type === row.type && one.version === row.version))
        return false
      rest.schemas.push(row)
      return true
    case 'audit': {
      const { kind: _kind, ...record } = row
      if (audit.some(({ sequence }) => sequence === row.sequence)) return false
      audit.push(record)
      return true
    }
  }
}

function insertCredential(
  rest: Credentials,
  row: Extract<ArchiveRow, { kind: 'credential' }>,
): boolean {
  const names = [row.cid, row.credentialId, row.alias]
  const isTaken = rest.rows.some(
    ({ sequence, draft }) =>
      sequence === row.sequence ||
      [draft.cid, draft.credentialId, draft.alias].some(
        (name) => name !== undefined && names.includes(name),
      ),
  )
  if (isTaken) return false
  const added = {
    sequence: row.sequence,
    reservedAt: row.reservedAt,
    draft: {
      cid: row.cid,
      credentialId: row.credentialId,
      alias: row.alias ?? undefined,
      format: row.format,
      types: row.types,
      subject: row.subject ?? undefined,
      validFrom: row.validFrom,
      validUntil: row.validUntil ?? undefined,
      credential: row.draft,
      purposes: row.allocations.map(({ purpose }) => purpose),
    },
    allocations: row.allocations,
    token: row.token ?? undefined,
    signedBy: row.signedBy ?? undefined,
    revoked: row.revoked,
    suspended: row.suspended,
  }
  rest.rows.push(added)
  return row.allocations.every(({ purpose, index, listId: list }) => {
    const { taken } = rest.lists[purpose]
    if (list !== listId(purpose) || taken.has(index)) return false
    taken.set(index, added)
    return true
  })
}
