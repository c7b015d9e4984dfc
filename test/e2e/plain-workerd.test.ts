import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { builtWorker } from '../../scripts/bundle.ts'
import { freePort } from '../../scripts/free-port.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import type { Variables } from '../../scripts/variables.ts'
import { startService, type RunningService } from '../../scripts/workerd.ts'

let folder: string
let port: number
let good: Variables

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lso-trust-plain-'))
  port = await freePort()
  good = {
    PUBLIC_URL: `http://localhost:${port}`,
    ADMIN_TOKEN: 'test-only-admin-token',
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const start = (env: Variables, beside: Parameters<typeof startService>[0]['beside'] = []) =>
  startService({ port, dataDir: join(folder, 'state'), env, output: 'collect', beside })

describe('the configuration of the service', () => {
  it('is good when the required three are there', async () => {
    const service = await start(good)
    expect((await fetch(`${service.url}/health`)).status).toBe(200)
    await service.stop()
    expect(await service.ended).toBe(0)
  })

  it.each([
    { when: 'PUBLIC_URL is missing', change: { PUBLIC_URL: '' }, names: 'PUBLIC_URL' },
    {
      when: 'PUBLIC_URL is an address',
      change: { PUBLIC_URL: 'https://192.0.2.1' },
      names: 'PUBLIC_URL',
    },
    { when: 'ADMIN_TOKEN is missing', change: { ADMIN_TOKEN: '' }, names: 'ADMIN_TOKEN' },
    { when: 'SIGNING_KEYS is missing', change: { SIGNING_KEYS: '' }, names: 'SIGNING_KEYS' },
    { when: 'SIGNING_KEYS is no JSON', change: { SIGNING_KEYS: '{' }, names: 'SIGNING_KEYS' },
    {
      when: 'SIGNING_KEYS is empty',
      change: { SIGNING_KEYS: '{"keys":[]}' },
      names: 'SIGNING_KEYS',
    },
    { when: 'RATE_LIMIT is no number', change: { RATE_LIMIT: '-1' }, names: 'RATE_LIMIT' },
    {
      when: 'CLIENT_IP_HEADER is no name',
      change: { CLIENT_IP_HEADER: 'a b' },
      names: 'CLIENT_IP_HEADER',
    },
    { when: 'LOG_LEVEL is unknown', change: { LOG_LEVEL: 'loud' }, names: 'LOG_LEVEL' },
    {
      when: 'STATUS_LIST_THRESHOLD is more than 80 % of a list',
      change: { STATUS_LIST_THRESHOLD: '104858' },
      names: 'STATUS_LIST_THRESHOLD',
    },
    {
      when: 'a local host has no port',
      change: { DID_WEB_LOCAL_HOSTS: 'localhost' },
      names: 'DID_WEB_LOCAL_HOSTS',
    },
  ])('ends the start by name when $when', async ({ change, names }) => {
    await expect(start({ ...good, ...change })).rejects.toThrow(names)
  })
})

describe('the state of the service', () => {
  it('is refused to a second process while the first lives, and free after SIGKILL', async () => {
    const dataDir = join(folder, 'state')
    const first = await start(good)
    const second = { port: await freePort(), dataDir, env: good, output: 'collect' } as const
    await expect(startService(second)).rejects.toThrow(`DATA_DIR is in use by process ${first.pid}`)
    await first.kill()
    const successor = await startService(second)
    expect((await fetch(`${successor.url}/health`)).status).toBe(200)
    await successor.kill()
  })

  it('is refused where it cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(
      startService({ port, dataDir: join(file, 'state'), env: good, output: 'collect' }),
    ).rejects.toThrow('DATA_DIR')
  })
})

