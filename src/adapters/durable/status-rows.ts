import type { JsonObject } from '../../domain/json/strict-json.ts'
import { STATUS_LIST_ENTRIES, STATUS_LIST_FILL } from '../../domain/limits.ts'
import {
  credentialStatus,
  type CredentialStatus,
  type StatusAllocation,
  type StatusChange,
  type StatusPurpose,
} from '../../domain/status-list/status.ts'
import type { Change } from '../../ports/change.ts'
import type { StatusListState } from '../../ports/issuer-store.ts'
import { cryptoRandom } from '../system/random.ts'
import type { Effect } from './ledger.ts'

/**
 * Draws until the primary key lets a draw in: at most `STATUS_LIST_FILL` of a list is taken, so
 * five draws do on average at the very end.
 */
export function allocate(sql: SqlStorage, credential: number, purpose: StatusPurpose): void {
  const list = openList(sql, purpose)
  for (;;) {
    const index = cryptoRandom.below(STATUS_LIST_ENTRIES)
    const { length } = sql
      .exec(
        'INSERT INTO status_entry (list, idx, purpose, credential) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1',
        list,
        index,
        purpose,
        credential,
      )
      .toArray()
    if (length === 1) break
  }
  sql.exec('UPDATE status_list SET taken = taken + 1 WHERE id = ?', list)
}

/** The list that takes new entries; a new one when the last is full (row S12). */
function openList(sql: SqlStorage, purpose: StatusPurpose): string {
  const [open] = sql
    .exec<{ id: string }>(
      'SELECT id FROM status_list WHERE purpose = ? AND taken < ?',
      purpose,
      STATUS_LIST_ENTRIES * STATUS_LIST_FILL,
    )
    .toArray()
  if (open !== undefined) return open.id
  const { count } = sql
    .exec<{ count: number }>('SELECT count(*) AS count FROM status_list WHERE purpose = ?', purpose)
    .one()
  const id = `${purpose}-${String(count + 1)}`
  sql.exec('INSERT INTO status_list (id, purpose, taken, version) VALUES (?, ?, 0, 1)', id, purpose)
  return id
}

/** Where the status of a credential is kept, by purpose. */
export const allocationsOf = (sql: SqlStorage, credential: number): readonly StatusAllocation[] =>
  sql
    .exec<{ list: string; idx: number; purpose: StatusPurpose }>(
      'SELECT list, idx, purpose FROM status_entry WHERE credential = ? ORDER BY purpose',
      credential,
    )
    .toArray()
    .map(({ list, idx, purpose }) => ({ purpose, listId: list, index: idx }))

/** What a row of the table `credential` says about its status. */
interface StatusColumns {
  readonly sequence: number
  readonly credential_id: string
  readonly revoked: number
  readonly suspended: number
}

/** Sets one purpose of a credential and notes the change; the lists it is in get a new version. */
export function setStatus(
  sql: SqlStorage,
  row: StatusColumns,
  wanted: StatusChange,
  change: Change,
): Effect<CredentialStatus> {
  const { purpose, status, reason } = wanted
  const after = {
    revoked: purpose === 'revocation' ? status : row.revoked === 1,
    suspended: purpose === 'suspension' ? status : row.suspended === 1,
  }
  sql.exec(
    'UPDATE credential SET revoked = ?, suspended = ? WHERE sequence = ?',
    Number(after.revoked),
    Number(after.suspended),
    row.sequence,
  )
  sql.exec(
    'INSERT INTO status_change (credential, purpose, status, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?)',
    row.sequence,
    purpose,
    Number(status),
    change.at,
    change.actor,
    reason ?? null,
  )
  sql.exec(
    'UPDATE status_list SET version = version + 1 WHERE id IN (SELECT list FROM status_entry WHERE credential = ?)',
    row.sequence,
  )
  const detail: JsonObject = {
    credentialId: row.credential_id,
    purpose,
    status,
    ...(reason === undefined ? {} : { reason }),
  }
  return { value: credentialStatus(after), audit: { action: 'credential.status', detail } }
}

/** All lists: each purpose from its first on. */
export const listIds = (sql: SqlStorage): readonly string[] =>
  sql
    .exec<{ id: string }>('SELECT id FROM status_list ORDER BY purpose, length(id), id')
    .toArray()
    .map(({ id }) => id)

/** State of a list now: its entries that are set. */
export function listState(sql: SqlStorage, listId: string): StatusListState | undefined {
  const [list] = sql
    .exec<{ purpose: StatusPurpose; version: number }>(
      'SELECT purpose, version FROM status_list WHERE id = ?',
      listId,
    )
    .toArray()
  if (list === undefined) return undefined
  const entries = sql
    .exec<{ idx: number; revoked: number; suspended: number }>(
      `SELECT e.idx, c.revoked, c.suspended
       FROM credential c INDEXED BY credential_with_status
       JOIN status_entry e ON e.credential = c.sequence AND e.list = ?
       WHERE c.revoked = 1 OR c.suspended = 1`,
      listId,
    )
    .toArray()
    .map(({ idx, revoked, suspended }) => ({
      index: idx,
      revoked: revoked === 1,
      suspended: suspended === 1,
    }))
  return { ...list, length: STATUS_LIST_ENTRIES, entries }
}

/** One entry; undefined for an index that no credential holds. */
export function entryState(
  sql: SqlStorage,
  listId: string,
  index: number,
): { readonly purpose: StatusPurpose; readonly set: boolean } | undefined {
  const [row] = sql
    .exec<{ purpose: StatusPurpose; revoked: number; suspended: number }>(
      `SELECT e.purpose, c.revoked, c.suspended FROM status_entry e
       JOIN credential c ON c.sequence = e.credential WHERE e.list = ? AND e.idx = ?`,
      listId,
      index,
    )
    .toArray()
  return (
    row && {
      purpose: row.purpose,
      set: (row.purpose === 'revocation' ? row.revoked : row.suspended) === 1,
    }
  )
}
