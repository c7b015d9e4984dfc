import type {
  DecisionRow,
  VerifierArchiveKind,
  VerifierArchiveRow,
} from '../../domain/archive/verifier-archive-row.ts'
import type {
  ClientFollowing,
  DocumentSnapshot,
} from '../../domain/registration/client-following.ts'
import type { RedirectHold } from '../../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import type { PolicyVersion, TrustPolicy } from '../../domain/trust/policy.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import type { VerifierCounts } from '../../ports/verifier-archive.ts'
import { clientChangePage, putDue } from './client-rows.ts'
import { decisionNamed } from './decision-rows.ts'
import { inserts, insertAudit } from './import-rows.ts'
import { auditPage, pageOf } from './ledger.ts'

/** Tables that a verifier's import fills. */
export const VERIFIER_IMPORTED = [
  'policy',
  'client',
  'client_following',
  'client_due',
  'client_hold',
  'client_snapshot',
  'decision',
  'client_change',
  'audit',
  'idempotency',
  'import',
]

/** Rows of one kind as they are now. */
export function verifierArchivePage(
  sql: SqlStorage,
  kind: VerifierArchiveKind,
  page: PageRequest,
): Page<VerifierArchiveRow> {
  switch (kind) {
    case 'policy':
      return numbered(
        sql,
        'SELECT version AS sequence, * FROM policy WHERE version > ? ORDER BY version LIMIT ?',
        page,
        ({ version, policy, at, actor }) => ({
          kind,
          version,
          policy: JSON.parse(policy) as TrustPolicy,
          at: at as PolicyVersion['at'],
          actor,
        }),
      )
    case 'client':
      return numbered(
        sql,
        'SELECT sequence, record FROM client WHERE sequence > ? ORDER BY sequence LIMIT ?',
        page,
        ({ sequence, record }) => ({
          kind,
          sequence,
          client: JSON.parse(record) as RegisteredClient,
        }),
      )
    case 'client_following':
      return numbered(
        sql,
        `SELECT c.sequence, f.revision, f.record
         FROM client c JOIN client_following f ON f.client_id = c.client_id
         WHERE c.sequence > ? ORDER BY c.sequence LIMIT ?`,
        page,
        ({ revision, record }) => ({
          kind,
          revision,
          following: JSON.parse(record) as ClientFollowing,
        }),
      )
    case 'client_hold':
      return numbered(
        sql,
        'SELECT sequence, record FROM client_hold WHERE sequence > ? ORDER BY sequence LIMIT ?',
        page,
        ({ sequence, record }) => ({ kind, sequence, hold: JSON.parse(record) as RedirectHold }),
      )
    case 'client_snapshot':
      return numbered(
        sql,
        'SELECT sequence, record FROM client_snapshot WHERE sequence > ? ORDER BY sequence LIMIT ?',
        page,
        ({ sequence, record }) => ({
          kind,
          sequence,
          snapshot: JSON.parse(record) as DocumentSnapshot,
        }),
      )
    case 'decision':
      return decisions(sql, page)
    case 'client_change': {
      const { rows, ...rest } = clientChangePage(sql, page)
      return { ...rest, rows: rows.map((change) => ({ kind, change })) }
    }
    case 'audit': {
      const { rows, ...rest } = auditPage(sql, page)
      return { ...rest, rows: rows.map((one) => ({ kind, ...one })) }
    }
  }
}

/** The columns of these queries; each has those that it names. */
type ArchivedRow = {
  sequence: number
  record: string
  revision: number
  version: number
  policy: string
  at: number
  actor: string
}

function numbered(
  sql: SqlStorage,
  query: string,
  { cursor, limit }: PageRequest,
  write: (row: ArchivedRow) => VerifierArchiveRow,
): Page<VerifierArchiveRow> {
  const rows = sql.exec<ArchivedRow>(query, Number(cursor ?? 0), limit + 1)
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(write) }
}

