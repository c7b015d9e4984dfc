import type { Change } from '../../ports/change.ts'
import type { SchemaVersion } from '../../ports/issuer-schemas.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { sha256Text } from '../system/sha256.ts'
import { pageOf, type Effect } from './ledger.ts'

/** Script that adds the table `schema`. */
export const SCHEMA_TABLE = `
  CREATE TABLE schema (
    sequence INTEGER PRIMARY KEY,
    type     TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    digest   TEXT    NOT NULL, -- base64url SHA-256 of the text
    text     TEXT    NOT NULL, -- canonical JSON
    at       INTEGER NOT NULL, -- epoch seconds
    actor    TEXT    NOT NULL,
    UNIQUE (type, version)
  ) STRICT;
`

type Row = {
  readonly sequence: number
  readonly type: string
  readonly version: number
  readonly digest: string
  readonly at: number
}

const COLUMNS = 'sequence, type, version, digest, at'

const versionOf = ({ type, version, digest, at }: Row): SchemaVersion => ({
  type,
  version,
  digest,
  at: at as SchemaVersion['at'],
})

/** Adds the next version, unless the newest has this text. */
export function insertSchema(
  sql: SqlStorage,
  type: string,
  text: string,
  { at, actor }: Change,
): Effect<SchemaVersion> {
  const [newest] = newestVersions(sql, [type])
  const digest = sha256Text(text)
  if (newest?.digest === digest) return { value: newest }
  const added = { type, version: (newest?.version ?? 0) + 1, digest, at }
  sql.exec(
    'INSERT INTO schema (type, version, digest, text, at, actor) VALUES (?, ?, ?, ?, ?, ?)',
    type,
    added.version,
    digest,
    text,
    at,
    actor,
  )
  const { version } = added
  return { value: added, audit: { action: 'schema.put', detail: { type, version, digest } } }
}

/** The text of a version, or of the newest one. */
export function schemaText(
  sql: SqlStorage,
  type: string,
  version: number | undefined,
): string | undefined {
  const [row] = sql
    .exec<{ text: string }>(
      'SELECT text FROM schema WHERE type = ?1 AND version = COALESCE(?2, version) ORDER BY version DESC LIMIT 1',
      type,
      version ?? null,
    )
    .toArray()
  return row?.text
}

/** The newest version of each type that has one. */
export const newestVersions = (
  sql: SqlStorage,
  types: readonly string[],
): readonly SchemaVersion[] =>
  sql
    .exec<Row>(
      `SELECT ${COLUMNS} FROM schema s
       WHERE type IN (SELECT value FROM json_each(?))
         AND version = (SELECT max(version) FROM schema WHERE type = s.type)
       ORDER BY sequence`,
      JSON.stringify(types),
    )
    .toArray()
    .map(versionOf)

/** All versions in the order in which they were put. */
export function schemaPage(sql: SqlStorage, { cursor, limit }: PageRequest): Page<SchemaVersion> {
  const rows = sql.exec<Row>(
    `SELECT ${COLUMNS} FROM schema WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(versionOf) }
}
