import { whenNpmIsGone } from './npm.ts'
import { configuredPort, configuredVariables } from './project.ts'
import { startService } from './workerd.ts'

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
  const stop = (): void => void service.stop()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  whenNpmIsGone(stop)
  // Last: whoever reads it may send a signal at once.
  process.stdout.write(`listening on port ${port}, state in ${dataDir}\n`)
  return await service.ended
}

try {
  process.exitCode = await serve()
} catch (error) {
  process.stderr.write(`serve: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
