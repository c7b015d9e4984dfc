import type { JsonObject } from '../../domain/json/strict-json.ts'
import { STATUS_LIST_ENTRIES } from '../../domain/limits.ts'
import {
  credentialStatus,
  type CredentialStatus,
  type StatusAllocation,
  type StatusChange,
  type StatusPurpose,
} from '../../domain/status-list/status.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Change } from '../../ports/change.ts'
import type { StatusListHead, StatusListState } from '../../ports/issuer-store.ts'
import { cryptoRandom } from '../system/random.ts'
import type { Effect } from './ledger.ts'

/**
 * Script that puts what a list needs to know of a credential into the index of those with a status: the
 * rows behind it hold tokens, and each is a page of its own to read.
 */
export const STATUS_IN_INDEX = `
  DROP INDEX credential_with_status;
  CREATE INDEX credential_with_status ON credential (sequence, revoked, suspended)
    WHERE revoked = 1 OR suspended = 1;
`

/**
 * Draws until the primary key lets a draw in. A list of which `threshold` entries are taken takes no
 * more: at most `STATUS_LIST_FILL` of it, so that five draws do on average at the very end.
 */
export function allocate(
  sql: SqlStorage,
  credential: number,
  purpose: StatusPurpose,
  threshold: number,
): StatusAllocation {
  const listId = openList(sql, purpose, threshold)
  for (;;) {
    const index = cryptoRandom.below(STATUS_LIST_ENTRIES)
    const { rowsWritten } = sql.exec(
      'INSERT INTO status_entry (list, idx, purpose, credential) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      listId,
      index,
      purpose,
      credential,
    )
    if (rowsWritten > 0) return { purpose, listId, index }
  }
}

