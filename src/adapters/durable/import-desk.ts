import { currentImport, forgetImport, noteImport } from './import-rows.ts'

/** What an object that takes imports in has to say about its own tables. */
export interface ImportTables<Row> {
  /** All that an unfinished import may have filled, with `import` itself. */
  readonly tables: readonly string[]
  /** Adds one row; false when it cannot be. */
  readonly insert: (row: Row) => boolean
  /** True once there is an instance: then no import goes on. */
  readonly exists: () => boolean
}

/** The steps of an import up to its end, for objects of every kind. */
export function importDesk<Row>(
  storage: DurableObjectStorage,
  { tables, insert, exists }: ImportTables<Row>,
) {
  const { sql } = storage
  const isImporting = (importId: string): boolean => !exists() && currentImport(sql) === importId
  return {
    isImporting,
    begin(importId: string): 'begun' | 'exists' {
      return storage.transactionSync(() => {
        if (exists()) return 'exists'
        forgetImport(sql, tables)
        noteImport(sql, importId)
        return 'begun'
      })
    },
    add(importId: string, rows: readonly Row[]): 'added' | 'conflict' | 'superseded' {
      if (!isImporting(importId)) return 'superseded'
      return addAll(storage, rows, insert) ? 'added' : 'conflict'
    },
    abandon(importId: string): void {
      if (isImporting(importId))
        storage.transactionSync(() => {
          forgetImport(sql, tables)
        })
    },
    /** An import that broke off leaves rows behind, which must not become a new instance's. */
    forget(): void {
      forgetImport(sql, tables)
    },
  }
}

/** Adds all rows or none; false when one cannot be. */
function addAll<Row>(
  storage: DurableObjectStorage,
  rows: readonly Row[],
  insert: (row: Row) => boolean,
): boolean {
  try {
    storage.transactionSync(() => {
      if (!rows.every((row) => insert(row))) throw new Conflict()
    })
    return true
  } catch (cause) {
    if (cause instanceof Conflict) return false
    throw cause
  }
}

/** Undoes the transaction: the platform rolls back on nothing but an exception. */
class Conflict extends Error {
  override readonly name = 'Conflict'
}
