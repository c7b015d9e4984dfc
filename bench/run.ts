import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '../scripts/free-port.ts'
import { PROJECT } from '../scripts/project.ts'
import { makeDevelopmentKeys } from '../scripts/signing-keys.ts'
import { startService, type RunningService } from '../scripts/workerd.ts'
import { builtBeside } from './beside.ts'
import { cpuMeter } from './cpu.ts'
import { measureRound, summarize, type Measured, type Summary } from './measurement.ts'
import { floorTable, held, table, type Held } from './report.ts'
import {
  BARE,
  type Call,
  type OpenSuite,
  type Scenario,
  type Stage,
  type Suite,
} from './scenario.ts'

/** The bare route, against which all else is shown. */
const BARE_ROUTE: Scenario = {
  name: BARE,
  status: 200,
  at: 'bare',
  prepare: async () => () => ({ method: 'GET', path: '/', headers: {} }),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
    credentials: { type: 'string', default: '1000000' },
  },
})
const [rounds, seconds, connections, credentials] = [
  positive('rounds', values.rounds),
  positive('seconds', values.seconds),
  positive('connections', values.connections),
  positive('credentials', values.credentials),
]
const suites = readdirSync(new URL('suites', import.meta.url)).map((file) => basename(file, '.ts'))

for (const name of positionals.length === 0 ? ['first'] : positionals) {
  if (!suites.includes(name)) throw new Error(`no such suite; there is ${suites.join(', ')}`)
  await runSuite(name)
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0`)
  return value
}

/** Starts a service for the suite, measures, prints the table and writes the figures down. */
async function runSuite(name: string): Promise<void> {
  const { default: open } = (await import(`./suites/${name}.ts`)) as { default: OpenSuite }
  const suite = await open({ credentials })
  const dataDir = mkdtempSync(join(tmpdir(), 'lso-trust-bench-'))
  const port = await freePort()
  const adminToken = randomBytes(32).toString('base64url')
  const signingKeys = JSON.stringify(await makeDevelopmentKeys())
  const beside = await Promise.all(
    [{ name: 'bare' }, ...(suite.beside ?? [])].map(async (worker) => ({
      worker: await builtBeside(worker),
      port: await freePort(),
    })),
  )
  const service = await startService({
    port,
    dataDir,
    env: {
      ...suite.variables,
      PUBLIC_URL: `http://localhost:${port}`,
      ADMIN_TOKEN: adminToken,
      SIGNING_KEYS: signingKeys,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'silent',
    },
    output: 'collect',
    beside,
  })
  try {
    const ports = new Map(beside.map((each) => [each.worker.name, each.port]))
    const measured = await prepared(
      suite,
      service,
      { adminToken, signingKeys, dataDir },
      (at) => ports.get(at) ?? port,
    )
    await interleave(measured)
    const summaries = measured.map(summarize)
    report(name, summaries, held(suite.floors ?? [], summaries))
  } finally {
    await service.kill()
    await suite.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Each scenario on its stage. `portOf` knows the workers by name, and else the service. */
async function prepared(
  suite: Suite,
  service: RunningService,
  own: Pick<Stage, 'adminToken' | 'signingKeys' | 'dataDir'>,
  portOf: (worker: string) => number,
): Promise<Measured[]> {
  const { url, pid } = service
  const stage: Stage = { url, ...own, ask: (call, expected) => ask(url, call, expected) }
  const measured: Measured[] = []
  for (const scenario of [BARE_ROUTE, ...suite.scenarios]) {
    const { name, status, at = 'service' } = scenario
    const next = await scenario.prepare(stage)
    const asked = typeof at === 'string' ? { origin: `http://127.0.0.1:${portOf(at)}`, pid } : at
    measured.push({
      name,
      status,
      next,
      connections: scenario.connections,
      origin: asked.origin,
      cpu: cpuMeter(asked.pid),
      rounds: [],
    })
  }
  return measured
}

async function ask(url: string, call: Call, expected: number): Promise<unknown> {
  const { method, path, headers, body = null } = call
  const answer = await fetch(`${url}${path}`, { method, headers, body, redirect: 'manual' })
  const text = await answer.text()
  if (answer.status !== expected)
    throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** Round after round over all scenarios, so that what disturbs the machine disturbs them alike. */
async function interleave(measured: readonly Measured[]): Promise<void> {
  const measure = (each: Measured): Promise<void> =>
    measureRound(each, each.connections ?? connections, seconds * 1000)
  // Thrown away: else the first that runs a piece of code pays for its compilation.
  for (const each of measured) await measure({ ...each, rounds: [] })
  process.stderr.write('warm\n')
  for (let round = 0; round < rounds; round++) {
    for (const each of measured) await measure(each)
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
  }
}

function report(suite: string, summaries: readonly Summary[], floors: readonly Held[]): void {
  const machine = `${availableParallelism()} CPUs, ${cpus()[0]?.model ?? 'unknown'}`
  const conditions = `${rounds} rounds of ${seconds} s, ${connections} connections, RATE_LIMIT=0, logs off`
  process.stdout.write(`\n${suite}: ${conditions}; ${machine}\n\n${table(summaries)}\n\n`)
  if (floors.length > 0) process.stdout.write(`${floorTable(floors)}\n\n`)
  if (process.platform !== 'linux') process.stdout.write('CPU per request: on Linux only\n')
  const folder = join(PROJECT, 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = join(folder, `${suite}-${at.replaceAll(':', '-')}.json`)
  const figures = { suite, at, rounds, seconds, connections, machine, summaries, floors }
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
  for (const { name, failures } of summaries.filter((each) => each.failures > 0)) {
    process.stdout.write(`${name}: ${failures} answers were not as expected\n`)
    process.exitCode = 1
  }
}
