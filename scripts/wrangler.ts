import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { endsWithUs } from './ends-with-us.ts'
import { PROJECT } from './project.ts'

const WRANGLER = fileURLToPath(new URL('../node_modules/wrangler/bin/wrangler.js', import.meta.url))

/**
 * What keeps wrangler to itself: no telemetry, no question to the package registry, no sample of
 * `request.cf` from the network, no log file in the home directory.
 */
export const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_WRITE_LOGS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}

const options = () => ({ cwd: PROJECT, env: { ...process.env, ...QUIET } })

/** Starts a wrangler command in the project, on the terminal and the runtime of this process, which it does not outlive. */
export function startWrangler(args: readonly string[]): ChildProcess {
  const [command = process.execPath, ...rest] = [
    ...endsWithUs('TERM'),
    process.execPath,
    WRANGLER,
    ...args,
  ]
  return spawn(command, rest, { ...options(), stdio: 'inherit' })
}

/** Runs a wrangler command silently to its end. Throws with what it said when it fails. */
export async function runWrangler(args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [WRANGLER, ...args], options())
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`wrangler ${args[0] ?? ''} failed\n${stdout}${stderr}`, { cause })
  }
}
