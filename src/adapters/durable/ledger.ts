import {
  auditInput,
  GENESIS,
  type AuditEntry,
  type AuditRecord,
} from '../../domain/audit/audit-record.ts'
import { IDEMPOTENCY_SECONDS, MAX_PAGE_CHARACTERS } from '../../domain/limits.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import { ok, refuse } from '../../domain/result.ts'
import type { Applied, Change, IdempotencyMark } from '../../ports/change.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { sha256Text } from '../system/sha256.ts'

/** Tables that every instance object has: who changed what, and what was answered under which key. */
export const LEDGER_SCHEMA = `
  CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL, -- epoch seconds
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    detail   TEXT    NOT NULL, -- JSON object
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL
  ) STRICT;
  CREATE TABLE idempotency (
    key        TEXT    PRIMARY KEY,
    request    TEXT    NOT NULL, -- base64url SHA-256
    outcome    TEXT    NOT NULL, -- JSON
    expires_at INTEGER NOT NULL  -- epoch seconds
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
`

/**
 * Script that keeps marks in the order in which they were made, which is that of their expiry: one
 * index fewer, and the other one, whose order is chance, with little in it.
 */
export const MARKS_IN_ORDER = `
  CREATE TABLE mark (
    sequence   INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,
    request    TEXT    NOT NULL, -- base64url SHA-256
    outcome    TEXT    NOT NULL, -- JSON
    expires_at INTEGER NOT NULL  -- epoch seconds
  ) STRICT;
  INSERT INTO mark (key, request, outcome, expires_at)
    SELECT key, request, outcome, expires_at FROM idempotency ORDER BY expires_at;
  DROP TABLE idempotency;
  ALTER TABLE mark RENAME TO idempotency;
`

/** What a change did; `audit` absent or empty: it changed nothing, so there is nothing to write down. */
export interface Effect<Value> {
  readonly value: Value
  readonly audit?: AuditEntry | readonly AuditEntry[]
}

/**
 * Runs a change with its audit record and its mark in one transaction: all of it is stored or none.
 * `Value` must survive JSON.
 */
export function applyChange<Value>(
  storage: DurableObjectStorage,
  change: Change,
  run: () => Effect<Value>,
): Applied<Value> {
  const { sql } = storage
  return storage.transactionSync(() => {
    const { mark, at } = change
    if (mark !== undefined) {
      forgetExpired(storage, at)
      const known = appliedBefore<Value>(sql, mark, at)
      if (known !== undefined) return known
    }
    const { value, audit } = run()
    for (const entry of [audit ?? []].flat()) appendAudit(storage, entry, change)
    if (mark !== undefined) {
      sql.exec(
        'INSERT OR REPLACE INTO idempotency (key, request, outcome, expires_at) VALUES (?, ?, ?, ?)',
        mark.key,
        mark.request,
        JSON.stringify(value),
        at + IDEMPOTENCY_SECONDS,
      )
    }
    return ok({ value, replayed: false })
  })
}

/** Seconds between two deletions of expired marks in one object; until then an expired one is passed over. */
const FORGETTING_SECONDS = 60

/** When each object that is in memory last deleted its expired marks. */
const forgotten = new WeakMap<DurableObjectStorage, EpochSeconds>()

function forgetExpired(storage: DurableObjectStorage, at: EpochSeconds): void {
  const last = forgotten.get(storage)
  // A clock that was set back does not put it off (row H19).
  if (last !== undefined && last <= at && at < last + FORGETTING_SECONDS) return
  forgotten.set(storage, at)
  // One that expires later than any can was made by a clock that ran ahead: it holds up nothing.
  storage.sql.exec(
    `DELETE FROM idempotency WHERE sequence < COALESCE(
       (SELECT sequence FROM idempotency WHERE expires_at > ?1 AND expires_at <= ?1 + ?2
        ORDER BY sequence LIMIT 1),
       ${Number.MAX_SAFE_INTEGER})`,
    at,
    2 * IDEMPOTENCY_SECONDS,
  )
}

