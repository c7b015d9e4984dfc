import type { PolicyVersion, TrustPolicy } from '../../domain/trust/policy.ts'
import type { Change } from '../../ports/change.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { pageOf, type Effect } from './ledger.ts'

/** Part of a verifier's first script. */
export const POLICY_TABLE = `
  CREATE TABLE policy (
    version INTEGER PRIMARY KEY,
    policy  TEXT    NOT NULL, -- JSON: TrustPolicy
    at      INTEGER NOT NULL, -- epoch seconds
    actor   TEXT    NOT NULL
  ) STRICT;
`

type PolicyRow = { version: number; policy: string; at: number; actor: string }

const policyVersion = (row: PolicyRow): PolicyVersion => ({
  ...row,
  at: row.at as PolicyVersion['at'],
  policy: JSON.parse(row.policy) as TrustPolicy,
})

/** The policy that counts now. */
export function newestPolicy(sql: SqlStorage): PolicyVersion | undefined {
  const [row] = sql.exec<PolicyRow>('SELECT * FROM policy ORDER BY version DESC LIMIT 1').toArray()
  return row && policyVersion(row)
}

/** Oldest first. */
export function policyPage(sql: SqlStorage, { cursor, limit }: PageRequest): Page<PolicyVersion> {
  const rows = sql.exec<PolicyRow>(
    'SELECT * FROM policy WHERE version > ? ORDER BY version LIMIT ?',
    Number(cursor ?? 0),
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ version }) => String(version))
  return { ...page, rows: page.rows.map(policyVersion) }
}

/** Adds the next version. Call it inside the transaction of the change. */
export function insertPolicy(
  sql: SqlStorage,
  policy: TrustPolicy,
  { at, actor }: Change,
): PolicyVersion {
  const version = (newestPolicy(sql)?.version ?? 0) + 1
  sql.exec(
    'INSERT INTO policy (version, policy, at, actor) VALUES (?, ?, ?, ?)',
    version,
    JSON.stringify(policy),
    at,
    actor,
  )
  return { version, policy, at, actor }
}

/** As `insertPolicy`, by a change of its own: every client is due for a look under it. */
export function putPolicyRow(
  sql: SqlStorage,
  policy: TrustPolicy,
  change: Change,
): Effect<PolicyVersion> {
  const added = insertPolicy(sql, policy, change)
  sql.exec('UPDATE client_due SET due = ?1 WHERE due > ?1', change.at)
  return { value: added, audit: { action: 'policy.put', detail: { version: added.version } } }
}
