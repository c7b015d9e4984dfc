import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtWorker } from './bundle.ts'
import { openDataDir } from './data-dir.ts'
import { endsWithUs } from './ends-with-us.ts'
import { localHostsOf, variablesOf, type Variables } from './variables.ts'
import { workerdConfig, type ServedWorker } from './workerd-config.ts'

export interface ServiceOptions {
  readonly port: number
  /** Made when it does not exist. One process at a time may have it. */
  readonly dataDir: string
  readonly env: Variables
  /** Where the words of the process go: to those of this process, or into `service.output()`. */
  readonly output: 'inherit' | 'collect'
  /** More workers in the same process; none when absent. */
  readonly beside?: readonly ServedWorker[]
  /** A command that becomes the process, given that as its arguments; none when absent. */
  readonly under?: readonly string[]
}

/** A running service on plain workerd. It ends with this process at the latest. */
export interface RunningService {
  readonly url: string
  readonly pid: number
  /** Resolves when the process has ended: 0 after `stop`, else its exit code, 1 when it had none. */
  readonly ended: Promise<number>
  /** What it has written so far; nothing with `output: 'inherit'`. */
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
 * Starts the production bundle and resolves when `/health` answers 200. Throws when `DATA_DIR` is
 * taken, when the process ends before, with what it said (a missing or malformed variable is named
 * there), and when it is not up in time.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { port, env, output, beside = [], under = [] } = options
  const service = { worker: await builtWorker(), port }
  const dataDir = openDataDir(options.dataDir)
  writeFileSync(
    dataDir.config,
    workerdConfig({ service, localHosts: localHostsOf(env), dataDir: dataDir.path, beside }),
  )
  const child = spawnWorkerd(dataDir.config, env, output, under)
  const said = listenTo(child)
  const running = control(child, `http://localhost:${port}`, said.text)
  dataDir.occupy(running.pid)
  try {
    await untilHealthy(running, child)
  } catch (cause) {
    await running.kill()
    throw cause
  }
  if (output === 'inherit') said.passOn()
  return running
}

function spawnWorkerd(
  config: string,
  env: Variables,
  output: 'inherit' | 'collect',
  under: readonly string[],
): ChildProcess {
  const command = [
    ...endsWithUs('KILL'),
    ...under,
    WORKERD,
    'serve',
    '-I/',
    '--control-fd=3',
    config,
    'config',
  ]
  const child = spawn(command[0] ?? WORKERD, command.slice(1), {
    // Only the service's own variables: the rest of the environment is none of its business.
    env: { ...variablesOf(env) },
    stdio: ['ignore', output === 'inherit' ? 'inherit' : 'pipe', 'pipe', 'pipe'],
  })
  const endChild = (): void => void child.kill('SIGKILL')
  process.once('exit', endChild)
  child.once('exit', () => process.off('exit', endChild))
  return child
}

/** Keeps what the process says, until it is told to pass its complaints on instead. */
function listenTo(child: ChildProcess): { text: () => string; passOn: () => void } {
  let kept = ''
  const keep = (text: string): void => void (kept += text)
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep)
  return {
    text: () => kept,
    passOn: () => {
      process.stderr.write(kept)
      kept = ''
      child.stderr?.off('data', keep).pipe(process.stderr)
    },
  }
}

function control(child: ChildProcess, url: string, output: () => string): RunningService {
  const { pid } = child
  if (pid === undefined) throw new Error('workerd could not be started')
  let stopped = false
  // `close` and not `exit`: by then the last words are read.
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
  return { url, pid, ended, output, stop, kill }
}

async function untilHealthy(service: RunningService, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(START_MILLISECONDS)
  const endedEarly = service.ended.then((code) => {
    throw new Error(`workerd ended with ${code} before it listened\n${causeIn(service.output())}`)
  })
  // Another process may answer on the port; only workerd's own word says that it has it.
  const listening = once(child.stdio[3] as Readable, 'data', { signal: deadline })
  await Promise.race([listening.then(() => untilAnswered(service.url, deadline)), endedEarly])
}

/** Without what only follows from it: a bundle that throws while it starts exports no class. */
const causeIn = (output: string): string =>
  output
    .split('\n')
    .filter((line) => !line.includes('no such Durable Object class is exported'))
    .join('\n')
    .trim()

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
