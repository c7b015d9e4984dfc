import type {
  ArchiveKind,
  ArchiveRow,
  CredentialRow as ArchivedCredential,
  SchemaRow,
  StatusChangeRow,
  StatusListRow,
} from '../../domain/archive/archive-row.ts'
import type { ArchiveBounds } from '../../ports/issuer-archive.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import type { CredentialRow } from './credential-rows.ts'
import { auditPage, pageOf } from './ledger.ts'
import { allocationsOf } from './status-rows.ts'

/** The last row of each kind now. */
export const archiveBounds = (sql: SqlStorage): ArchiveBounds =>
  sql
    .exec<{ credential: number; statusChange: number; schema: number; audit: number }>(
      `SELECT (SELECT COALESCE(max(sequence), 0) FROM credential) AS credential,
              (SELECT COALESCE(max(sequence), 0) FROM status_change) AS statusChange,
              (SELECT COALESCE(max(sequence), 0) FROM schema) AS schema,
              (SELECT COALESCE(max(sequence), 0) FROM audit) AS audit`,
    )
    .one()

/** Rows of one kind, as they were at the bounds. */
export function archivePage(
  sql: SqlStorage,
  kind: ArchiveKind,
  bounds: ArchiveBounds,
  page: PageRequest,
): Page<ArchiveRow> {
  switch (kind) {
    case 'credential':
      return credentials(sql, bounds, page)
    case 'status_list':
      return lists(sql, bounds, page)
    case 'status_change':
      return changes(sql, bounds, page)
    case 'schema':
      return schemas(sql, bounds, page)
    case 'audit': {
      const { rows, cursor } = auditPage(sql, page)
      const within = rows.filter(({ sequence }) => sequence <= bounds.audit)
      const more = cursor !== undefined && within.length === rows.length
      return {
        rows: within.map((record) => ({ kind, ...record })),
        ...(more ? { cursor } : {}),
      }
    }
  }
}

/** What a purpose was before the first change behind the bound; without one, what it is. */
const asOf = (purpose: string, column: string): string =>
  `COALESCE((SELECT 1 - h.status FROM status_change h
             WHERE h.credential = c.sequence AND h.purpose = '${purpose}' AND h.sequence > ?2
             ORDER BY h.sequence LIMIT 1), c.${column}) AS ${column}`

function credentials(
  sql: SqlStorage,
  bounds: ArchiveBounds,
  { cursor, limit }: PageRequest,
): Page<ArchivedCredential> {
  const rows = sql.exec<CredentialRow & { readonly reserved_at: number }>(
    `SELECT c.sequence, c.cid, c.credential_id, c.alias, c.format, c.types, c.subject, c.valid_from,
            c.valid_until, c.draft, c.token, c.digest, c.signed_by, c.reserved_at,
            ${asOf('revocation', 'revoked')}, ${asOf('suspension', 'suspended')}
     FROM credential c WHERE c.sequence > ?1 AND c.sequence <= ?3 ORDER BY c.sequence LIMIT ?4`,
    Number(cursor ?? 0),
    bounds.statusChange,
    bounds.credential,
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return {
    ...page,
    rows: page.rows.map((row) => ({
      kind: 'credential',
      sequence: row.sequence,
      cid: row.cid,
      credentialId: row.credential_id,
      alias: row.alias,
      format: row.format as ArchivedCredential['format'],
      types: JSON.parse(row.types) as ArchivedCredential['types'],
      subject: row.subject,
      validFrom: row.valid_from as ArchivedCredential['validFrom'],
      validUntil: row.valid_until as ArchivedCredential['validUntil'],
      reservedAt: row.reserved_at as ArchivedCredential['reservedAt'],
      draft: JSON.parse(row.draft) as ArchivedCredential['draft'],
      token: row.token,
      signedBy: row.signed_by,
      revoked: row.revoked === 1,
      suspended: row.suspended === 1,
      allocations: allocationsOf(sql, row.sequence),
    })),
  }
}

/** Lists without an entry at the bound were opened behind it. */
function lists(
  sql: SqlStorage,
  bounds: ArchiveBounds,
  { cursor, limit }: PageRequest,
): Page<StatusListRow> {
  const rows = sql.exec<{
    id: string
    purpose: StatusListRow['purpose']
    taken: number
    version: number
  }>(
    `SELECT l.id, l.purpose, l.version, count(*) AS taken
     FROM status_list l JOIN status_entry e ON e.list = l.id AND e.credential <= ?
     WHERE l.id > ? GROUP BY l.id ORDER BY l.id LIMIT ?`,
    bounds.credential,
    cursor ?? '',
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ id }) => id)
  return { ...page, rows: page.rows.map((row) => ({ kind: 'status_list', ...row })) }
}

function changes(
  sql: SqlStorage,
  bounds: ArchiveBounds,
  { cursor, limit }: PageRequest,
): Page<StatusChangeRow> {
  const rows = sql.exec<{
    sequence: number
    credential: number
    purpose: StatusChangeRow['purpose']
    status: number
    at: number
    actor: string
    reason: string | null
  }>(
    'SELECT * FROM status_change WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?',
    Number(cursor ?? 0),
    bounds.statusChange,
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return {
    ...page,
    rows: page.rows.map((row) => ({
      kind: 'status_change',
      ...row,
      status: row.status === 1,
      at: row.at as StatusChangeRow['at'],
    })),
  }
}

function schemas(
  sql: SqlStorage,
  bounds: ArchiveBounds,
  { cursor, limit }: PageRequest,
): Page<SchemaRow> {
  const rows = sql.exec<{
    sequence: number
    type: string
    version: number
    digest: string
    text: string
    at: number
    actor: string
  }>(
    'SELECT * FROM schema WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?',
    Number(cursor ?? 0),
    bounds.schema,
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return {
    ...page,
    rows: page.rows.map((row) => ({ kind: 'schema', ...row, at: row.at as SchemaRow['at'] })),
  }
}
