import { DurableObject } from 'cloudflare:workers'
import type { Issuer, Verifier } from '../../domain/instance/instance.ts'
import type { AuditRecord } from '../../domain/audit/audit-record.ts'
import type { Applied, Change } from '../../ports/change.ts'
import type { Founding, InstancePatch, StoredInstance } from '../../ports/instance-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { applyChange, auditPage, LEDGER_SCHEMA } from './ledger.ts'
import { migrate, type Migrations } from './migrations.ts'

/** First script of every instance object. */
export const INSTANCE_SCHEMA = `
  CREATE TABLE instance (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    record     TEXT NOT NULL, -- JSON: Issuer or Verifier
    token_hash TEXT NOT NULL  -- base64url SHA-256
  ) STRICT;
  ${LEDGER_SCHEMA}
`

/** One Durable Object per instance: the single writer of all that the instance owns. */
export abstract class InstanceObject<
  Record extends Issuer | Verifier,
  With extends Founding = Founding,
> extends DurableObject {
  protected readonly storage: DurableObjectStorage
  protected readonly sql: SqlStorage

  /** The row `instance` as it was read; the single writer need not read it for each call. */
  #found: StoredInstance<Record> | undefined

  constructor(state: DurableObjectState, env: unknown, migrations: Migrations) {
    super(state, env as never)
    this.storage = state.storage
    this.sql = state.storage.sql
    migrate(this.storage, migrations)
  }

  create(instance: Record, founding: With, change: Change): 'created' | 'exists' {
    const applied = applyChange(this.storage, { ...change, mark: undefined }, () => {
      if (!this.insertInstance(instance, founding.tokenHash)) return { value: 'exists' as const }
      this.found(founding, change)
      return {
        value: 'created' as const,
        audit: {
          action: 'instance.create',
          detail: { id: instance.id, did: instance.did, keys: instance.keys.map(({ kid }) => kid) },
        },
      }
    })
    return applied.ok ? applied.value.value : 'exists'
  }

  /** Writes the record, which makes the instance visible; false when there is one. */
  protected insertInstance(instance: Record, tokenHash: string): boolean {
    this.#found = undefined
    const { length } = this.sql
      .exec(
        'INSERT INTO instance (id, record, token_hash) VALUES (1, ?, ?) ON CONFLICT DO NOTHING RETURNING 1',
        JSON.stringify(instance),
        tokenHash,
      )
      .toArray()
    return length === 1
  }

  /** Writes what this kind of instance starts with, in the transaction of its creation. */
  protected found(_founding: With, _change: Change): void {
    // Most kinds start with nothing but their record.
  }

  /** Not to be called in the transaction that writes the row, behind that: it may not come to pass. */
  find(): StoredInstance<Record> | undefined {
    return (this.#found ??= this.#read())
  }

  #read(): StoredInstance<Record> | undefined {
    const [row] = this.sql
      .exec<{ record: string; token_hash: string }>('SELECT record, token_hash FROM instance')
      .toArray()
    return row && { instance: JSON.parse(row.record) as Record, tokenHash: row.token_hash }
  }

  update(patch: InstancePatch, change: Change): Applied<Record> {
    return applyChange(this.storage, change, () => {
      const before = this.record()
      const { retiredAt } = before
      // Retired once, retired since then.
      const instance = { ...before, ...patch, ...(retiredAt === undefined ? {} : { retiredAt }) }
      this.replaceRecord(instance)
      const action = patch.retiredAt === undefined ? 'instance.change' : 'instance.retire'
      return { value: instance, audit: { action, detail: { ...patch } } }
    })
  }

  replaceToken(tokenHash: string, change: Change): Applied<null> {
    return applyChange(this.storage, change, () => {
      this.#found = undefined
      this.sql.exec('UPDATE instance SET token_hash = ?', tokenHash)
      return { value: null, audit: { action: 'instance.token', detail: {} } }
    })
  }

  audit(page: PageRequest): Page<AuditRecord> {
    return auditPage(this.sql, page)
  }

  /** Call it only inside a transaction. */
  protected replaceRecord(instance: Record): void {
    this.#found = undefined
    this.sql.exec('UPDATE instance SET record = ?', JSON.stringify(instance))
  }

  /** Call it only for an instance that was created. */
  protected record(): Record {
    const found = this.find()
    if (found === undefined) throw new Error('the instance was never created')
    return found.instance
  }
}