/** Evidence is large: it is read for a row at a time, until the page is full. */
function decisions(sql: SqlStorage, { cursor, limit }: PageRequest): Page<DecisionRow> {
  const ids = sql.exec<{ sequence: number; id: string }>(
    'SELECT sequence, id FROM decision WHERE sequence > ? ORDER BY sequence LIMIT ?',
    Number(cursor ?? 0),
    limit + 1,
  )
  const read = function* (): Generator<DecisionRow> {
    for (const { sequence, id } of ids.toArray()) {
      const decision = decisionNamed(sql, id)
      if (decision !== undefined) yield { kind: 'decision', sequence, decision }
    }
  }
  return pageOf(read(), limit, ({ sequence }) => String(sequence))
}

/** Adds one row; false when it is there already, or is about a client that is not. */
export function insertVerifierRow(sql: SqlStorage, row: VerifierArchiveRow): boolean {
  switch (row.kind) {
    case 'policy':
      return inserts(sql, 'INSERT INTO policy (version, policy, at, actor) VALUES (?, ?, ?, ?)', [
        row.version,
        JSON.stringify(row.policy),
        row.at,
        row.actor,
      ])
    case 'client':
      // Due at once: its new home looks at everything with its own eyes.
      putDue(sql, row.client.clientId, 0)
      return inserts(sql, 'INSERT INTO client (sequence, client_id, record) VALUES (?, ?, ?)', [
        row.sequence,
        row.client.clientId,
        JSON.stringify(row.client),
      ])
    case 'client_following':
      return (
        hasClient(sql, row.following.clientId) &&
        inserts(
          sql,
          'INSERT INTO client_following (client_id, revision, record) VALUES (?, ?, ?)',
          [row.following.clientId, row.revision, JSON.stringify(row.following)],
        )
      )
    case 'client_hold':
      return (
        hasClient(sql, row.hold.clientId) &&
        inserts(
          sql,
          'INSERT INTO client_hold (sequence, id, client_id, record) VALUES (?, ?, ?, ?)',
          [row.sequence, row.hold.id, row.hold.clientId, JSON.stringify(row.hold)],
        )
      )
    case 'client_snapshot':
      return (
        hasClient(sql, row.snapshot.clientId) &&
        inserts(sql, 'INSERT INTO client_snapshot (sequence, client_id, record) VALUES (?, ?, ?)', [
          row.sequence,
          row.snapshot.clientId,
          JSON.stringify(row.snapshot),
        ])
      )
    case 'decision': {
      const { id, kind, at, subject, verdict, trust, policyVersion } = row.decision
      const { digest, evidence, receipt } = row.decision
      return inserts(
        sql,
        `INSERT INTO decision
           (sequence, id, kind, at, subject, verdict, trust, policy_version, digest, evidence, receipt)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          row.sequence,
          id,
          kind,
          at,
          subject ?? null,
          verdict,
          trust,
          policyVersion,
          digest,
          evidence,
          receipt,
        ],
      )
    }
    case 'client_change': {
      const { sequence, clientId, changed, status, reason, at } = row.change
      return inserts(
        sql,
        'INSERT INTO client_change (sequence, client_id, changed, status, reason, at) VALUES (?, ?, ?, ?, ?, ?)',
        [sequence, clientId, JSON.stringify(changed), status, reason ?? null, at],
      )
    }
    case 'audit':
      return insertAudit(sql, row)
  }
}

const hasClient = (sql: SqlStorage, clientId: string): boolean =>
  sql.exec('SELECT 1 FROM client WHERE client_id = ?', clientId).toArray().length === 1

/** A verifier has a policy from its first moment, and versions without gaps. */
export function policiesAgree(sql: SqlStorage): boolean {
  const { policies, newest } = sql
    .exec<{ policies: number; newest: number | null }>(
      'SELECT count(*) AS policies, max(version) AS newest FROM policy',
    )
    .one()
  return policies > 0 && policies === newest
}

export const verifierCounts = (sql: SqlStorage): VerifierCounts =>
  sql
    .exec<{ policies: number; clients: number; decisions: number; auditRecords: number }>(
      `SELECT (SELECT count(*) FROM policy) AS policies,
              (SELECT count(*) FROM client) AS clients,
              (SELECT count(*) FROM decision) AS decisions,
              (SELECT count(*) FROM audit) AS auditRecords`,
    )
    .one()
