import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { problemOf } from '../../src/http/output/problem.ts'
import { blocksIn } from '../support/examples.ts'
import { aBuyerHost, type BuyerHost } from '../support/participants.ts'
import { startTestService, type TestService } from '../support/service.ts'

/* The command line, as its users start it, against the production bundle on plain workerd. */

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const LSO = `'${process.execPath}' --experimental-strip-types --disable-warning=ExperimentalWarning '${PROJECT}scripts/lso.ts'`

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

let service: TestService
let buyer: BuyerHost
let folder: string

/** Runs a script of a shell in which `npx` finds nothing but our command. */
function sh(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const npx = `npx() { [ "$1" = lso ] && shift && ${LSO} "$@"; }\n`
  const child = spawn('bash', ['-euc', `${npx}${script}`], {
    cwd: folder,
    env: {
      PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
      LSO_URL: service.url,
      ADMIN_TOKEN: service.adminToken,
      ...env,
    },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, ...said })
    })
  })
}
const lso = (args: string, env: Readonly<Record<string, string>> = {}) => sh(`npx lso ${args}`, env)
/** Many calls in one process, which is quicker: what each wrote, wherever to, and its exit code. */
async function inOneProcess(calls: readonly string[]): Promise<readonly Ended[]> {
  const words = calls.map((args) => args.split(' ').filter((word) => word !== ''))
  writeFileSync(
    inFolder('calls.mjs'),
    `import { runLso } from ${JSON.stringify(`${PROJECT}scripts/lso/program.ts`)}
const write = process.stdout.write.bind(process.stdout)
let said = ''
for (const stream of [process.stdout, process.stderr]) stream.write = (text) => ((said += text), true)
for (const args of ${JSON.stringify(words)}) {
  said = ''
  process.exitCode = 0
  await runLso(args)
  write(JSON.stringify({ code: process.exitCode, stdout: said, stderr: '' }) + '\\n')
}
process.exitCode = 0
`,
  )
  const { stdout } = await sh('node --experimental-strip-types calls.mjs')
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Ended)
}

const inFolder = (name: string): string => join(folder, name)

