import type { Did } from '../../domain/did/did.ts'
import type { InstanceId } from '../../domain/instance/instance.ts'
import type { ChangedEntry, OwnEntry } from '../../domain/registration/own-entry.ts'

/** Script that adds which status entries of our own issuers each client rests on. */
export const ENTRY_TABLES = `
  CREATE TABLE client_entry (
    client_id TEXT    NOT NULL,
    issuer    TEXT    NOT NULL, -- of this deployment
    list      TEXT    NOT NULL,
    idx       INTEGER NOT NULL,
    seen      INTEGER NOT NULL, -- status_change.sequence of the issuer when it was asked
    PRIMARY KEY (client_id, issuer, list, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX client_entry_by_entry ON client_entry (issuer, list, idx, seen);
  CREATE INDEX client_entry_by_seen ON client_entry (issuer, seen);
  CREATE TABLE client_issuer (
    issuer TEXT    PRIMARY KEY,
    taken  INTEGER NOT NULL -- status_change.sequence up to which nothing is left to take up
  ) STRICT, WITHOUT ROWID;
`

/** What the client rests on from now on. Call it inside the transaction of the change. */
export function putEntries(sql: SqlStorage, clientId: Did, entries: readonly OwnEntry[]): void {
  sql.exec('DELETE FROM client_entry WHERE client_id = ?', clientId)
  for (const { issuer, listId, index, seen } of entries) {
    sql.exec(
      'INSERT OR REPLACE INTO client_entry (client_id, issuer, list, idx, seen) VALUES (?, ?, ?, ?, ?)',
      clientId,
      issuer,
      listId,
      index,
      seen,
    )
    // What was asked long ago may have changed before what is taken up: that is looked through again.
    sql.exec(
      `INSERT INTO client_issuer (issuer, taken) VALUES (?, ?)
       ON CONFLICT (issuer) DO UPDATE SET taken = min(taken, excluded.taken)`,
      issuer,
      seen,
    )
  }
}

export const entriesOf = (sql: SqlStorage, clientId: Did): readonly OwnEntry[] =>
  sql
    .exec<{ issuer: string; list: string; idx: number; seen: number }>(
      'SELECT issuer, list, idx, seen FROM client_entry WHERE client_id = ?',
      clientId,
    )
    .toArray()
    .map(({ issuer, list, idx, seen }) => ({
      issuer: issuer as InstanceId,
      listId: list,
      index: idx,
      seen,
    }))

/** Nothing that happened before the oldest answer can be left. */
export const ownIssuerRows = (
  sql: SqlStorage,
): readonly { readonly issuer: InstanceId; readonly since: number }[] =>
  sql
    .exec<{ issuer: string; taken: number; oldest: number | null }>(
      `SELECT issuer, taken,
         (SELECT min(seen) FROM client_entry e WHERE e.issuer = client_issuer.issuer) AS oldest
       FROM client_issuer`,
    )
    .toArray()
    .flatMap(({ issuer, taken, oldest }) =>
      oldest === null ? [] : [{ issuer: issuer as InstanceId, since: Math.max(taken, oldest) }],
    )

export function clientsAtRows(
  sql: SqlStorage,
  issuer: InstanceId,
  changed: readonly ChangedEntry[],
  limit: number,
): readonly Did[] {
  const found = new Set<Did>()
  for (const one of changed) {
    for (const { client_id } of restingOn(sql, issuer, one, limit)) {
      if (found.size === limit) return [...found]
      found.add(client_id as Did)
    }
  }
  return [...found]
}

/** Call it inside a transaction. */
export function tookUpRows(
  sql: SqlStorage,
  issuer: InstanceId,
  changed: readonly ChangedEntry[],
  clients: readonly Did[],
): boolean {
  const last = changed.at(-1)?.sequence ?? 0
  for (const clientId of clients)
    sql.exec(
      'UPDATE client_entry SET seen = max(seen, ?) WHERE client_id = ? AND issuer = ?',
      last,
      clientId,
      issuer,
    )
  const left = changed.find((one) => restingOn(sql, issuer, one, 1).length > 0)
  sql.exec(
    'UPDATE client_issuer SET taken = max(taken, ?) WHERE issuer = ?',
    left === undefined ? last : left.sequence - 1,
    issuer,
  )
  return left === undefined
}

const restingOn = (
  sql: SqlStorage,
  issuer: InstanceId,
  { listId, index, sequence }: ChangedEntry,
  limit: number,
): readonly { readonly client_id: string }[] =>
  sql
    .exec<{ client_id: string }>(
      `SELECT client_id FROM client_entry
       WHERE issuer = ? AND list = ? AND idx = ? AND seen < ? LIMIT ?`,
      issuer,
      listId,
      index,
      sequence,
      limit,
    )
    .toArray()
