import { MAX_SEEN_STATUS_LISTS, SEEN_STATUS_LIST_SECONDS } from '../../domain/limits.ts'
import { later, type EpochSeconds } from '../../domain/time.ts'

/** Script of the table of status lists of others. */
export const SEEN_LIST_TABLE = `
  CREATE TABLE seen_list (
    key        TEXT    PRIMARY KEY, -- base64url SHA-256
    signed_at  INTEGER NOT NULL,    -- epoch seconds, of the newest
    expires_at INTEGER NOT NULL     -- epoch seconds
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_list_by_expiry ON seen_list (expires_at);
`

/**
 * Notes a list, and answers when the newest one under its key was signed. Forgets what has expired, and
 * what is too many: a stranger may have lists of its own looked at, and fills nothing with them.
 */
export function newestList(
  sql: SqlStorage,
  key: string,
  signedAt: EpochSeconds | undefined,
  now: EpochSeconds,
): EpochSeconds | undefined {
  sql.exec('DELETE FROM seen_list WHERE expires_at <= ?', now)
  const [row] =
    signedAt === undefined
      ? sql.exec<Row>('SELECT signed_at FROM seen_list WHERE key = ?', key).toArray()
      : sql
          .exec<Row>(
            `INSERT INTO seen_list (key, signed_at, expires_at) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET signed_at = max(signed_at, excluded.signed_at),
               expires_at = excluded.expires_at
             RETURNING signed_at`,
            key,
            signedAt,
            later(now, SEEN_STATUS_LIST_SECONDS),
          )
          .toArray()
  sql.exec(
    'DELETE FROM seen_list WHERE key IN (SELECT key FROM seen_list ORDER BY expires_at DESC LIMIT -1 OFFSET ?)',
    MAX_SEEN_STATUS_LISTS,
  )
  return row?.signed_at
}

type Row = { readonly signed_at: EpochSeconds }