/** The documentation speaks of participants that nobody can reach. */
const here = (text: string): string =>
  text
    .replaceAll('did:web:buyer.example', buyer.did)
    .replaceAll('did:web:trust.example', `did:web:${new URL(service.url).host.replace(':', '%3A')}`)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lso-cli-'))
  buyer = await aBuyerHost()
  service = await startTestService({ DID_WEB_LOCAL_HOSTS: buyer.host })
})
afterAll(async () => {
  buyer.stop()
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('lso, as docs/lso.md shows it', () => {
  const blocks = blocksIn(`${PROJECT}docs/lso.md`, 'sh')
  const tokens: Record<string, string> = {}
  const run = async (block: string): Promise<Ended> => {
    const variables = `declare -p REGISTRAR SELLER CREDENTIAL LSO_TOKEN 2> /dev/null > variables || true`
    const ended = await sh(`${here(block)}\n${variables}`, tokens)
    expect(ended.stderr).not.toMatch(/at .*\.ts:\d+/)
    expect({ ...ended, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: ended.stderr })
    for (const [, name = '', value = ''] of readFileSync(inFolder('variables'), 'utf8').matchAll(
      /^declare -\S+ (\w+)="(.*)"$/gm,
    ))
      tokens[name] = value
    return ended
  }

  it('makes a key that only its owner can read, and a did.json', async () => {
    const { stdout } = await run(blocks[0] ?? '')
    expect(statSync(inFolder('buyer.jwk.json')).mode & 0o777).toBe(0o600)
    expect(stdout).toContain('as application/did+json')
    expect(stdout).not.toContain('"d"')
    buyer.document = readFileSync(inFolder('did.json'), 'utf8')
  })

  it('R3, R19: shows the DID as others see it', async () => {
    const { stdout } = await run(blocks[1] ?? '')
    expect(stdout).toContain('"https://buyer.example/callback"')
    expect(stdout).toContain('"can_redirect": true')
  })

  it('creates instances, and issues one and many', async () => {
    await run(blocks[2] ?? '')
    const { stdout } = await run(blocks[3] ?? '')
    expect(stdout).toContain('Issued: 1\nRefused: 0')
    expect(tokens['CREDENTIAL']).toContain('/issuers/registrar/credentials/')
  })

  it('verifies by a policy that it changes', async () => {
    const { stdout } = await run(blocks[4] ?? '')
    const [before = '', after = ''] = stdout.split('exit code 1')
    expect(before).toContain('Trust: untrusted')
    expect(after).toContain('Verdict: valid\nTrust: trusted')
    expect(stdout.match(/exit code 1/g)).toHaveLength(2)
  })

  it('decides once more from the evidence alone, and proves that nobody changed it', async () => {
    const { stdout } = await run(blocks[5] ?? '')
    expect(stdout).toContain('Outcome: same\nThen: valid, trusted\nNow: valid, trusted')
    expect(stdout).toContain('Evidence: unchanged')
  })

  it('R16: registers as a client, and verifies the decision by itself', async () => {
    const { stdout } = await run(blocks[6] ?? '')
    expect(stdout).toContain('Outcome: accepted')
    expect(stdout).toContain('Status: active')
    expect((await run(blocks[7] ?? '')).stdout).toContain('Decision: holds')
  })

  it('R19: shows how its document changed, and which hosts wait', async () => {
    const { stdout } = await run(blocks[8] ?? '')
    expect(stdout).toMatch(/^\d{4}-\S+Z document \S{43}\nWaiting: 0\n$/m)
  })

  it('K4: changes the key that signs, says how the keys stand, and calls it off', async () => {
    const { stdout } = await run(blocks[9] ?? '')
    expect(stdout).toContain('Signs: dev-p384\nFrom: ')
    expect(stdout).toMatch(/^dev-p384: published, signs from \S+, 0 live credentials$/m)
    expect(stdout).toMatch(/^dev-ed25519: signing, \d+ live credentials$/m)
    expect(stdout).toContain('Withdrawn: dev-p384')
  })

  it('revokes, and says so from then on', async () => {
    const { stdout } = await run(blocks[10] ?? '')
    const [before = '', ...afterwards] = stdout.split('Status: revoked')
    expect(before).toContain('Status: active')
    expect(before).toContain('Would change: 2')
    expect(afterwards).toHaveLength(3)
    expect(stdout.match(/exit code 1/g)).toHaveLength(3)
    expect(stdout).toContain('The issuer revoked it. Ask the issuer for a new one.')
  })

  it('walks the audit chain, exports, and is refused what is there already', async () => {
    const { stdout, stderr } = await run(blocks[11] ?? '')
    expect(stdout.match(/Chain: unbroken/g)).toHaveLength(2)
    expect(stdout).toMatch(/^1 \S+ admin instance\.create /m)
    expect(stderr).toContain('[instance_exists]')
    expect(stdout).toContain('exit code 1')
    expect(readdirSync(folder)).toContain('registrar.ndjson')
    expect(readdirSync(folder)).not.toContain('registrar.ndjson.part')
    expect(readdirSync(folder)).toContain('seller.ndjson')
    expect(blocks).toHaveLength(12)
  })
})

describe('lso, beyond what docs/lso.md shows', () => {
  const tokenIn = (file: string) =>
    (JSON.parse(readFileSync(inFolder(file), 'utf8')) as { readonly token: string }).token
  const asSeller = () => ({ LSO_TOKEN: tokenIn('seller.json') })

  it('follows clients from a cursor on, until it is interrupted', async () => {
    const words = 'status --follow --verifier seller --poll 1 --json'.split(' ')
    const child = spawn(
      process.execPath,
      ['--experimental-strip-types', `${PROJECT}scripts/lso.ts`, ...words],
      {
        env: { LSO_URL: service.url, ...asSeller() },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    let [said, interrupted] = ['', false]
    const ended = new Promise((resolve) => child.on('close', resolve))
    for await (const text of child.stdout.setEncoding('utf8')) {
      said += String(text)
      // A second interruption would end it at once.
      if (!interrupted && said.includes('revoked')) interrupted = child.kill('SIGINT')
    }
    expect(await ended).toBe(0)
    const [first, second] = said.split('\n').map((line) => (line.startsWith('{"') ? line : '{}'))
    expect(JSON.parse(first ?? '{}')).toMatchObject({ client_id: buyer.did, status: 'active' })
    expect(JSON.parse(second ?? '{}')).toMatchObject({ client_id: buyer.did, status: 'revoked' })
  })

  it('shows what strangers wrote so that it cannot move a cursor', async () => {
    const [did, before] = [`${buyer.did}:strange`, buyer.document]
    const csi = String.fromCodePoint(0x9b)
    buyer.document = JSON.stringify({ id: did, alsoKnownAs: [`https://a.example/${csi}2J`] })
    const { code, stdout } = await lso(`resolve ${did}`)
    buyer.document = before
    expect(code).toBe(0)
    expect(stdout).not.toContain(csi)
    expect(JSON.parse(stdout)).toMatchObject({ alsoKnownAs: [`https://a.example/${csi}2J`] })
  })

  it('R19, V16: lists a redirect host that waits, approves it once, and shows when it came', async () => {
    const document = JSON.parse(buyer.document ?? '{}') as { service: object[] }
    const serviceEndpoint = 'https://new.buyer.example/callback'
    document.service.push({ id: '#new', type: 'OAuthRedirect', serviceEndpoint })
    buyer.document = JSON.stringify(document)
    // Its copy of the document would be good for another while.
    await service.killAndRestart()
    const asked = '--verifier seller --audience https://as.seller.example --key buyer.jwk.json'
    const [registrar, seller] = [tokenIn('registrar.json'), tokenIn('seller.json')]
    const outcomes = await inOneProcess([
      `issue legal-entity.json --issuer registrar --out again.vc.jwt --token ${registrar}`,
      `register ${asked} --credential again.vc.jwt`,
      `holds list ${buyer.did} --verifier seller --json --token ${seller}`,
    ])
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 1])
    const { items } = JSON.parse(outcomes[2]?.stdout ?? '{}') as {
      readonly items: readonly [{ readonly id: string; readonly host: string }]
    }
    expect(items[0].host).toBe('new.buyer.example')
    const hold = `${buyer.did} ${items[0].id} --verifier seller --token ${seller}`
    const decided = await inOneProcess([
      `holds approve ${hold}`,
      `holds reject ${hold}`,
      `holds list ${buyer.did} --verifier seller --token ${seller}`,
      `status ${buyer.did} --verifier seller --token ${seller}`,
      `history ${buyer.did} --verifier seller --token ${seller}`,
    ])
    expect(decided.map(({ code }) => code)).toEqual([0, 1, 0, 0, 0])
    const [approved, again, listed, , history] = decided.map(({ stdout }) => stdout)
    expect(approved).toContain('State: approved')
    expect(again).toContain('[hold_decided]')
    expect(listed).toContain('Waiting: 0\n')
    expect(history).toContain('The redirect host new.buyer.example is new.')
  })

  it('leaves nothing half-written where an export breaks off', async () => {
    const gone = await lso('export --issuer registrar --out none/registrar.ndjson', {
      LSO_TOKEN: tokenIn('registrar.json'),
    })
    expect(gone).toMatchObject({ code: 2, stdout: '' })
    expect(gone.stderr).toContain('cannot be written: ENOENT')
  })

  it('takes an export for what it is of', async () => {
    const calls = ['seller', 'registrar', 'buyer.jwk'].map(
      (file) =>
        `import ${file}.${file === 'buyer.jwk' ? 'json' : 'ndjson'} --token ${service.adminToken}`,
    )
    const ended = await inOneProcess(calls)
    for (const [at, code] of ['instance_exists', 'instance_exists', 'json_invalid'].entries())
      expect(ended[at]).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(`[${code}]`) as unknown,
      })
  })

  it('edits a policy in an editor, shows what it would change, and asks before it counts', async () => {
    const edit = 'policy edit --verifier seller'
    const editor = { ...asSeller(), EDITOR: 'sed -i s/deny/allow/' }
    const unasked = await lso(edit, editor)
    expect(unasked).toMatchObject({ code: 2 })
    expect(unasked.stderr).toContain('use --yes')
    const put = await lso(`${edit} --yes`, editor)
    expect(put).toMatchObject({ code: 0 })
    expect(put.stdout).toContain('Decisions: ')
    expect(put.stdout).toContain('"delegation": "allow"')
    const same = await lso(`${edit} --yes`, { ...asSeller(), EDITOR: 'true' })
    expect(same.stdout).toBe('Nothing was changed.\n')
  })
})

