import type { Issuer } from '../../domain/instance/instance.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import { STATUS_LIST_ENTRIES, STATUS_LIST_FILL } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import {
  credentialStatus,
  statusTransition,
  type CredentialStatus,
  type StatusChange,
  type StatusPurpose,
} from '../../domain/status-list/status.ts'
import type { Change } from '../../ports/change.ts'
import type {
  CredentialDraft,
  CredentialFilter,
  IssuerStore,
  StatusListState,
  StoredCredential,
} from '../../ports/issuer-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { cryptoRandom } from '../system/random.ts'
import { INSTANCE_SCHEMA, InstanceObject } from './instance-object.ts'
import { applyChange, pageOf, type Effect } from './ledger.ts'
import type { Migrations } from './migrations.ts'

/** Documented in docs/storage.md. */
export const ISSUER_MIGRATIONS: Migrations = [
  `
  ${INSTANCE_SCHEMA}
  CREATE TABLE credential (
    sequence      INTEGER PRIMARY KEY,
    cid           TEXT    NOT NULL UNIQUE,
    credential_id TEXT    NOT NULL UNIQUE,
    alias         TEXT    UNIQUE,
    format        TEXT    NOT NULL,
    types         TEXT    NOT NULL, -- JSON list
    subject       TEXT,
    valid_from    INTEGER NOT NULL, -- epoch seconds
    valid_until   INTEGER,          -- epoch seconds
    draft         TEXT    NOT NULL, -- JSON object, without status entries
    token         TEXT,             -- null between reservation and completion
    revoked       INTEGER NOT NULL DEFAULT 0,
    suspended     INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX credential_by_subject ON credential (subject);
  CREATE TABLE status_list (
    id      TEXT    PRIMARY KEY,
    purpose TEXT    NOT NULL,
    taken   INTEGER NOT NULL, -- entries that belong to a credential
    version INTEGER NOT NULL  -- grows with every change of an entry
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE status_entry (
    list       TEXT    NOT NULL,
    idx        INTEGER NOT NULL,
    purpose    TEXT    NOT NULL,
    credential INTEGER NOT NULL, -- credential.sequence
    PRIMARY KEY (list, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX status_entry_by_credential ON status_entry (credential);
`,
  `
  CREATE TABLE status_change (
    sequence   INTEGER PRIMARY KEY,
    credential INTEGER NOT NULL, -- credential.sequence
    purpose    TEXT    NOT NULL,
    status     INTEGER NOT NULL, -- 0 or 1
    at         INTEGER NOT NULL, -- epoch seconds
    actor      TEXT    NOT NULL,
    reason     TEXT
  ) STRICT;
  CREATE INDEX status_change_by_credential ON status_change (credential);
  CREATE INDEX credential_with_status ON credential (sequence) WHERE revoked = 1 OR suspended = 1;
`,
]

type CredentialRow = {
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
  readonly revoked: number
  readonly suspended: number
}

type Answer<Method extends keyof IssuerStore> = Awaited<ReturnType<IssuerStore[Method]>>

/** Everything that one issuer owns: its record, credentials, status and audit chain. */
export class IssuerObject extends InstanceObject<Issuer> {
  constructor(state: DurableObjectState, env: unknown) {
    super(state, env, ISSUER_MIGRATIONS)
  }

  reserve(draft: CredentialDraft, change: Change): Answer<'reserve'> {
    const applied = applyChange(this.storage, change, () => {
      const sequence = this.#insertDraft(draft)
      if (sequence === undefined) return { value: null }
      for (const purpose of draft.purposes) this.#allocate(sequence, purpose)
      return {
        value: draft.cid,
        audit: {
          action: 'credential.reserve',
          detail: {
            credentialId: draft.credentialId,
            subject: draft.subject ?? null,
            types: draft.types,
          },
        },
      }
    })
    if (!applied.ok) return applied
    const { value: cid } = applied.value
    const stored = cid === null ? undefined : this.credential(cid)
    return stored === undefined ? refuse({ reason: 'id_taken' }) : ok(stored)
  }

  complete(cid: string, token: string): string {
    this.sql.exec('UPDATE credential SET token = ? WHERE cid = ? AND token IS NULL', token, cid)
    const stored = this.credential(cid)?.token
    if (stored === undefined) throw new Error('a token was completed that was never reserved')
    return stored
  }

