import { existsSync, readFileSync } from 'node:fs'
import { configuredPort, configuredVariables } from './project.ts'
import { startService, type RunningService } from './workerd.ts'

/**
 * The service on plain workerd, until a signal ends it: what an operator without Cloudflare runs.
 * Exits 0 after SIGINT, SIGTERM or SIGHUP; otherwise with workerd's own code, 1 if it had none.
 */
async function serve(): Promise<number> {
  const [port, dataDir] = [configuredPort(), process.env['DATA_DIR'] ?? './data']
  const service = await startService({
    port,
    dataDir,
    env: configuredVariables(),
    output: 'inherit',
  })
  process.stdout.write(`listening on port ${port}, state in ${dataDir}\n`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void service.stop())
  stopWithNpm(service)
  return await service.ended
}

/** npm hands SIGKILL to nobody: without this, `kill -9` of `npm run serve` would leave a service behind. */
function stopWithNpm(service: RunningService): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const forebears = forebearsNow()
  setInterval(() => {
    if (forebearsNow() !== forebears) void service.stop()
  }, 500).unref()
}

/** Our parent and, where the system tells, its parent: there may be a shell between npm and us. */
function forebearsNow(): string {
  const file = `/proc/${process.ppid}/stat`
  const parent = existsSync(file) ? readFileSync(file, 'utf8').split(' ')[3] : undefined
  return `${process.ppid} ${String(parent)}`
}

try {
  process.exitCode = await serve()
} catch (error) {
  process.stderr.write(`serve: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
