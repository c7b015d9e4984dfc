import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './project.ts'
import { describeWorker, type WorkerDescription } from './worker-description.ts'
import { runWrangler } from './wrangler.ts'

/** A Worker that plain workerd can run. */
export interface BuiltWorker extends WorkerDescription {
  /** Absolute path of its one module. */
  readonly bundle: string
}

const DIST = join(PROJECT, 'dist')
const BUNDLE = join(DIST, 'index.js')
const WRANGLER_TOML = join(PROJECT, 'wrangler.toml')
/** What the bundle is made from. */
const SOURCES = ['src', 'schemas', 'wrangler.toml', 'package-lock.json']

/** Builds dist/index.js: byte for byte what `wrangler deploy` would upload. Throws when it cannot. */
export async function build(): Promise<BuiltWorker> {
  mkdirSync(DIST, { recursive: true })
  const apart = mkdtempSync(join(DIST, 'build-'))
  try {
    await runWrangler(['deploy', '--dry-run', '--outdir', apart])
    // Renamed into place whole: a service may be starting from the previous one just now.
    for (const name of ['index.js.map', 'index.js']) renameSync(join(apart, name), join(DIST, name))
  } finally {
    rmSync(apart, { recursive: true, force: true })
  }
  return description()
}

/** As `build`, and leaves a bundle alone that is newer than everything it is made from. */
export async function builtWorker(): Promise<BuiltWorker> {
  return isFresh() ? description() : build()
}

const description = (): BuiltWorker => ({
  ...describeWorker(readFileSync(WRANGLER_TOML, 'utf8')),
  bundle: BUNDLE,
})

function isFresh(): boolean {
  if (!existsSync(BUNDLE)) return false
  const built = statSync(BUNDLE).mtimeMs
  return SOURCES.every((source) => lastChange(join(PROJECT, source)) < built)
}

/** Milliseconds of the last change of a file or in a folder; 0 for what does not exist. */
function lastChange(path: string): number {
  if (!existsSync(path)) return 0
  const status = statSync(path)
  if (!status.isDirectory()) return status.mtimeMs
  // The folder's own time counts because a removed file changes nothing else.
  const inside = readdirSync(path).map((name) => lastChange(join(path, name)))
  return Math.max(status.mtimeMs, ...inside)
}