/** What a change under this mark came to; undefined where there was none, or it is forgotten. */
export function appliedBefore<Value>(
  sql: SqlStorage,
  mark: IdempotencyMark,
  at: EpochSeconds,
): Applied<Value> | undefined {
  const [known] = sql
    .exec<{ request: string; outcome: string }>(
      'SELECT request, outcome FROM idempotency WHERE key = ? AND expires_at > ?',
      mark.key,
      at,
    )
    .toArray()
  if (known === undefined) return undefined
  if (known.request !== mark.request) return refuse({ reason: 'idempotency_key_reused' })
  return ok({ value: JSON.parse(known.outcome) as Value, replayed: true })
}

/** The end of an object's chain, as this isolate saw it last: a guess, which the next link proves. */
type ChainEnd = Pick<AuditRecord, 'sequence' | 'hash'>
const chainEnds = new WeakMap<DurableObjectStorage, ChainEnd>()

/** Adds the next link of the chain. Call it only inside the transaction of the change. */
function appendAudit(storage: DurableObjectStorage, entry: AuditEntry, change: Change): void {
  const guess = chainEnds.get(storage)
  const end =
    (guess && linkedTo(storage.sql, guess, entry, change)) ??
    linkedTo(storage.sql, storedChainEnd(storage.sql), entry, change)
  if (end === undefined) throw new Error('the audit chain has no end')
  chainEnds.set(storage, end)
}

const storedChainEnd = (sql: SqlStorage): ChainEnd =>
  sql
    .exec<ChainEnd>('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1')
    .toArray()[0] ?? { sequence: 0, hash: GENESIS }

/** The new end; undefined, and nothing is added, where `last` is not the end of the chain that is stored. */
function linkedTo(
  sql: SqlStorage,
  last: ChainEnd,
  entry: AuditEntry,
  change: Change,
): ChainEnd | undefined {
  const link = {
    ...entry,
    sequence: last.sequence + 1,
    at: change.at,
    actor: change.actor,
    previous: last.hash,
  }
  const hash = sha256Text(auditInput(link))
  const { rowsWritten } = sql.exec(
    `INSERT INTO audit (sequence, at, actor, action, detail, previous, hash)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
     WHERE ?6 = COALESCE((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), '${GENESIS}')`,
    link.sequence,
    link.at,
    link.actor,
    link.action,
    JSON.stringify(link.detail),
    link.previous,
    hash,
  )
  return rowsWritten > 0 ? { sequence: link.sequence, hash } : undefined
}

/** Audit records in their order; the cursor is the last sequence read. */
export function auditPage(sql: SqlStorage, { cursor, limit }: PageRequest): Page<AuditRecord> {
  const rows = sql.exec<{
    sequence: number
    at: number
    actor: string
    action: string
    detail: string
    previous: string
    hash: string
  }>(
    'SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?',
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return {
    ...page,
    rows: page.rows.map((row) => ({
      ...row,
      at: row.at as AuditRecord['at'],
      detail: JSON.parse(row.detail) as JsonObject,
    })),
  }
}

/**
 * Takes rows until the page is full, by rows or by text, and says whether there are more. At least one
 * row is taken, so that a reader always gets on. Ask for no more rows than `limit + 1`.
 */
export function pageOf<Row>(
  rows: Iterable<Row>,
  limit: number,
  cursorOf: (row: Row) => string,
): Page<Row> {
  const kept: Row[] = []
  let characters = 0
  for (const row of rows) {
    characters += JSON.stringify(row).length
    const last = kept.at(-1)
    const full = kept.length === limit || characters > MAX_PAGE_CHARACTERS
    if (full && last !== undefined) return { rows: kept, cursor: cursorOf(last) }
    kept.push(row)
  }
  return { rows: kept }
}
