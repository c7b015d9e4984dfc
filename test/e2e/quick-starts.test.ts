import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { freePort } from '../../scripts/free-port.ts'
import { PROJECT } from '../../scripts/project.ts'
import { blocksIn } from '../support/examples.ts'
import { startTestService, type TestService } from '../support/service.ts'

/* The three quick starts, line by line, in one shell as their readers would type them. */

const LSO = `'${process.execPath}' --experimental-strip-types --disable-warning=ExperimentalWarning '${join(PROJECT, 'scripts/lso.ts')}'`
const PAGES = ['operator', 'buyer', 'authorization-server'] as const
const MARK = '--- page '

let service: TestService, folder: string
/** What the blocks of each page wrote, in their order. */
let said: ReadonlyMap<string, string>

beforeAll(async () => {
  const [buyer, server] = [await freePort(), await freePort()]
  service = await startTestService({ DID_WEB_LOCAL_HOSTS: `localhost:${buyer}`, RATE_LIMIT: '0' })
  folder = mkdtempSync(join(tmpdir(), 'lso-quick-starts-'))
  symlinkSync(join(PROJECT, 'examples'), join(folder, 'examples'))
  writeFileSync(join(folder, '.dev.vars'), `ADMIN_TOKEN='${service.adminToken}'\n`)
  const ports = { 8787: Number(new URL(service.url).port), 8788: buyer, 3000: server }
  const here = (text: string) =>
    Object.entries(ports).reduce((all, [port, own]) => all.replaceAll(port, String(own)), text)
  const script = PAGES.flatMap((page) => [
    `echo '${MARK}${page}'`,
    ...blocksIn(join(PROJECT, `docs/quick-start-${page}.md`), 'sh').map(here),
  ]).join('\n')
  const { code, output } = await sh(script)
  expect([code, output]).toEqual([0, expect.any(String)])
  said = new Map(
    output
      .split(MARK)
      .slice(1)
      .map((text) => {
        const end = text.indexOf('\n')
        return [text.slice(0, end), text.slice(end + 1)]
      }),
  )
}, 120_000)

afterAll(async () => {
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The examples as `npm run -s example:…` starts them, but in the folder of the test. */
const EXAMPLES = Object.entries(manifest.scripts)
  .filter(([name]) => name.startsWith('example:'))
  .map(([name, command]) => `[ "$3" != ${name} ] || exec ${command}`)
  .join('\n')

/** Runs a script in a shell in which `npx` and `npm` find nothing but ours; what it started ends with it. */
function sh(script: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const npx = `npx() { [ "$1" = lso ] && shift && ${LSO} "$@"; }`
  const npm = `npm() { (\n${EXAMPLES}\nexit 127\n) }`
  const child = spawn('bash', ['-euc', [npx, npm, script].join('\n')], {
    cwd: folder,
    env: { PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it left running can be ended with it.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.on('exit', () => {
    try {
      process.kill(-Number(child.pid), 'SIGKILL')
    } catch {
      // It left nobody behind.
    }
  })
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, output })
    })
  })
}

describe('the quick starts', () => {
  it('the operator creates a registrar and a verifier, attests a company, and verifies that', () => {
    const text = said.get('operator')
    expect(text).toContain('Verdict: valid\nTrust: trusted')
    expect(text).toContain('Chain: unbroken')
    expect(text).toContain('"status":"ok"')
  })

  it('the buyer makes a key, publishes its DID document, and registers', () => {
    const text = said.get('buyer')
    expect(text).toContain('"https://buyer.example/callback"')
    expect(text).toContain('"can_redirect": true')
    expect(text?.match(/Outcome: accepted/g)).toHaveLength(2)
  })

  it('the authorization server lets the buyer in, and refuses it once it is revoked', () => {
    const [before = '', after = ''] = (said.get('authorization-server') ?? '').split('refused: ')
    expect(before).toContain('a dpop token for')
    expect(after).toMatch(/^invalid_client\nexit code 1\n/)
    expect(after).toContain('Status: revoked')
    expect(after.match(/exit code 1/g)).toHaveLength(2)
  })
})
