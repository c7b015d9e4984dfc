import type {
  MintedStatement,
  StatementRecord,
} from '../../domain/registration/minted-statement.ts'
import { EXPIRY_SKEW_SECONDS } from '../../domain/limits.ts'
import type { Change } from '../../ports/change.ts'
import type { Effect } from './ledger.ts'

/** Script that adds the table of software statements. */
export const STATEMENT_TABLE = `
  CREATE TABLE software_statement (
    jti         TEXT    PRIMARY KEY,
    client_id   TEXT    NOT NULL, -- DID
    audience    TEXT    NOT NULL,
    decision_id TEXT    NOT NULL,
    minted_at   INTEGER NOT NULL, -- epoch seconds
    expires_at  INTEGER NOT NULL, -- epoch seconds
    revoked_at  INTEGER -- epoch seconds
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX software_statement_by_end ON software_statement (expires_at);
`

type StatementRow = {
  readonly jti: string
  readonly client_id: string
  readonly audience: string
  readonly decision_id: string
  readonly minted_at: number
  readonly expires_at: number
  readonly revoked_at: number | null
}

/** Adds a statement, and deletes those that have ended. Call it inside the transaction of the change. */
export function insertStatement(
  sql: SqlStorage,
  statement: MintedStatement,
  { at }: Change,
): Effect<MintedStatement> {
  const { jti, clientId, audience, decisionId, mintedAt, expiresAt } = statement
  sql.exec('DELETE FROM software_statement WHERE expires_at < ?', at - EXPIRY_SKEW_SECONDS)
  sql.exec(
    `INSERT INTO software_statement (jti, client_id, audience, decision_id, minted_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    jti,
    clientId,
    audience,
    decisionId,
    mintedAt,
    expiresAt,
  )
  const detail = { jti, clientId, audience, decisionId, expiresAt }
  return { value: statement, audit: { action: 'software_statement.mint', detail } }
}

export function statementRow(sql: SqlStorage, jti: string): StatementRecord | undefined {
  const [row] = sql
    .exec<StatementRow>('SELECT * FROM software_statement WHERE jti = ?', jti)
    .toArray()
  return row && recordOf(row)
}

/** Takes a statement back; one that was taken back stays as it is. */
export function revokeStatementRow(
  sql: SqlStorage,
  jti: string,
  { at }: Change,
): Effect<'revoked' | 'not_found'> {
  const before = statementRow(sql, jti)
  if (before === undefined) return { value: 'not_found' }
  if (before.revokedAt !== undefined) return { value: 'revoked' }
  sql.exec('UPDATE software_statement SET revoked_at = ? WHERE jti = ?', at, jti)
  const { clientId } = before
  return {
    value: 'revoked',
    audit: { action: 'software_statement.revoke', detail: { jti, clientId } },
  }
}

const recordOf = (row: StatementRow): StatementRecord => ({
  jti: row.jti,
  clientId: row.client_id as StatementRecord['clientId'],
  audience: row.audience,
  decisionId: row.decision_id,
  mintedAt: row.minted_at as StatementRecord['mintedAt'],
  expiresAt: row.expires_at as StatementRecord['expiresAt'],
  revokedAt: (row.revoked_at ?? undefined) as StatementRecord['revokedAt'],
})
