import type { AuditEntry } from '../../domain/audit/audit-record.ts'
import type { Did } from '../../domain/did/did.ts'
import {
  CLIENT_CLAIM_SECONDS,
  MAX_CLIENT_HOLDS,
  MAX_CLIENT_SNAPSHOTS,
} from '../../domain/limits.ts'
import type {
  ClientFollowing,
  DocumentSnapshot,
} from '../../domain/registration/client-following.ts'
import {
  approvedClient,
  askedAgain,
  holdsDetail,
  lookDetail,
  storedLook,
} from '../../domain/registration/followed-client.ts'
import {
  askedHolds,
  type HoldState,
  type RedirectHold,
} from '../../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Change } from '../../ports/change.ts'
import type { ClientLook, FollowedClient, HoldOutcome } from '../../ports/client-following.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { entriesOf, putEntries } from './client-entry-rows.ts'
import { clientRow, putClientRow, putDue } from './client-rows.ts'
import { policyVersionOf } from './decision-rows.ts'
import { pageOf, type Effect } from './ledger.ts'

/** Script that adds what is kept of clients to look at them again. */
export const FOLLOWING_TABLES = `
  CREATE TABLE client_following (
    client_id TEXT    PRIMARY KEY,
    revision  INTEGER NOT NULL,
    record    TEXT    NOT NULL -- JSON: ClientFollowing
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE client_due (
    client_id TEXT    PRIMARY KEY,
    due       INTEGER NOT NULL -- epoch seconds
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX client_due_by_time ON client_due (due);
  CREATE TABLE client_snapshot (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id TEXT    NOT NULL,
    record    TEXT    NOT NULL -- JSON: DocumentSnapshot
  ) STRICT;
  CREATE INDEX client_snapshot_by_client ON client_snapshot (client_id, sequence);
  CREATE TABLE client_hold (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT    NOT NULL UNIQUE,
    client_id TEXT    NOT NULL,
    record    TEXT    NOT NULL -- JSON: RedirectHold
  ) STRICT;
  CREATE INDEX client_hold_by_client ON client_hold (client_id, sequence);
`

type FollowingRow = { readonly revision: number; readonly record: string }
type RecordRow = { readonly record: string }
type NumberedRow = RecordRow & { readonly sequence: number }

const followingRow = (sql: SqlStorage, clientId: Did): FollowingRow | undefined =>
  sql
    .exec<FollowingRow>(
      'SELECT revision, record FROM client_following WHERE client_id = ?',
      clientId,
    )
    .toArray()[0]

const allHolds = (sql: SqlStorage, clientId: Did): readonly RedirectHold[] =>
  sql
    .exec<RecordRow>(
      'SELECT record FROM client_hold WHERE client_id = ? ORDER BY sequence',
      clientId,
    )
    .toArray()
    .map(({ record }) => JSON.parse(record) as RedirectHold)

export function followedRow(sql: SqlStorage, clientId: Did): FollowedClient | undefined {
  const client = clientRow(sql, clientId)
  if (client === undefined) return undefined
  const row = followingRow(sql, clientId)
  return {
    client,
    following: row && (JSON.parse(row.record) as ClientFollowing),
    holds: allHolds(sql, clientId),
    revision: row?.revision ?? 0,
    entries: entriesOf(sql, clientId),
    decidedUnder: policyVersionOf(sql, client.decisionId),
  }
}

/** Stores a look; `undefined` where the client was changed since it began. */
export function keepLookRows(
  sql: SqlStorage,
  look: ClientLook,
  change: Change,
): Effect<'kept' | 'superseded'> {
  const before = followedRow(sql, look.client.clientId)
  const stored = before && storedLook(before, look)
  if (before === undefined || stored === undefined) return { value: 'superseded' }
  const { clientId } = stored.client
  const put = putClientRow(sql, stored.client, change.at)
  putFollowing(sql, stored.following, look.basedOn + 1)
  putDue(sql, clientId, look.dueAt)
  putEntries(sql, clientId, look.entries)
  for (const snapshot of look.snapshots) insertSnapshot(sql, snapshot)
  for (const hold of look.holds) putHold(sql, hold)
  if (look.holds.length > 0) dropWithdrawn(sql, clientId)
  const detail = lookDetail(before.client, put.value, look)
  return detail === undefined
    ? { value: 'kept' }
    : { value: 'kept', audit: { action: 'client.follow', detail: { clientId, ...detail } } }
}

function putFollowing(sql: SqlStorage, following: ClientFollowing, revision: number): void {
  sql.exec(
    `INSERT INTO client_following (client_id, revision, record) VALUES (?, ?, ?)
     ON CONFLICT (client_id) DO UPDATE
     SET revision = excluded.revision, record = excluded.record`,
    following.clientId,
    revision,
    JSON.stringify(following),
  )
}