describe('the exit codes of lso', () => {
  it('2: wrong calls, each with its mend', async () => {
    writeFileSync(inFolder('broken.json'), '{')
    writeFileSync(inFolder('taken'), 'x')
    const calls: readonly (readonly [args: string, said: string])[] = [
      ['', 'Usage: lso'],
      ['frobnicate', "unknown command 'frobnicate'"],
      ['verify', "required option '--verifier <id>'"],
      ['verify nowhere.jwt --verifier seller', 'nowhere.jwt cannot be read: ENOENT'],
      ['issue broken.json --issuer registrar', 'broken.json is not JSON'],
      ['keygen --out taken', 'taken exists already'],
      ['keygen --alg RS256 --out new', 'Allowed choices are EdDSA, ES256, PS256'],
      ['did did:key:z6Mk --key taken', 'must be a did:web'],
      ['status --verifier seller', 'Name the URL of a credential'],
      ['audit verify', 'Say whose records: --issuer or --verifier'],
      ['audit show --issuer a --verifier b', 'Say whose records: --issuer or --verifier'],
      ['export --out new', 'Say whose it is: --issuer or --verifier'],
      ['rotate --issuer registrar --retire', 'Name the key'],
      ['rotate k2 --issuer registrar --retire --compromised k1', 'exclude each other'],
      ['rotate k2 --issuer registrar --overlap soon', 'soon is no whole number'],
      ['import nowhere.ndjson', 'nowhere.ndjson cannot be read: ENOENT'],
      ['resolve did:web:a.example --url https://a.example/path', 'not an origin'],
      ['policy show --verifier seller --token nonsense', '[token_invalid]'],
      ['policy show --verifier seller --token nonsense', problemOf('', 'token_invalid').detail],
      ['policy show --verifier seller --url http://trust.example --token t', '[url_not_secure]'],
    ]
    const ended = await inOneProcess(calls.map(([args]) => args))
    expect(ended).toHaveLength(calls.length)
    for (const [at, { code, stdout, stderr }] of ended.entries()) {
      expect([calls[at]?.[0], code]).toEqual([calls[at]?.[0], 2])
      expect(`${stdout}${stderr}`).toContain(calls[at]?.[1])
    }
  })

  it('1: the service says no, in its own words', async () => {
    const { code, stderr } = await lso('resolve did:example:1')
    expect({ code, stderr }).toMatchObject({ code: 1 })
    expect(stderr).toContain('[did_method_not_supported]')
  })

  it('3: nobody is there, or something else', async () => {
    const away = await lso('resolve did:web:a.example --url http://localhost:1')
    expect(away).toMatchObject({ code: 3, stdout: '' })
    expect(away.stderr).toContain('GET /health answers 200')
    buyer.mediaType = 'text/html'
    const other = await lso(`resolve did:web:a.example --json --url http://${buyer.host}`)
    buyer.mediaType = 'application/did+json'
    expect(other.code).toBe(3)
    expect(JSON.parse(other.stdout)).toMatchObject({ error: { reason: 'answer_not_json' } })
  })

  it('1: a key that the DID document does not list is found before anything is presented', async () => {
    const made = await lso(`keygen --did ${buyer.did} --name stolen --out stolen.jwk.json`)
    expect(made.code).toBe(0)
    const { code, stderr } = await lso(
      'register --verifier seller --audience https://as.seller.example --key stolen.jwk.json --credential buyer.vc.jwt',
    )
    expect(stderr).toContain('[holder_key_not_listed]')
    expect(code).toBe(1)
  })

  it('0: help has an example, for every command', async () => {
    const { stdout } = await lso('--help')
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name)
    const commands = names.flatMap((name) =>
      name === 'policy'
        ? ['show', 'put', 'edit', 'trust', 'dry-run'].map((sub) => `policy ${sub}`)
        : name === 'audit'
          ? ['audit verify', 'audit show']
          : name === 'create'
            ? ['create issuer', 'create verifier']
            : name === 'holds'
              ? ['list', 'approve', 'reject'].map((sub) => `holds ${sub}`)
              : name === 'decisions'
                ? ['list', 'replay', 'prove'].map((sub) => `decisions ${sub}`)
                : name === 'help'
                  ? []
                  : [name],
    )
    expect(commands.length).toBeGreaterThan(15)
    const helps = await inOneProcess(commands.map((command) => `${command} --help`))
    expect(helps.map(({ code }) => code)).toEqual(commands.map(() => 0))
    for (const { stdout: help } of helps) expect(help).toContain('Example:\n  ')
  })
})

it('tells on standard error how far a long batch is, and keeps standard output for the answer', async () => {
  const created = await lso('create issuer busy --name Busy --key dev-ed25519 --json', {
    LSO_TOKEN: service.adminToken,
  })
  const { token } = JSON.parse(created.stdout) as { readonly token: string }
  const line = `${JSON.stringify(legalEntity(buyer.did))}\n`
  writeFileSync(inFolder('many.ndjson'), line.repeat(400))
  const ended = await lso('issue many.ndjson --batch --issuer busy --json', { LSO_TOKEN: token })
  expect(ended.code).toBe(0)
  expect(ended.stderr).toMatch(/^\d+ of 400 credentials$/m)
  expect(JSON.parse(ended.stdout)).toMatchObject({ issued: 400, refused: 0 })
})
