import type { AuditEntry } from '../../domain/audit/audit-record.ts'
import type { Did } from '../../domain/did/did.ts'
import type { DecisionKind } from '../../domain/evidence/evidence.ts'
import { grantIn } from '../../domain/evidence/receipt.ts'
import type { Json } from '../../domain/json/strict-json.ts'
import type { Granted } from '../../domain/registration/granted-terms.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Trust, Verdict } from '../../domain/verification/check.ts'
import type { DecisionSummary, Retention, SealedDecision } from '../../ports/decisions.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { pageOf, type Effect } from './ledger.ts'

/** Script that adds the table `decision`. A sequence is never given out twice: it is a cursor. */
export const DECISION_TABLE = `
  CREATE TABLE decision (
    sequence       INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT    NOT NULL UNIQUE,
    kind           TEXT    NOT NULL,
    at             INTEGER NOT NULL, -- epoch seconds
    subject        TEXT,
    verdict        TEXT    NOT NULL,
    trust          TEXT    NOT NULL,
    policy_version INTEGER NOT NULL,
    digest         TEXT    NOT NULL, -- base64url SHA-256 of the evidence
    evidence       TEXT    NOT NULL, -- canonical JSON
    receipt        TEXT    NOT NULL  -- compact JWS
  ) STRICT;
  CREATE INDEX decision_by_age ON decision (at);
`

/** Script that finds the registrations of one DID. */
export const REGISTRATIONS_BY_CLIENT = `
  CREATE INDEX decision_of_client ON decision (subject, sequence) WHERE kind = 'registration';
`

/** Script that finds the client behind a decision. */
export const CLIENT_BY_DECISION = `
  CREATE INDEX client_by_decision ON client (json_extract(record, '$.decisionId'));
`

type SummaryRow = {
  sequence: number
  id: string
  kind: string
  at: number
  subject: string | null
  verdict: string
  trust: string
  policy_version: number
  digest: string
}
type Row = SummaryRow & { evidence: string; receipt: string }

const SUMMARY = 'sequence, id, kind, at, subject, verdict, trust, policy_version, digest'

/** As it was written by `insertDecision`. */
const summaryOf = (row: SummaryRow): DecisionSummary => ({
  id: row.id,
  kind: row.kind as DecisionKind,
  at: row.at as DecisionSummary['at'],
  subject: row.subject ?? undefined,
  verdict: row.verdict as Verdict,
  trust: row.trust as Trust,
  policyVersion: row.policy_version,
  digest: row.digest,
})

const sealedOf = (row: Row): SealedDecision => ({
  ...summaryOf(row),
  evidence: row.evidence,
  receipt: row.receipt,
})

