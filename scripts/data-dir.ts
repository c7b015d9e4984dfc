import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The folder of one service: its Durable Objects, its configuration and who runs it. */
export interface DataDir {
  readonly path: string
  /** Where the configuration of workerd stands. */
  readonly config: string
  /** Notes that process `pid` has the folder now. */
  occupy(pid: number): void
}

/**
 * Makes the folder if it is not there. Throws when it cannot be written to, and when a process that
 * is alive has it: two on one folder would each believe that they alone spend a challenge.
 */
export function openDataDir(folder: string): DataDir {
  const path = resolve(folder)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK)
  } catch (cause) {
    throw new Error('DATA_DIR is no folder that can be written to', { cause })
  }
  const [config, owner] = [join(path, 'workerd.capnp'), join(path, 'workerd.pid')]
  const pid = existsSync(owner) ? readFileSync(owner, 'utf8') : undefined
  // By its command line and not by signal 0: after a crash the number may belong to anybody.
  if (pid !== undefined && commandLineOf(pid).includes(config))
    throw new Error(`DATA_DIR is in use by process ${pid}`)
  return {
    path,
    config,
    occupy: (by) => {
      writeFileSync(owner, String(by))
    },
  }
}

function commandLineOf(pid: string): string {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' }).stdout
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
