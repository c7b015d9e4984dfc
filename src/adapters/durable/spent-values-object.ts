import { DurableObject } from 'cloudflare:workers'
import type { EpochSeconds } from '../../domain/time.ts'
import { systemClock } from '../system/clock.ts'
import { migrate, type Migrations } from './migrations.ts'
import { newestList, SEEN_LIST_TABLE } from './seen-list-rows.ts'

/** Documented in docs/storage.md. */
const SPENT_VALUES_MIGRATIONS: Migrations = [
  `
  CREATE TABLE spent (
    namespace  TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL, -- epoch seconds
    PRIMARY KEY (namespace, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX spent_by_expiry ON spent (expires_at);
`,
  `ALTER TABLE spent ADD COLUMN spender TEXT`, // base64url SHA-256; NULL: nobody in particular
  SEEN_LIST_TABLE,
]

/** How long after the last expiry an idle shard waits before it clears up, in milliseconds. */
const SWEEP_AFTER_MILLISECONDS = 60_000

/**
 * One shard of what must not be forgotten while it could come again: single-use values, and how new the
 * status lists of others were. The primary key decides the race, not a read before a write.
 */
export class SpentValuesObject extends DurableObject {
  readonly #storage: DurableObjectStorage
  /** True while an alarm is known to be set: asking for it each time would cost as much as the insert. */
  #alarmIsSet = false

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never)
    this.#storage = state.storage
    migrate(state.storage, SPENT_VALUES_MIGRATIONS)
  }

  /** By `spender`, who may come again; `null`: nobody may. */
  async use(
    spender: string | null,
    namespace: string,
    value: string,
    expiresAt: EpochSeconds,
  ): Promise<boolean> {
    // A value that has ended may have been forgotten already: it cannot be told from a new one.
    if (expiresAt <= systemClock.now()) return false
    // NULL equals no spender, not even NULL.
    const { length } = this.#storage.sql
      .exec(
        `INSERT INTO spent (namespace, value, expires_at, spender) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET spender = excluded.spender WHERE spender = excluded.spender
         RETURNING 1`,
        namespace,
        value,
        expiresAt,
        spender,
      )
      .toArray()
    if (!this.#alarmIsSet) {
      if ((await this.#storage.getAlarm()) === null)
        await this.#storage.setAlarm(expiresAt * 1000 + SWEEP_AFTER_MILLISECONDS)
      this.#alarmIsSet = true
    }
    return length === 1
  }

  /** `SeenStatusLists.newest`, by the hash of its key. */
  newestList(key: string, signedAt: EpochSeconds | undefined): EpochSeconds | undefined {
    return newestList(this.#storage.sql, key, signedAt, systemClock.now())
  }

  /** Forgets values that have expired, so that there are never more than are alive at one time; lists go with lists. */
  override async alarm(): Promise<void> {
    this.#alarmIsSet = false
    this.#storage.sql.exec('DELETE FROM spent WHERE expires_at <= ?', systemClock.now())
    const [row] = this.#storage.sql
      .exec<{ next: number | null }>('SELECT min(expires_at) AS next FROM spent')
      .toArray()
    if (row?.next != null) {
      await this.#storage.setAlarm(row.next * 1000 + SWEEP_AFTER_MILLISECONDS)
    }
  }
}