/** Adds a decision and deletes what is no longer kept. */
export function insertDecision(
  sql: SqlStorage,
  decision: SealedDecision,
  { atMost, atMostOfOneClient, since }: Retention,
): Effect<string> {
  const { id, kind, digest, verdict, trust } = decision
  sql.exec(
    `INSERT INTO decision (id, kind, at, subject, verdict, trust, policy_version, digest, evidence, receipt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    kind,
    decision.at,
    decision.subject ?? null,
    verdict,
    trust,
    decision.policyVersion,
    digest,
    decision.evidence,
    decision.receipt,
  )
  const deleted =
    dropBefore(sql, since) +
    dropBeyond(sql, atMost) +
    (kind === 'registration' ? dropOfClient(sql, decision.subject, atMostOfOneClient) : 0)
  return {
    value: id,
    audit: [
      { action: 'decision.keep', detail: { id, kind, digest, verdict, trust } },
      ...expired(deleted),
    ],
  }
}

/** Deletes what was decided before `since`. */
export function expireDecisions(sql: SqlStorage, since: number): Effect<null> {
  return { value: null, audit: expired(dropBefore(sql, since)) }
}

/** When the oldest decision was made that may go one day; `undefined`: there is none. */
export const oldestDecision = (sql: SqlStorage): number | undefined =>
  sql
    .exec<{ at: number }>(`SELECT at FROM decision WHERE ${UNUSED} ORDER BY at LIMIT 1`)
    .toArray()[0]?.at

const expired = (deleted: number): readonly AuditEntry[] =>
  deleted === 0 ? [] : [{ action: 'decision.expire', detail: { deleted } }]

/** No client rests on the decision: the evidence behind a client outlives every retention. */
const UNUSED = `NOT EXISTS (
  SELECT 1 FROM client WHERE json_extract(client.record, '$.decisionId') = decision.id
)`

const dropBefore = (sql: SqlStorage, since: number): number =>
  sql.exec(`DELETE FROM decision WHERE at < ? AND ${UNUSED} RETURNING 1`, since).toArray().length

const dropBeyond = (sql: SqlStorage, atMost: number): number =>
  sql
    .exec(
      `DELETE FROM decision WHERE sequence <=
         (SELECT sequence FROM decision ORDER BY sequence DESC LIMIT 1 OFFSET ?)
         AND ${UNUSED} RETURNING 1`,
      atMost,
    )
    .toArray().length

const dropOfClient = (sql: SqlStorage, subject: string | undefined, atMost: number): number =>
  sql
    .exec(
      `DELETE FROM decision WHERE kind = 'registration' AND subject = ?1 AND sequence <=
         (SELECT sequence FROM decision WHERE kind = 'registration' AND subject = ?1
          ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
         AND ${UNUSED} RETURNING 1`,
      subject ?? null,
      atMost,
    )
    .toArray().length

export function decisionNamed(sql: SqlStorage, id: string): SealedDecision | undefined {
  const [row] = sql.exec<Row>('SELECT * FROM decision WHERE id = ?', id).toArray()
  return row && sealedOf(row)
}

export const policyVersionOf = (sql: SqlStorage, id: string): number | undefined =>
  sql
    .exec<{ policy_version: number }>('SELECT policy_version FROM decision WHERE id = ?', id)
    .toArray()[0]?.policy_version

/** Oldest first, without evidence. */
export function decisionPage(
  sql: SqlStorage,
  { cursor, limit }: PageRequest,
): Page<DecisionSummary> {
  const rows = sql.exec<SummaryRow>(
    `SELECT ${SUMMARY} FROM decision WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(summaryOf) }
}

/** Newest first, with evidence. */
export function latestDecisionPage(
  sql: SqlStorage,
  { cursor, limit }: PageRequest,
): Page<SealedDecision> {
  const rows = sql.exec<Row>(
    'SELECT * FROM decision WHERE sequence < ? ORDER BY sequence DESC LIMIT ?',
    Number(cursor ?? Number.MAX_SAFE_INTEGER),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(sealedOf) }
}

/** Newest last. The evidence itself, of which a client may have had much put in, stays where it is. */
export function grantsOf(sql: SqlStorage, clientId: Did, limit: number): readonly Granted[] {
  const rows = sql
    .exec<{ id: string; at: number; granted: string | null }>(
      `SELECT id, at, json_extract(evidence, '$.report.grant') AS granted FROM decision
       WHERE kind = 'registration' AND subject = ? ORDER BY sequence DESC LIMIT ?`,
      clientId,
      limit,
    )
    .toArray()
  return rows.toReversed().flatMap(({ id, at, granted }) => {
    const grant = grantIn({ grant: granted === null ? null : (JSON.parse(granted) as Json) })
    return grant === undefined ? [] : [{ decisionId: id, at: at as EpochSeconds, grant }]
  })
}

export function removeDecision(
  sql: SqlStorage,
  id: string,
): Effect<'deleted' | 'not_found' | 'in_use'> {
  const [row] = sql
    .exec<{
      digest: string
    }>(`DELETE FROM decision WHERE id = ? AND ${UNUSED} RETURNING digest`, id)
    .toArray()
  if (row === undefined)
    return { value: decisionNamed(sql, id) === undefined ? 'not_found' : 'in_use' }
  const { digest } = row
  return { value: 'deleted', audit: { action: 'decision.delete', detail: { id, digest } } }
}
