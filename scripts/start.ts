import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDevVarsOnce } from './dev-vars.ts'
import { whenNpmIsGone } from './npm.ts'
import { configuredPort, configuredVariables, DEV_VARS, PROJECT } from './project.ts'
import { formatVariables, variablesOf } from './variables.ts'
import { startWrangler } from './wrangler.ts'

/** The service under `wrangler dev`, with a configuration for development that the first run makes. */
async function start(): Promise<number> {
  const port = configuredPort()
  if (await writeDevVarsOnce(DEV_VARS, port))
    process.stdout.write('.dev.vars holds a new admin token and new development keys\n')
  const overlay = overlayOfEnvironment()
  const dev = startWrangler(['dev', `--port=${port}`, ...overlay])
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => dev.kill(signal))
  whenNpmIsGone(() => dev.kill('SIGTERM'))
  await once(dev, 'close')
  return dev.exitCode ?? 0
}

/**
 * wrangler takes no values from its own environment, so those that win over `.dev.vars` go through
 * a file that lives as long as this process. Without any, wrangler reads `.dev.vars` itself.
 */
function overlayOfEnvironment(): readonly string[] {
  if (Object.keys(variablesOf(process.env)).length === 0) return []
  const folder = join(PROJECT, '.wrangler')
  const file = join(folder, `start-${process.pid}.vars`)
  mkdirSync(folder, { recursive: true })
  // wrangler expands `$NAME` in such a file, unlike in .dev.vars.
  writeFileSync(file, formatVariables(configuredVariables()).replaceAll('$', '\\$'), {
    mode: 0o600,
  })
  process.once('exit', () => {
    rmSync(file, { force: true })
  })
  return [`--env-file=${file}`]
}

try {
  process.exitCode = await start()
} catch (error) {
  process.stderr.write(`start: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
