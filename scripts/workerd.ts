import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtWorker } from './bundle.ts'
import { localHostsOf, variablesOf, type Variables } from './variables.ts'
import { workerdConfig, type ServedWorker } from './workerd-config.ts'

export interface ServiceOptions {
  readonly port: number
  /** Made when it does not exist. One process at a time may have it. */
  readonly dataDir: string
  readonly env: Variables
  /** Where the process's own words go; with `collect` they are in `service.output()`. */
  readonly output: 'inherit' | 'collect'
  readonly beside?: readonly ServedWorker[]
}

/** A running service on plain workerd. It ends with this process at the latest. */
export interface RunningService {
  readonly url: string
  readonly pid: number
  /** Resolves when the process has ended: 0 after `stop`, else its exit code, 1 when it had none. */
  readonly ended: Promise<number>
  /** What it has written so far; empty with `output: 'inherit'`. */
  output(): string
  /** SIGTERM: requests under way are answered first. */
  stop(): Promise<void>
  /** SIGKILL: as when the machine loses power, but for what the kernel still writes. */
  kill(): Promise<void>
}

const require = createRequire(import.meta.url)
/** The binary. Not imported: the package is CommonJS, and each loader wraps its default in its own way. */
const { default: WORKERD } = require('workerd') as { default: string }

/** From the start of the process to the first answer of `/health`. */
const START_MILLISECONDS = 20_000

/**
 * Starts the production bundle and resolves when `/health` answers 200. Throws when the folder is
 * taken, when the process ends before, with what it said (a missing or malformed variable is named
 * there), and when it is not up in time.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { port, env, output, beside = [] } = options
  const dataDir = resolve(options.dataDir)
  const worker = await builtWorker()
  claim(dataDir)
  const config = join(dataDir, CONFIG)
  const localHosts = localHostsOf(env)
  writeFileSync(config, workerdConfig({ service: { worker, port }, localHosts, dataDir, beside }))
  const child = spawnWorkerd(config, env, output)
  const service = running(child, `http://localhost:${port}`)
  writeFileSync(join(dataDir, PID), String(service.pid))
  try {
    await untilHealthy(service, child)
  } catch (cause) {
    await service.kill()
    throw cause
  }
  return service
}

const CONFIG = 'workerd.capnp'
const PID = 'workerd.pid'

/** Two processes on one folder would each believe that they alone spend a challenge. */
function claim(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK)
  } catch (cause) {
    throw new Error('DATA_DIR is no folder that can be written to', { cause })
  }
  const file = join(dataDir, PID)
  if (!existsSync(file)) return
  const pid = readFileSync(file, 'utf8')
  if (runsWorkerdOn(pid, join(dataDir, CONFIG)))
    throw new Error(`DATA_DIR is in use by process ${pid}`)
}

function runsWorkerdOn(pid: string, config: string): boolean {
  // The command line and not signal 0: after a crash the number may belong to anybody.
  return commandLineOf(pid).includes(config)
}

function commandLineOf(pid: string): string {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'args=', '-p', pid], { encoding: 'utf8' }).stdout
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function spawnWorkerd(config: string, env: Variables, output: 'inherit' | 'collect'): ChildProcess {
  const speech = output === 'inherit' ? 'inherit' : 'pipe'
  const command = [...diesWithUs(), WORKERD, 'serve', '-I/', '--control-fd=3', config, 'config']
  const child = spawn(command[0] ?? WORKERD, command.slice(1), {
    // Only the service's own variables: the rest of the environment is none of its business.
    env: { ...variablesOf(env) },
    stdio: ['ignore', speech, speech, 'pipe'],
  })
  const endChild = (): void => void child.kill('SIGKILL')
  process.once('exit', endChild)
  child.once('exit', () => process.off('exit', endChild))
  return child
}

/** On Linux the kernel ends workerd with us, even when we end by SIGKILL. */
function diesWithUs(): readonly string[] {
  const help = spawnSync('setpriv', ['--help'], { encoding: 'utf8' })
  const able = help.status === 0 && help.stdout.includes('--pdeathsig')
  return able ? ['setpriv', '--pdeathsig', 'KILL', '--'] : []
}

function running(child: ChildProcess, url: string): RunningService {
  const { pid } = child
  if (pid === undefined) throw new Error('workerd could not be started')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  // `close` and not `exit`: by then the last words are read.
  let stopped = false
  const ended = once(child, 'close').then(() => (stopped ? 0 : (child.exitCode ?? 1)))
  const stop = async (): Promise<void> => {
    stopped = true
    child.kill('SIGTERM')
    await ended
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return { url, pid, ended, output: () => said, stop, kill }
}

async function untilHealthy(service: RunningService, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(START_MILLISECONDS)
  const endedEarly = service.ended.then((code) => {
    throw new Error(`workerd ended with ${code} before it listened\n${service.output()}`.trimEnd())
  })
  // Another process may answer on the port; only workerd's own word says that it has it.
  const listening = once(child.stdio[3] as Readable, 'data', { signal: deadline })
  await Promise.race([listening.then(() => untilAnswered(service.url, deadline)), endedEarly])
}

async function untilAnswered(url: string, deadline: AbortSignal): Promise<void> {
  while (!(await isHealthy(url, deadline))) {
    deadline.throwIfAborted()
    await sleep(20)
  }
}

async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
