import { DurableObject } from 'cloudflare:workers'
import type { InstanceId, InstanceKind } from '../../domain/instance/instance.ts'
import { ok } from '../../domain/result.ts'
import type { Change } from '../../ports/change.ts'
import type { Directory } from '../../ports/directory.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { applyChange, LEDGER_SCHEMA, MARKS_IN_ORDER, pageOf } from './ledger.ts'
import { migrate, type Migrations } from './migrations.ts'

/** Documented in docs/storage.md. */
const DIRECTORY_MIGRATIONS: Migrations = [
  `
  ${LEDGER_SCHEMA}
  CREATE TABLE instance_name (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
`,
  MARKS_IN_ORDER,
]

/** The names of all instances of the deployment; there is one such object. */
export class DirectoryObject extends DurableObject {
  readonly #storage: DurableObjectStorage

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never)
    this.#storage = state.storage
    migrate(state.storage, DIRECTORY_MIGRATIONS)
  }

  register(
    kind: InstanceKind,
    id: InstanceId,
    change: Change,
  ): Awaited<ReturnType<Directory['register']>> {
    const applied = applyChange(this.#storage, change, () => {
      const { length } = this.#storage.sql
        .exec(
          'INSERT INTO instance_name (kind, id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1',
          kind,
          id,
        )
        .toArray()
      return { value: length === 1, audit: { action: 'name.register', detail: { kind, id } } }
    })
    return applied.ok
      ? ok({ replayed: applied.value.replayed, isNew: applied.value.value })
      : applied
  }

  has(kind: InstanceKind, id: InstanceId): boolean {
    return (
      this.#storage.sql
        .exec('SELECT 1 FROM instance_name WHERE kind = ? AND id = ?', kind, id)
        .toArray().length === 1
    )
  }

  ids(kind: InstanceKind, { cursor, limit }: PageRequest): Page<InstanceId> {
    const rows = this.#storage.sql
      .exec<{ id: InstanceId }>(
        'SELECT id FROM instance_name WHERE kind = ? AND id > ? ORDER BY id LIMIT ?',
        kind,
        cursor ?? '',
        limit + 1,
      )
      .toArray()
      .map(({ id }) => id)
    return pageOf(rows, limit, (id) => id)
  }
}
