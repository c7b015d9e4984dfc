import type { ArchiveRow, CredentialRow } from '../../domain/archive/archive-row.ts'
import type { AuditRecord } from '../../domain/audit/audit-record.ts'
import type { ImportedCounts } from '../../ports/issuer-archive.ts'
import { hasId } from './credential-names.ts'
import { sha256Text } from '../system/sha256.ts'

/** Script that adds the table `import`: at most one row, the import that is under way. */
export const IMPORT_TABLE = `
  CREATE TABLE import (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    import_id TEXT    NOT NULL
  ) STRICT;
`

/** Tables that an issuer's import fills. */
export const IMPORTED = [
  'credential',
  'status_list',
  'status_entry',
  'status_change',
  'schema',
  'audit',
  'idempotency',
  'import',
]

/** Forgets all that an unfinished import has stored; nothing where none is under way. */
export function forgetImport(sql: SqlStorage, tables: readonly string[]): void {
  if (currentImport(sql) === undefined) return
  for (const table of tables) sql.exec(`DELETE FROM ${table}`)
}

/** The import that is under way. */
export const currentImport = (sql: SqlStorage): string | undefined =>
  sql.exec<{ import_id: string }>('SELECT import_id FROM import').toArray()[0]?.import_id

export function noteImport(sql: SqlStorage, importId: string): void {
  sql.exec('INSERT INTO import (id, import_id) VALUES (1, ?)', importId)
}

/** What it has stored is the issuer's from now on. */
export function endImport(sql: SqlStorage): void {
  sql.exec('DELETE FROM import')
}

/** Adds one row; false when it is there already, or speaks of a credential that is not. */
export function insertRow(sql: SqlStorage, row: ArchiveRow): boolean {
  switch (row.kind) {
    case 'credential':
      return insertCredential(sql, row)
    case 'status_list':
      return inserts(
        sql,
        'INSERT INTO status_list (id, purpose, taken, version) VALUES (?, ?, ?, ?)',
        [row.id, row.purpose, row.taken, row.version],
      )
    case 'status_change':
      return (
        has(sql, row.credential) &&
        inserts(
          sql,
          'INSERT INTO status_change (sequence, credential, purpose, status, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [
            row.sequence,
            row.credential,
            row.purpose,
            Number(row.status),
            row.at,
            row.actor,
            row.reason,
          ],
        )
      )
    case 'schema':
      return inserts(
        sql,
        'INSERT INTO schema (sequence, type, version, digest, text, at, actor) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [row.sequence, row.type, row.version, row.digest, row.text, row.at, row.actor],
      )
    case 'audit':
      return insertAudit(sql, row)
  }
}

/** Adds one record of an audit chain that was begun elsewhere. */
export const insertAudit = (sql: SqlStorage, row: AuditRecord): boolean =>
  inserts(
    sql,
    'INSERT INTO audit (sequence, at, actor, action, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [
      row.sequence,
      row.at,
      row.actor,
      row.action,
      JSON.stringify(row.detail),
      row.previous,
      row.hash,
    ],
  )

const HAS_ID = `SELECT 1 FROM credential c WHERE ${hasId('c', '?1')}`

function insertCredential(sql: SqlStorage, row: CredentialRow): boolean {
  // An own URL is in no index by itself: nobody else may have it as a given id.
  if (sql.exec(HAS_ID, row.credentialId).toArray().length > 0) return false
  const isNew = inserts(
    sql,
    `INSERT INTO credential (sequence, cid, credential_id, alias, format, types, subject, valid_from,
       valid_until, reserved_at, draft, token, digest, signed_by, revoked, suspended)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.sequence,
      row.cid,
      row.credentialId,
      row.alias,
      row.format,
      JSON.stringify(row.types),
      row.subject,
      row.validFrom,
      row.validUntil,
      row.reservedAt,
      JSON.stringify(row.draft),
      row.token,
      row.token === null ? null : sha256Text(row.token),
      row.signedBy,
      Number(row.revoked),
      Number(row.suspended),
    ],
  )
  return (
    isNew &&
    row.allocations.every(({ listId, index, purpose }) =>
      inserts(
        sql,
        'INSERT INTO status_entry (list, idx, purpose, credential) VALUES (?, ?, ?, ?)',
        [listId, index, purpose, row.sequence],
      ),
    )
  )
}

const has = (sql: SqlStorage, credential: number): boolean =>
  sql.exec('SELECT 1 FROM credential WHERE sequence = ?', credential).toArray().length === 1

export const inserts = (
  sql: SqlStorage,
  statement: string,
  values: readonly SqlStorageValue[],
): boolean =>
  sql.exec(`${statement} ON CONFLICT DO NOTHING RETURNING 1`, ...values).toArray().length === 1

/**
 * True when each entry is in a list of its purpose, each list holds as many as it says, and a credential
 * whose status changed has that of its last change.
 */
export const listsAgree = (sql: SqlStorage): boolean =>
  sql
    .exec(
      `SELECT 1 FROM status_entry e LEFT JOIN status_list l ON l.id = e.list AND l.purpose = e.purpose
       WHERE l.id IS NULL
       UNION ALL
       SELECT 1 FROM status_list l
       WHERE l.taken <> (SELECT count(*) FROM status_entry e WHERE e.list = l.id)
       UNION ALL
       SELECT 1 FROM status_change s JOIN credential c ON c.sequence = s.credential
       WHERE s.status <> CASE s.purpose WHEN 'revocation' THEN c.revoked ELSE c.suspended END
         AND NOT EXISTS (SELECT 1 FROM status_change t WHERE t.credential = s.credential
                         AND t.purpose = s.purpose AND t.sequence > s.sequence)
       LIMIT 1`,
    )
    .toArray().length === 0

export const importedCounts = (sql: SqlStorage): ImportedCounts =>
  sql
    .exec<{ credentials: number; statusLists: number; auditRecords: number }>(
      `SELECT (SELECT count(*) FROM credential) AS credentials,
              (SELECT count(*) FROM status_list) AS statusLists,
              (SELECT count(*) FROM audit) AS auditRecords`,
    )
    .one()