  credential(cid: string): StoredCredential | undefined {
    const [row] = this.sql
      .exec<CredentialRow>('SELECT * FROM credential WHERE cid = ?', cid)
      .toArray()
    return row && this.#stored(row)
  }

  credentials(filter: CredentialFilter, { cursor, limit }: PageRequest): Page<StoredCredential> {
    const { subject = null, type = null, status = null } = filter
    const rows = this.sql
      .exec<CredentialRow>(
        `SELECT * FROM credential
         WHERE sequence > ?1
           AND (?2 IS NULL OR subject = ?2)
           AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(types) WHERE value = ?3))
           AND (?4 IS NULL OR ?4 = CASE WHEN revoked THEN 'revoked' WHEN suspended THEN 'suspended' ELSE 'active' END)
         ORDER BY sequence LIMIT ?5`,
        Number(cursor ?? 0),
        subject,
        type,
        status,
        limit + 1,
      )
      .toArray()
    const page = pageOf(rows, limit, ({ sequence }) => String(sequence))
    return { ...page, rows: page.rows.map((row) => this.#stored(row)) }
  }

  changeStatus(credentialId: string, wanted: StatusChange, change: Change): Answer<'changeStatus'> {
    type Outcome =
      Exclude<Answer<'changeStatus'>, { ok: true }>['refusal']['reason'] | CredentialStatus
    const applied = applyChange(this.storage, change, (): Effect<Outcome> => {
      const row = this.#byName(credentialId)
      if (row === undefined) return { value: 'credential_not_found' }
      if (this.#listOf(row.sequence, wanted.purpose) === undefined) {
        return { value: 'status_purpose_not_issued' }
      }
      const before = { revoked: row.revoked === 1, suspended: row.suspended === 1 }
      const current = wanted.purpose === 'revocation' ? before.revoked : before.suspended
      switch (statusTransition(current, wanted)) {
        case 'revocation_final':
          return { value: 'revocation_final' }
        case 'no_change':
          return { value: credentialStatus(before) }
        case 'change':
          return this.#setStatus(row, wanted, change)
      }
    })
    if (!applied.ok) return applied
    const { value, replayed } = applied.value
    switch (value) {
      case 'active':
      case 'suspended':
      case 'revoked':
        return ok({ status: value, replayed })
      default:
        return refuse({ reason: value })
    }
  }

  statusList(listId: string): StatusListState | undefined {
    const [list] = this.sql
      .exec<{ purpose: StatusPurpose; version: number }>(
        'SELECT purpose, version FROM status_list WHERE id = ?',
        listId,
      )
      .toArray()
    if (list === undefined) return undefined
    const entries = this.sql
      .exec<{ idx: number; revoked: number; suspended: number }>(
        `SELECT e.idx, c.revoked, c.suspended
         FROM credential c INDEXED BY credential_with_status
         JOIN status_entry e ON e.credential = c.sequence AND e.list = ?
         WHERE c.revoked = 1 OR c.suspended = 1`,
        listId,
      )
      .toArray()
      .map(({ idx, revoked, suspended }) => ({
        index: idx,
        revoked: revoked === 1,
        suspended: suspended === 1,
      }))
    return { ...list, length: STATUS_LIST_ENTRIES, entries }
  }

  statusAt(listId: string, index: number): boolean | undefined {
    const [row] = this.sql
      .exec<{ purpose: StatusPurpose; revoked: number; suspended: number }>(
        `SELECT e.purpose, c.revoked, c.suspended FROM status_entry e
         JOIN credential c ON c.sequence = e.credential WHERE e.list = ? AND e.idx = ?`,
        listId,
        index,
      )
      .toArray()
    return row && (row.purpose === 'revocation' ? row.revoked : row.suspended) === 1
  }

  /** The new row's sequence; undefined when one of its names is taken. */
  #insertDraft(draft: CredentialDraft): number | undefined {
    const names = [draft.credentialId, ...(draft.alias === undefined ? [] : [draft.alias])]
    if (names.some((name) => this.#byName(name) !== undefined)) return undefined
    const [row] = this.sql
      .exec<{ sequence: number }>(
        `INSERT INTO credential
           (cid, credential_id, alias, format, types, subject, valid_from, valid_until, draft)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING sequence`,
        draft.cid,
        draft.credentialId,
        draft.alias ?? null,
        draft.format,
        JSON.stringify(draft.types),
        draft.subject ?? null,
        draft.validFrom,
        draft.validUntil ?? null,
        JSON.stringify(draft.credential),
      )
      .toArray()
    return row?.sequence
  }

  /**
   * Draws until the primary key lets a draw in: at most `STATUS_LIST_FILL` of a list is taken, so
   * five draws do on average at the very end.
   */
  #allocate(credential: number, purpose: StatusPurpose): void {
    const list = this.#openList(purpose)
    for (;;) {
      const index = cryptoRandom.below(STATUS_LIST_ENTRIES)
      const { length } = this.sql
        .exec(
          'INSERT INTO status_entry (list, idx, purpose, credential) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1',
          list,
          index,
          purpose,
          credential,
        )
        .toArray()
      if (length === 1) break
    }
    this.sql.exec('UPDATE status_list SET taken = taken + 1 WHERE id = ?', list)
  }

  /** The list that takes new entries; a new one when the last is full (row S12). */
  #openList(purpose: StatusPurpose): string {
    const [open] = this.sql
      .exec<{ id: string }>(
        'SELECT id FROM status_list WHERE purpose = ? AND taken < ?',
        purpose,
        STATUS_LIST_ENTRIES * STATUS_LIST_FILL,
      )
      .toArray()
    if (open !== undefined) return open.id
    const { count } = this.sql
      .exec<{ count: number }>(
        'SELECT count(*) AS count FROM status_list WHERE purpose = ?',
        purpose,
      )
      .one()
    const id = `${purpose}-${String(count + 1)}`
    this.sql.exec(
      'INSERT INTO status_list (id, purpose, taken, version) VALUES (?, ?, 0, 1)',
      id,
      purpose,
    )
    return id
  }

  #setStatus(row: CredentialRow, wanted: StatusChange, change: Change): Effect<CredentialStatus> {
    const { purpose, status, reason } = wanted
    const after = {
      revoked: purpose === 'revocation' ? status : row.revoked === 1,
      suspended: purpose === 'suspension' ? status : row.suspended === 1,
    }
    this.sql.exec(
      'UPDATE credential SET revoked = ?, suspended = ? WHERE sequence = ?',
      Number(after.revoked),
      Number(after.suspended),
      row.sequence,
    )
    this.sql.exec(
      'INSERT INTO status_change (credential, purpose, status, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?)',
      row.sequence,
      purpose,
      Number(status),
      change.at,
      change.actor,
      reason ?? null,
    )
    this.sql.exec(
      'UPDATE status_list SET version = version + 1 WHERE id IN (SELECT list FROM status_entry WHERE credential = ?)',
      row.sequence,
    )
    const detail: JsonObject = {
      credentialId: row.credential_id,
      purpose,
      status,
      ...(reason === undefined ? {} : { reason }),
    }
    return { value: credentialStatus(after), audit: { action: 'credential.status', detail } }
  }