/** The list that takes one more entry, which is counted; a new one when the last is full (row S12). */
function openList(sql: SqlStorage, purpose: StatusPurpose, threshold: number): string {
  const [open] = sql
    .exec<{ id: string }>(
      `UPDATE status_list SET taken = taken + 1
       WHERE id = (SELECT id FROM status_list WHERE purpose = ? AND taken < ?) RETURNING id`,
      purpose,
      threshold,
    )
    .toArray()
  if (open !== undefined) return open.id
  const { count } = sql
    .exec<{ count: number }>('SELECT count(*) AS count FROM status_list WHERE purpose = ?', purpose)
    .one()
  const id = `${purpose}-${String(count + 1)}`
  sql.exec('INSERT INTO status_list (id, purpose, taken, version) VALUES (?, ?, 1, 1)', id, purpose)
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

/** A list without the keys that sign it. */
type ListState = Omit<StatusListState, 'keys'>

/** A list now without its entries. */
export function listHead(
  sql: SqlStorage,
  listId: string,
): Omit<StatusListHead, 'keys'> | undefined {
  const [list] = sql
    .exec<{ purpose: StatusPurpose; version: number }>(
      'SELECT purpose, version FROM status_list WHERE id = ?',
      listId,
    )
    .toArray()
  return list && { ...list, length: STATUS_LIST_ENTRIES }
}

/** State of a list now: its entries that are set. */
export function listState(sql: SqlStorage, listId: string): ListState | undefined {
  const list = listHead(sql, listId)
  if (list === undefined) return undefined
  const entries = sql
    .exec<{ idx: number; revoked: number; suspended: number }>(
      `SELECT e.idx, c.revoked, c.suspended FROM ${setEntries(sql, listId)}
       WHERE e.list = ? AND e.credential = c.sequence AND (c.revoked = 1 OR c.suspended = 1)`,
      listId,
    )
    .toArray()
    .map(({ idx, revoked, suspended }) => ({
      index: idx,
      revoked: revoked === 1,
      suspended: suspended === 1,
    }))
  return { ...list, entries }
}

const WITH_STATUS = 'credential c INDEXED BY credential_with_status'

/**
 * The two sides of a list, the smaller one first: what is set in all lists together, or what this one
 * has. Left to itself, SQLite takes the second, also where nothing is set.
 */
function setEntries(sql: SqlStorage, listId: string): string {
  const { few } = sql
    .exec<{ few: number }>(
      `SELECT (SELECT taken FROM status_list WHERE id = ?) >
         (SELECT count(*) FROM (SELECT 1 FROM ${WITH_STATUS}
          WHERE c.revoked = 1 OR c.suspended = 1 LIMIT ?)) AS few`,
      listId,
      STATUS_LIST_ENTRIES,
    )
    .one()
  return few === 1
    ? `${WITH_STATUS} CROSS JOIN status_entry e`
    : `status_entry e CROSS JOIN ${WITH_STATUS}`
}

/**
 * State of a list at a moment, from the changes up to then. A status that was set without a change on
 * record is older than the record, and counts as set all along.
 */
export function pastListState(
  sql: SqlStorage,
  listId: string,
  at: EpochSeconds,
): ListState | undefined {
  const [list] = sql
    .exec<{ purpose: StatusPurpose; version: number }>(
      `SELECT l.purpose, l.version FROM status_list l WHERE l.id = ?1 AND ?2 >=
         (SELECT c.reserved_at FROM credential c
          WHERE c.sequence = (SELECT min(e.credential) FROM status_entry e WHERE e.list = l.id))`,
      listId,
      at,
    )
    .toArray()
  if (list === undefined) return undefined
  const entries = sql
    .exec<{ idx: number; revoked: number; suspended: number }>(
      `WITH touched AS (
         SELECT sequence AS credential FROM credential INDEXED BY credential_with_status
         WHERE revoked = 1 OR suspended = 1
         UNION
         SELECT credential FROM status_change WHERE at > ?2 AND status = 0
       )
       SELECT e.idx, ${wasSet('revocation', 'revoked')}, ${wasSet('suspension', 'suspended')}
       FROM touched t
       JOIN status_entry e ON e.credential = t.credential AND e.list = ?1
       JOIN credential c ON c.sequence = t.credential`,
      listId,
      at,
    )
    .toArray()
    .filter(({ revoked, suspended }) => revoked === 1 || suspended === 1)
    .map(({ idx, revoked, suspended }) => ({
      index: idx,
      revoked: revoked === 1,
      suspended: suspended === 1,
    }))
  return { ...list, length: STATUS_LIST_ENTRIES, entries }
}

/** What the last change up to `?2` made of a purpose; 0 before the first, without one what it is. */
const wasSet = (purpose: StatusPurpose, column: 'revoked' | 'suspended'): string =>
  `COALESCE(
     (SELECT h.status FROM status_change h INDEXED BY status_change_by_credential
      WHERE h.credential = c.sequence AND h.purpose = '${purpose}' AND h.at <= ?2
      ORDER BY h.sequence DESC LIMIT 1),
     (SELECT 0 FROM status_change h INDEXED BY status_change_by_credential
      WHERE h.credential = c.sequence AND h.purpose = '${purpose}' LIMIT 1),
     c.${column}) AS ${column}`

/** What an entry can say. Its place here crosses to the caller: a number crosses for less than an object. */
const ENTRY_STATES = [
  { purpose: 'revocation', set: false },
  { purpose: 'revocation', set: true },
  { purpose: 'suspension', set: false },
  { purpose: 'suspension', set: true },
] as const
const NO_ENTRY = -1

/**
 * The place in `ENTRY_STATES` of one entry; `NO_ENTRY` for an index that no credential holds. The row of
 * a credential, which holds its token, is read only where something was revoked or suspended: the index of
 * those is small.
 */
export function entryCode(sql: SqlStorage, listId: string, index: number): number {
  const [row] = sql
    .exec<{ code: number }>(
      `SELECT iif(e.purpose = 'suspension', 2 + coalesce(c.suspended, 0), coalesce(c.revoked, 0)) AS code
       FROM status_entry e
       LEFT JOIN credential c INDEXED BY credential_with_status
       ON c.sequence = e.credential AND (c.revoked = 1 OR c.suspended = 1)
       WHERE e.list = ? AND e.idx = ?`,
      listId,
      index,
    )
    .toArray()
  return row?.code ?? NO_ENTRY
}

/** What `entryCode` says; undefined for an index that no credential holds. */
export const readEntryCode = (
  code: number,
): { readonly purpose: StatusPurpose; readonly set: boolean } | undefined => ENTRY_STATES[code]
