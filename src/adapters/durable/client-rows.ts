import type { Did } from '../../domain/did/did.ts'
import {
  changedAspects,
  successor,
  type ClientAspect,
  type ClientChange,
} from '../../domain/registration/client-change.ts'
import { MAX_CLIENT_CHANGES } from '../../domain/limits.ts'
import type { ClientStatus, RegisteredClient } from '../../domain/registration/registered-client.ts'
import type { ChangesSince } from '../../ports/client-following.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { pageOf, type Effect } from './ledger.ts'

/** Script that adds the tables of registered clients. */
export const CLIENT_TABLES = `
  CREATE TABLE client (
    sequence  INTEGER PRIMARY KEY, -- order of first acceptance
    client_id TEXT    NOT NULL UNIQUE, -- DID
    record    TEXT    NOT NULL -- JSON: RegisteredClient
  ) STRICT;
  CREATE TABLE client_change (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT, -- cursor of the change feed
    client_id TEXT    NOT NULL,
    changed   TEXT    NOT NULL, -- JSON: list of ClientAspect
    status    TEXT    NOT NULL,
    reason    TEXT,
    at        INTEGER NOT NULL -- epoch seconds
  ) STRICT;
`

type ClientRow = { readonly sequence: number; readonly record: string }

type ChangeRow = {
  readonly sequence: number
  readonly client_id: string
  readonly changed: string
  readonly status: string
  readonly reason: string | null
  readonly at: number
}

/** Writes the client in the place of what was there, to be looked at soon. Call it inside the transaction of the change. */
export function putClientRow(
  sql: SqlStorage,
  put: RegisteredClient,
  at: number,
): Effect<RegisteredClient> {
  const before = clientRow(sql, put.clientId)
  const client = successor(before, put)
  const { clientId, status, reason, decisionId } = client
  const changed = changedAspects(before, client)
  sql.exec(
    `INSERT INTO client (client_id, record) VALUES (?, ?)
     ON CONFLICT (client_id) DO UPDATE SET record = excluded.record`,
    clientId,
    JSON.stringify(client),
  )
  putDue(sql, clientId, at)
  if (changed.length > 0) {
    sql.exec(
      'INSERT INTO client_change (client_id, changed, status, reason, at) VALUES (?, ?, ?, ?, ?)',
      clientId,
      JSON.stringify(changed),
      status,
      reason ?? null,
      at,
    )
    sql.exec(
      'DELETE FROM client_change WHERE sequence <= (SELECT max(sequence) FROM client_change) - ?',
      MAX_CLIENT_CHANGES,
    )
  }
  const detail = { clientId, status, reason: reason ?? null, decisionId, changed }
  return { value: client, audit: { action: 'client.put', detail } }
}

/** When the client is looked at next. */
export function putDue(sql: SqlStorage, clientId: Did, due: number): void {
  sql.exec(
    `INSERT INTO client_due (client_id, due) VALUES (?, ?)
     ON CONFLICT (client_id) DO UPDATE SET due = excluded.due`,
    clientId,
    due,
  )
}

export function clientRow(sql: SqlStorage, clientId: Did): RegisteredClient | undefined {
  const [row] = sql
    .exec<{ record: string }>('SELECT record FROM client WHERE client_id = ?', clientId)
    .toArray()
  return row && read(row)
}

/** Clients in the order of their first acceptance. */
export function clientPage(
  sql: SqlStorage,
  { cursor, limit }: PageRequest,
): Page<RegisteredClient> {
  const rows = sql.exec<ClientRow>(
    'SELECT sequence, record FROM client WHERE sequence > ? ORDER BY sequence LIMIT ?',
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(read) }
}

/** Rows of the change feed behind the cursor. */
export function clientChangePage(
  sql: SqlStorage,
  { cursor, limit }: PageRequest,
): Page<ClientChange> {
  const rows = sql.exec<ChangeRow>(
    'SELECT * FROM client_change WHERE sequence > ? ORDER BY sequence LIMIT ?',
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(changeOf) }
}

/** Rows of the change feed behind a sequence, or why they cannot be told. */
export function clientChangesSince(
  sql: SqlStorage,
  since: number | undefined,
  limit: number,
): ChangesSince | 'gone' | 'unknown' {
  const { oldest, newest } = sql
    .exec<{ oldest: number; newest: number }>(
      'SELECT COALESCE(min(sequence), 1) AS oldest, COALESCE(max(sequence), 0) AS newest FROM client_change',
    )
    .one()
  if (since !== undefined && since > newest) return 'unknown'
  if (since !== undefined && since < oldest - 1) return 'gone'
  const cursor = since === undefined ? undefined : String(since)
  const page = clientChangePage(sql, { cursor, limit })
  return { rows: page.rows, more: page.cursor !== undefined }
}

const read = ({ record }: { readonly record: string }): RegisteredClient =>
  JSON.parse(record) as RegisteredClient

const changeOf = (row: ChangeRow): ClientChange => ({
  sequence: row.sequence,
  clientId: row.client_id as Did,
  changed: JSON.parse(row.changed) as readonly ClientAspect[],
  status: row.status as ClientStatus,
  reason: row.reason ?? undefined,
  at: row.at as ClientChange['at'],
})