  #byName(name: string): CredentialRow | undefined {
    const [row] = this.sql
      .exec<CredentialRow>('SELECT * FROM credential WHERE credential_id = ?1 OR alias = ?1', name)
      .toArray()
    return row
  }

  #listOf(credential: number, purpose: StatusPurpose): string | undefined {
    return this.#allocations(credential).find((allocation) => allocation.purpose === purpose)
      ?.listId
  }

  #allocations(credential: number): StoredCredential['allocations'] {
    return this.sql
      .exec<{ list: string; idx: number; purpose: StatusPurpose }>(
        'SELECT list, idx, purpose FROM status_entry WHERE credential = ? ORDER BY purpose',
        credential,
      )
      .toArray()
      .map(({ list, idx, purpose }) => ({ purpose, listId: list, index: idx }))
  }

  #stored(row: CredentialRow): StoredCredential {
    const allocations = this.#allocations(row.sequence)
    return {
      cid: row.cid,
      credentialId: row.credential_id,
      alias: row.alias ?? undefined,
      format: row.format as StoredCredential['format'],
      types: JSON.parse(row.types) as StoredCredential['types'],
      subject: row.subject ?? undefined,
      validFrom: row.valid_from as StoredCredential['validFrom'],
      validUntil: (row.valid_until ?? undefined) as StoredCredential['validUntil'],
      credential: JSON.parse(row.draft) as StoredCredential['credential'],
      purposes: allocations.map(({ purpose }) => purpose),
      allocations,
      token: row.token ?? undefined,
      status: credentialStatus({ revoked: row.revoked === 1, suspended: row.suspended === 1 }),
    }
  }
}