describe('npm run serve', () => {
  const script = fileURLToPath(new URL('../../scripts/serve.ts', import.meta.url))
  let serve: ChildProcess | undefined

  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    )
  async function launch(): Promise<ChildProcess> {
    const env = { ...process.env, ...good, PORT: String(port), DATA_DIR: join(folder, 'served') }
    const node = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', script]
    serve = spawn(process.execPath, node, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const { stdout } = serve
    await new Promise<void>((resolve) => {
      stdout?.on('data', (words) => {
        if (String(words).includes('listening')) resolve()
      })
    })
    return serve
  }
  afterEach(() => serve?.kill('SIGKILL'))

  it('says where it listens and ends with 0 on SIGTERM', async () => {
    const launched = await launch()
    expect(await isUp()).toBe(true)
    launched.kill('SIGTERM')
    expect(await once(launched, 'exit')).toEqual([0, null])
    expect(await isUp()).toBe(false)
  })

  it.runIf(process.platform === 'linux')('leaves no service behind on SIGKILL', async () => {
    const launched = await launch()
    expect(await isUp()).toBe(true)
    launched.kill('SIGKILL')
    await once(launched, 'exit')
    await expect.poll(isUp).toBe(false)
  })
})

/** A worker that fetches whatever it is asked to: the network's rules alone stand in its way. */
const PROBE = `export default {
  async fetch(request) {
    try {
      const answer = await fetch(new URL(request.url).searchParams.get('url'), { signal: AbortSignal.timeout(1500) })
      return new Response('reached, ' + answer.status)
    } catch (error) {
      return new Response(String(error))
    }
  },
}`

describe('the way out of the service', () => {
  let service: RunningService
  let canary: Server
  let canaryPort: number
  let probePort: number
  const visits: string[] = []

  beforeAll(async () => {
    ;[canaryPort, probePort] = [await freePort(), await freePort()]
    const did = `did:web:localhost%3A${canaryPort}`
    canary = createServer((request, answer) => {
      visits.push(request.url ?? '')
      answer.setHeader('Content-Type', 'application/did+json')
      answer.end(JSON.stringify({ '@context': ['https://www.w3.org/ns/did/v1'], id: did }))
    }).listen(canaryPort)
    await once(canary, 'listening')
    const bundle = join(folder, 'probe.js')
    writeFileSync(bundle, PROBE)
    const worker = { ...(await builtWorker()), name: 'probe', durableObjects: [], bundle }
    const env = { ...good, DID_WEB_LOCAL_HOSTS: `localhost:${canaryPort}` }
    service = await start(env, [{ worker, port: probePort }])
  })
  afterAll(async () => {
    await service.kill()
    canary.closeAllConnections()
    canary.close()
  })

  const probe = async (url: string) => {
    const asked = `http://127.0.0.1:${probePort}/?url=${encodeURIComponent(url)}`
    return await (await fetch(asked)).text()
  }

  it('leads to a host of DID_WEB_LOCAL_HOSTS, through its own binding', async () => {
    const did = `did:web:localhost%253A${canaryPort}`
    const answer = await fetch(`${service.url}/1.0/identifiers/${did}`)
    expect(answer.status).toBe(200)
    expect(visits).toEqual(['/.well-known/did.json'])
  })

  it.each([
    ...['localhost', '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0.0.0.0', '0.1.2.3'],
    ...['[::1]', '[::]', '[::ffff:7f00:1]', '[::7f00:1]', '[::ffff:0:7f00:1]'],
    ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '192.0.0.1'],
    ...['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.88.99.1'],
    ...['224.0.0.1', '240.0.0.1', '255.255.255.255', '[ff02::1]'],
    ...['[fd00::1]', '[fe80::1]', '[fec0::1]', '[100::1]', '[5f00::1]', '[2001:db8::1]'],
    ...['[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001::1]', '[3fff::1]'],
  ])('D9: leads nowhere for %s, before a packet is sent', async (host) => {
    const before = visits.length
    const said = service.output().length
    expect(await probe(`http://${host}:${canaryPort}/`)).toMatch(/^Error: internal error/)
    await expect.poll(() => service.output().slice(said)).toContain('is not allowed')
    expect(visits).toHaveLength(before)
  })
})