function insertSnapshot(sql: SqlStorage, snapshot: DocumentSnapshot): void {
  const { clientId } = snapshot
  sql.exec(
    'INSERT INTO client_snapshot (client_id, record) VALUES (?, ?)',
    clientId,
    JSON.stringify(snapshot),
  )
  sql.exec(
    `DELETE FROM client_snapshot WHERE client_id = ? AND sequence <=
       (SELECT sequence FROM client_snapshot WHERE client_id = ?
        ORDER BY sequence DESC LIMIT 1 OFFSET ?)`,
    clientId,
    clientId,
    MAX_CLIENT_SNAPSHOTS,
  )
}

function putHold(sql: SqlStorage, hold: RedirectHold): void {
  sql.exec(
    `INSERT INTO client_hold (id, client_id, record) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
    hold.id,
    hold.clientId,
    JSON.stringify(hold),
  )
}

/** Forgets the oldest withdrawn holds: a document may change for ever. */
function dropWithdrawn(sql: SqlStorage, clientId: Did): void {
  sql.exec(
    `DELETE FROM client_hold WHERE client_id = ?1 AND json_extract(record, '$.state') = 'withdrawn'
     AND sequence <= (SELECT sequence FROM client_hold
       WHERE client_id = ?1 AND json_extract(record, '$.state') = 'withdrawn'
       ORDER BY sequence DESC LIMIT 1 OFFSET ?2)`,
    clientId,
    MAX_CLIENT_HOLDS,
  )
}

/** Clients of which a look is due, the longest due first. */
export const dueRows = (sql: SqlStorage, now: EpochSeconds, limit: number): readonly Did[] =>
  sql
    .exec<{ client_id: string }>(
      'SELECT client_id FROM client_due WHERE due <= ? ORDER BY due LIMIT ?',
      now,
      limit,
    )
    .toArray()
    .map(({ client_id }) => client_id as Did)

/** When the next look is due; `undefined`: there are no clients. */
export const nextDue = (sql: SqlStorage): number | undefined =>
  sql.exec<{ due: number }>('SELECT due FROM client_due ORDER BY due LIMIT 1').toArray()[0]?.due

export const snapshotRows = (sql: SqlStorage, clientId: Did): readonly DocumentSnapshot[] =>
  sql
    .exec<RecordRow>(
      'SELECT record FROM client_snapshot WHERE client_id = ? ORDER BY sequence',
      clientId,
    )
    .toArray()
    .map(({ record }) => JSON.parse(record) as DocumentSnapshot)

export function holdPage(
  sql: SqlStorage,
  clientId: Did,
  { cursor, limit }: PageRequest,
): Page<RedirectHold> {
  const rows = sql.exec<NumberedRow>(
    'SELECT sequence, record FROM client_hold WHERE client_id = ? AND sequence > ? ORDER BY sequence LIMIT ?',
    clientId,
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(({ record }) => JSON.parse(record) as RedirectHold) }
}

/** Holds what a client asks for; answers with the audit record, where anything changed. */
export function holdRows(
  sql: SqlStorage,
  { clientId, decisionId }: RegisteredClient,
  wants: readonly RedirectHold[],
  { at }: Change,
): AuditEntry | undefined {
  const changed = askedHolds(allHolds(sql, clientId), wants, { decisionId, at })
  const row = followingRow(sql, clientId)
  if (changed.length === 0) return undefined
  for (const hold of changed) putHold(sql, hold)
  dropWithdrawn(sql, clientId)
  if (row !== undefined) {
    const following = JSON.parse(row.record) as ClientFollowing
    putFollowing(sql, askedAgain(following, wants), row.revision + 1)
  }
  return { action: 'client.hold', detail: { clientId, ...holdsDetail(changed) } }
}

/** Decides a pending hold. */
export function decideHoldRow(
  sql: SqlStorage,
  { clientId, holdId }: { readonly clientId: Did; readonly holdId: string },
  state: Extract<HoldState, 'approved' | 'rejected'>,
  { at, actor }: Change,
): Effect<HoldOutcome> {
  const before = followedRow(sql, clientId)
  const hold = before?.holds.find(({ id }) => id === holdId)
  if (before === undefined || hold === undefined) return { value: 'not_found' }
  if (hold.state !== 'pending') return { value: 'decided_before' }
  putHold(sql, { ...hold, state, decided: { at, actor } })
  const { client, following } =
    state === 'approved' ? approvedClient(before.client, before.following, hold) : before
  putClientRow(sql, client, at)
  if (following !== undefined) putFollowing(sql, following, before.revision + 1)
  const { host, redirectUris } = hold
  const detail = { clientId, holdId, host, redirectUris: [...redirectUris] }
  return { value: 'decided', audit: { action: `client.hold.${state}`, detail } }
}

/** Who looks at a client now, in memory: a claim that is lost costs one look more. */
export function clientClaims() {
  const claimed = new Map<Did, number>()
  return {
    claim(clientId: Did, now: EpochSeconds): boolean {
      for (const [one, until] of claimed) if (until <= now) claimed.delete(one)
      if (claimed.has(clientId)) return false
      claimed.set(clientId, now + CLIENT_CLAIM_SECONDS)
      return true
    },
    release(clientId: Did): void {
      claimed.delete(clientId)
    },
  }
}
