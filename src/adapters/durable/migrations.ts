/** SQL scripts of one object class, in order. A released script is never edited; a change is a new one. */
export type Migrations = readonly string[]

/**
 * Brings an object's database to the newest schema, each script once, all in one transaction: an
 * object either has the new schema or still the old one. Runs in the object's constructor, before
 * any call. A database from a newer release is refused.
 */
export function migrate(storage: DurableObjectStorage, migrations: Migrations): void {
  storage.transactionSync(() => {
    const { sql } = storage
    sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT')
    const [row] = sql.exec<{ version: number }>('SELECT version FROM schema_version').toArray()
    const version = row?.version ?? 0
    if (version > migrations.length) {
      throw new Error(
        `the database has schema ${String(version)}, this release knows ${String(migrations.length)}`,
      )
    }
    if (version === migrations.length) return
    for (const script of migrations.slice(version)) sql.exec(script)
    sql.exec('DELETE FROM schema_version')
    sql.exec('INSERT INTO schema_version (version) VALUES (?)', migrations.length)
  })
}
