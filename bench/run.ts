import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '../scripts/free-port.ts'
import { PROJECT } from '../scripts/project.ts'
import { makeDevelopmentKeys } from '../scripts/signing-keys.ts'
import { startService } from '../scripts/workerd.ts'
import { builtBareWorker } from './bare.ts'
import { cpuMeter } from './cpu.ts'
import { measureRound, summarize, type Measured, type Summary } from './measurement.ts'
import { table } from './report.ts'
import type { Call, OpenSuite, Stage, Suite } from './scenario.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
  },
})
const [rounds, seconds, connections] = [
  positive('rounds', values.rounds),
  positive('seconds', values.seconds),
  positive('connections', values.connections),
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
  const suite = await open()
  const dataDir = mkdtempSync(join(tmpdir(), 'lso-trust-bench-'))
  const [port, barePort] = [await freePort(), await freePort()]
  const adminToken = randomBytes(32).toString('base64url')
  const service = await startService({
    port,
    dataDir,
    env: {
      ...suite.variables,
      PUBLIC_URL: `http://localhost:${port}`,
      ADMIN_TOKEN: adminToken,
      SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
      RATE_LIMIT: '0',
      LOG_LEVEL: 'silent',
    },
    output: 'collect',
    beside: [{ worker: await builtBareWorker(), port: barePort }],
  })
  try {
    const bare: Measured = {
      name: 'bare JSON route (Hono, same process)',
      origin: `http://127.0.0.1:${barePort}`,
      status: 200,
      next: () => ({ method: 'GET', path: '/', headers: {} }),
      rounds: [],
    }
    const measured = [bare, ...(await prepared(suite, service.url, port, adminToken))]
    await interleave(measured, cpuMeter(service.pid))
    const [bareSummary, ...summaries] = measured.map(summarize) as [Summary, ...Summary[]]
    report(name, bareSummary, summaries)
  } finally {
    await service.kill()
    await suite.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function prepared(
  suite: Suite,
  url: string,
  port: number,
  adminToken: string,
): Promise<Measured[]> {
  const stage: Stage = { url, adminToken, ask: (call, expected) => ask(url, call, expected) }
  const measured: Measured[] = []
  for (const scenario of suite.scenarios) {
    const { name, status } = scenario
    const next = await scenario.prepare(stage)
    measured.push({ name, status, next, origin: `http://127.0.0.1:${port}`, rounds: [] })
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
async function interleave(
  measured: readonly Measured[],
  cpu: (() => number) | undefined,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const each of measured) await measureRound(each, connections, seconds * 1000, cpu)
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
  }
}

function report(suite: string, bare: Summary, summaries: readonly Summary[]): void {
  const machine = `${availableParallelism()} CPUs, ${cpus()[0]?.model ?? 'unknown'}`
  const conditions = `${rounds} rounds of ${seconds} s, ${connections} connections, RATE_LIMIT=0, logs off`
  process.stdout.write(`\n${suite}: ${conditions}; ${machine}\n\n${table(bare, summaries)}\n\n`)
  if (process.platform !== 'linux') process.stdout.write('CPU per request: on Linux only\n')
  const folder = join(PROJECT, 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const file = join(folder, `${suite}-${at.replaceAll(':', '-')}.json`)
  const figures = { suite, at, rounds, seconds, connections, machine, bare, summaries }
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
  for (const { name, failures } of [bare, ...summaries].filter((each) => each.failures > 0)) {
    process.stdout.write(`${name}: ${failures} answers were not as expected\n`)
    process.exitCode = 1
  }
}
