import type { ChangedEntry } from '../../domain/registration/own-entry.ts'

export const lastStatusChange = (sql: SqlStorage): number =>
  sql.exec<{ last: number }>('SELECT COALESCE(max(sequence), 0) AS last FROM status_change').one()
    .last

/** Each change with the entry of its purpose, which a credential has once. */
export const statusChangesSince = (
  sql: SqlStorage,
  since: number,
  limit: number,
): readonly ChangedEntry[] =>
  sql
    .exec<{ list: string; idx: number; sequence: number }>(
      `SELECT e.list, e.idx, h.sequence FROM status_change h
       JOIN status_entry e ON e.credential = h.credential AND e.purpose = h.purpose
       WHERE h.sequence > ? ORDER BY h.sequence LIMIT ?`,
      since,
      limit,
    )
    .toArray()
    .map(({ list, idx, sequence }) => ({ listId: list, index: idx, sequence }))
