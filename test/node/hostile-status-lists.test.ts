import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { compactVerify, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { createGuardedFetch } from '../../src/adapters/fetch/guarded-fetch.ts'
import { platformCompression } from '../../src/adapters/system/compression.ts'
import type { Did } from '../../src/domain/did/did.ts'
import { publicJwk } from '../../src/domain/jwk.ts'
import { ok, refuse } from '../../src/domain/result.ts'
import { dateTimeStamp } from '../../src/domain/time.ts'
import { fetchStatusList } from '../../src/use-cases/fetch-status-list.ts'
import { bombOf } from '../support/bomb.ts'
import { NOW } from '../support/did-documents.ts'
import { NOTHING_HOSTED, setClock } from '../support/fake-fetch.ts'
import { startCanary, type Canary } from './canary.ts'
import { behaviours, startHostileHost, type HostileHost } from './hostile-host.ts'

let canary: Canary
let host: HostileHost
let lists: Server
let issuer: { readonly did: Did; readonly kid: string; readonly privateKey: CryptoKey }
let needs: Parameters<typeof fetchStatusList>[0]
/** Lists that the issuer signed, by path. */
const signed = new Map<string, string>()

const originOf = (port: number) => `http://localhost:${String(port)}`
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

beforeAll(async () => {
  canary = await startCanary()
  host = await startHostileHost(canary.port)
  lists = createServer((request, response) => {
    const list = signed.get(request.url ?? '')
    response.writeHead(200, { 'Content-Type': 'application/vc+jwt' }).end(list)
  }).listen(0, '127.0.0.1')
  await once(lists, 'listening')
  const { port } = lists.address() as AddressInfo
  const clock = setClock(NOW)
  const local = { fetch: (url: string, init: RequestInit) => fetch(url, init) }
  const guardedFetch = createGuardedFetch({
    clock,
    localHosts: new Map([host.port, port].map((one) => [`localhost:${String(one)}`, local])),
    fetch: () => Promise.reject(new Error('a test must not leave this machine')),
  })
  needs = {
    guardedFetch,
    compression: platformCompression,
    didResolver: createDidResolver({ clock, fetch: guardedFetch, hosted: NOTHING_HOSTED }),
    signatureVerifier: {
      verify: async ({ compact, alg }, jwk) =>
        compactVerify(compact, await importJWK({ ...jwk }, alg)).then(
          () => ok(true),
          () => refuse({ reason: 'signature_invalid' }),
        ),
    },
  }
  issuer = await anIssuer()
  const sound = base64url(gzipSync(new Uint8Array(16 * 1024)))
  const packed = {
    sound,
    cut: sound.slice(0, -8),
    // The one is small enough to be fetched at all, the other is not.
    bomb: base64url(await bombOf(64, 'gzip')),
    'large-bomb': base64url(await bombOf(256, 'gzip')),
  }
  for (const [name, bits] of Object.entries(packed))
    signed.set(`/${name}`, await listOf(`${originOf(port)}/${name}`, bits))
})
afterAll(async () => {
  lists.close()
  await host.close()
  await canary.close()
})

async function anIssuer(): Promise<typeof issuer> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA')
  const jwk = publicJwk(await exportJWK(publicKey))
  if (!jwk.ok) throw new Error(jwk.refusal.reason)
  const did = didKeyOf(jwk.value)
  return { did, kid: `${did}#${did.slice('did:key:'.length)}`, privateKey }
}

const listOf = (url: string, packed: string): Promise<string> =>
  new SignJWT({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: issuer.did,
    validFrom: dateTimeStamp(NOW),
    credentialSubject: {
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: `u${packed}`,
    },
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: issuer.kid, typ: 'vc+jwt', cty: 'vc' })
    .sign(issuer.privateKey)

async function read(url: string) {
  const question = { mechanism: 'BitstringStatusList', url, issuer: issuer.did } as const
  const started = performance.now()
  const fetched = await fetchStatusList(needs, question, NOW, { take: () => true })
  return {
    answer: fetched.ok ? 'read' : fetched.refusal.reason,
    said: JSON.stringify(fetched),
    seconds: (performance.now() - started) / 1_000,
  }
}

const ownList = (name: string) => read(`${originOf((lists.address() as AddressInfo).port)}/${name}`)

/** Served with a good answer, and no list of this issuer. */
const NOT_AUTHENTIC = [
  'length-too-small',
  'refresh-header',
  'html',
  'image',
  'no-type',
  'null',
  'list',
  'text',
  'empty',
  'truncated',
  'utf8',
  'twice',
  'nested',
  'wrong-id',
]
const TOO_LARGE = ['endless', 'two-hundred-mebibytes', 'gzip-bomb']

const reasonFor = (name: string): string =>
  NOT_AUTHENTIC.includes(name)
    ? 'status_list_not_authentic'
    : TOO_LARGE.includes(name)
      ? 'status_list_too_large'
      : 'status_list_unavailable'

const MEBIBYTE = 1024 * 1024

describe('hostile hosts of status lists (goal G6)', () => {
  it('reads a sound list: the control of what follows', async () => {
    expect((await ownList('sound')).answer).toBe('read')
  })

  it.each([
    { row: 'S1', name: 'bomb', reason: 'status_list_too_large' },
    { row: 'S1', name: 'large-bomb', reason: 'status_list_too_large' },
    { row: 'S2', name: 'cut', reason: 'status_list_invalid' },
    { row: 'S7', name: 'nothing', reason: 'status_list_not_authentic' },
  ])('$row: refuses the list "$name" at once', async ({ name, reason }) => {
    const before = process.memoryUsage().rss
    const { answer, seconds } = await ownList(name)
    expect(answer).toBe(reason)
    expect(seconds).toBeLessThan(1)
    expect((process.memoryUsage().rss - before) / MEBIBYTE).toBeLessThan(64)
  })

  it('S9, S11, D10, D11, D12: ends each behaviour in time, in little memory', async () => {
    const names = Object.keys(behaviours(0))
    expect(names.length).toBeGreaterThan(25)
    const before = process.memoryUsage().rss
    const outcomes = await Promise.all(
      names.map(async (name) => ({
        name,
        ...(await read(`${originOf(host.port)}/${name}/list`)),
      })),
    )
    for (const { name, answer, said, seconds } of outcomes) {
      expect({ name, answer }).toEqual({ name, answer: reasonFor(name) })
      expect(seconds).toBeLessThan(6)
      expect(said).not.toContain('secret')
    }
    expect((process.memoryUsage().rss - before) / MEBIBYTE).toBeLessThan(64)
    expect(canary.visits()).toBe(0)
    expect(new Set(host.requests)).toEqual(new Set(names))
  }, 20_000)
})
