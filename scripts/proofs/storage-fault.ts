import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A way to take the storage away from a running service. Answers how to give it back. */
export type StorageFault = (service: {
  readonly pid: number
  readonly dataDir: string
}) => () => void

/** The process starts under this so that a file too large is an error to it and not its end. */
export const WITHOUT_SIGXFSZ = ['sh', '-c', `trap '' XFSZ; exec "$@"`, 'sh']

/** Whether this machine can limit the files of a process that runs. */
export const canLimitFiles = (): boolean => spawnSync('prlimit', ['--version']).status === 0

/** Databases below the folder whose path has `part` in it. */
const databases = (dataDir: string, part: string): readonly string[] =>
  readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sqlite') && path.includes(part))
    .map((path) => join(dataDir, path))

/** Another process has the write lock of those databases: `SQLITE_BUSY` to everybody else. */
const locked =
  (part: string): StorageFault =>
  ({ dataDir }) => {
    const held = databases(dataDir, part).map((path) => new DatabaseSync(path, { timeout: 5_000 }))
    for (const database of held) database.exec('BEGIN IMMEDIATE')
    return () => {
      for (const database of held) {
        database.exec('ROLLBACK')
        database.close()
      }
    }
  }

/** No file may grow past so many bytes: `SQLITE_IOERR_WRITE`, after which the object starts anew. */
const filesUpTo =
  (bytes: () => number): StorageFault =>
  ({ pid }) => {
    limitFiles(pid, String(bytes()))
    return () => {
      limitFiles(pid, 'unlimited')
    }
  }

function limitFiles(pid: number, bytes: string): void {
  const { status, stderr } = spawnSync(
    'prlimit',
    ['--pid', String(pid), `--fsize=${bytes}:unlimited`],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`prlimit: ${stderr}`)
}

/**
 * Puts something else in the place of every issuer's database while the service is down:
 * `SQLITE_NOTADB` to whoever opens it. Answers how to bring the old one back.
 */
export function spoilIssuers(dataDir: string): () => void {
  const spoilt = databases(dataDir, 'IssuerObject').filter((path) => !path.includes('metadata'))
  const parts = spoilt.flatMap((path) => [path, `${path}-wal`, `${path}-shm`])
  const there = parts.filter((path) => existsSync(path))
  for (const path of there) renameSync(path, `${path}.away`)
  for (const path of spoilt) writeFileSync(path, 'no database at all '.repeat(1_000))
  return () => {
    for (const path of parts) rmSync(path, { force: true })
    for (const path of there) renameSync(`${path}.away`, path)
  }
}

/** SQLite's log is emptied when it has about four megabytes: a limit below that falls anywhere in it. */
const LOG_BYTES = 4_000_000

export const STORAGE_FAULTS: Readonly<Record<string, StorageFault>> = {
  issuerLocked: locked('IssuerObject'),
  everythingLocked: locked(''),
  ...(canLimitFiles()
    ? { noBytesLeft: filesUpTo(() => 1), fewBytesLeft: filesUpTo(() => randomInt(LOG_BYTES)) }
    : {}),
}
