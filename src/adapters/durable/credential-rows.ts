import { credentialStatus, type StatusAllocation } from '../../domain/status-list/status.ts'
import type {
  CredentialDraft,
  CredentialFilter,
  CredentialSummary,
  StoredCredential,
} from '../../ports/issuer-store.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { isNamed, isNamedByCid } from './credential-names.ts'
import { pageOf } from './ledger.ts'
import { allocationsOf } from './status-rows.ts'

/** A row of the table `credential`. */
export type CredentialRow = {
  readonly sequence: number
  readonly cid: string
  readonly credential_id: string
  readonly alias: string | null
  readonly format: string
  readonly types: string
  readonly subject: string | null
  readonly valid_from: number
  readonly valid_until: number | null
  readonly draft: string
  readonly token: string | null
  readonly digest: string | null
  readonly signed_by: string | null
  readonly revoked: number
  readonly suspended: number
}

/** The new row's sequence; undefined when its id or alias is taken. */
export function insertDraft(
  sql: SqlStorage,
  draft: CredentialDraft,
  reservedAt: EpochSeconds,
): number | undefined {
  const given = isNamedByCid(draft.credentialId, draft.cid) ? [] : [draft.credentialId]
  const names = [...given, ...(draft.alias === undefined ? [] : [draft.alias])]
  if (names.some((name) => rowNamed(sql, name) !== undefined)) return undefined
  const [row] = sql
    .exec<{ sequence: number }>(
      `INSERT INTO credential
         (cid, credential_id, alias, format, types, subject, valid_from, valid_until, draft, reserved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING sequence`,
      draft.cid,
      draft.credentialId,
      draft.alias ?? null,
      draft.format,
      JSON.stringify(draft.types),
      draft.subject ?? null,
      draft.validFrom,
      draft.validUntil ?? null,
      JSON.stringify(draft.credential),
      reservedAt,
    )
    .toArray()
  return row?.sequence
}

/** A credential that was reserved just now, as it would be read. */
export const reservedNow = (
  draft: CredentialDraft,
  allocations: readonly StatusAllocation[],
): StoredCredential => {
  const inOrder = allocations.toSorted((a, b) => (a.purpose < b.purpose ? -1 : 1))
  return {
    ...draft,
    purposes: inOrder.map(({ purpose }) => purpose),
    allocations: inOrder,
    status: 'active',
    digest: undefined,
    token: undefined,
  }
}

const NAMED = `SELECT * FROM credential c WHERE ${isNamed('c', '?1')}`

/** By `id`, alias, or last segment of its URL. */
export function rowNamed(sql: SqlStorage, name: string): CredentialRow | undefined {
  const [row] = sql.exec<CredentialRow>(NAMED, name).toArray()
  return row
}

/** By the last segment of its URL. */
export function storedCredential(sql: SqlStorage, cid: string): StoredCredential | undefined {
  const [row] = sql.exec<CredentialRow>('SELECT * FROM credential WHERE cid = ?', cid).toArray()
  return row && stored(sql, row)
}

/** What a listing needs of a row: neither the draft nor the token, which may be large. */
type SummaryRow = Omit<CredentialRow, 'draft' | 'token' | 'alias' | 'signed_by'>

/** Issued credentials in the order of issue. */
export function credentialPage(
  sql: SqlStorage,
  filter: CredentialFilter,
  { cursor, limit }: PageRequest,
): Page<CredentialSummary> {
  const { subject = null, type = null, status = null, key = null } = filter
  const rows = sql.exec<SummaryRow>(
    `SELECT sequence, cid, credential_id, format, types, subject, valid_from, valid_until, digest, revoked, suspended
     FROM credential
     WHERE sequence > ?1 AND token IS NOT NULL
       AND (?2 IS NULL OR subject = ?2)
       AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(types) WHERE value = ?3))
       AND (?4 IS NULL OR ?4 = CASE WHEN revoked THEN 'revoked' WHEN suspended THEN 'suspended' ELSE 'active' END)
       AND (?5 IS NULL OR signed_by = ?5)
     ORDER BY sequence LIMIT ?6`,
    Number(cursor ?? 0),
    subject,
    type,
    status,
    key,
    limit + 1,
  )
  const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
  return { ...page, rows: page.rows.map(summary) }
}

const summary = (row: SummaryRow): CredentialSummary => ({
  cid: row.cid,
  credentialId: row.credential_id,
  format: row.format as CredentialSummary['format'],
  types: JSON.parse(row.types) as CredentialSummary['types'],
  subject: row.subject ?? undefined,
  validFrom: row.valid_from as CredentialSummary['validFrom'],
  validUntil: (row.valid_until ?? undefined) as CredentialSummary['validUntil'],
  status: credentialStatus({ revoked: row.revoked === 1, suspended: row.suspended === 1 }),
  digest: row.digest ?? undefined,
})

/** Reserved before `before` and without token, oldest first. */
export const pendingRows = (
  sql: SqlStorage,
  before: EpochSeconds,
  limit: number,
): readonly StoredCredential[] =>
  sql
    .exec<CredentialRow>(
      'SELECT * FROM credential WHERE token IS NULL AND reserved_at < ? ORDER BY reserved_at LIMIT ?',
      before,
      limit,
    )
    .toArray()
    .map((row) => stored(sql, row))

/** True when something is reserved and without token. */
export const hasPending = (sql: SqlStorage): boolean =>
  sql.exec('SELECT 1 FROM credential WHERE token IS NULL LIMIT 1').toArray().length > 0

/** Stores the token of a row that has none yet, in place of its draft; false where there is none such. */
export const completeRow = (
  sql: SqlStorage,
  cid: string,
  { token, digest, kid }: { readonly token: string; readonly digest: string; readonly kid: string },
): boolean =>
  sql.exec(
    "UPDATE credential SET token = ?, digest = ?, signed_by = ?, draft = '{}' WHERE cid = ? AND token IS NULL",
    token,
    digest,
    kid,
    cid,
  ).rowsWritten > 0

function stored(sql: SqlStorage, row: CredentialRow): StoredCredential {
  const allocations = allocationsOf(sql, row.sequence)
  return {
    ...summary(row),
    alias: row.alias ?? undefined,
    credential: JSON.parse(row.draft) as StoredCredential['credential'],
    purposes: allocations.map(({ purpose }) => purpose),
    allocations,
    token: row.token ?? undefined,
  }
}
