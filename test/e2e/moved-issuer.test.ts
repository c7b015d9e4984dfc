import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, call, codesOf, textAt, type Json } from '../../scripts/demo/http.ts'
import {
  createIssuer,
  draft,
  listing,
  listsOf,
  placesOf,
  post,
  published,
  statusOf,
  tokenIn,
  type ProvedIssuer,
} from '../../scripts/proofs/issuer.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import { startTestService, type TestService } from '../support/service.ts'

/*
 * An issuer leaves one deployment and lives on in another that has its name, its keys and nothing else:
 * the first one is stopped before the second one is asked anything.
 */

interface Credential {
  readonly name: string
  readonly token: string
  readonly status: 'active' | 'suspended' | 'revoked'
}

const SCHEMA = {
  properties: { credentialSubject: { properties: { level: { enum: ['gold'] } } } },
}

let successor: TestService
/** The issuer where it was, and where it is. */
let left: ProvedIssuer, moved: ProvedIssuer
let reader: ProvedIssuer
let archive: string
let imported: Json
const credentials: Credential[] = []
const before: {
  audit?: Json
  listing?: ReadonlyMap<string, string>
  lists: Map<string, readonly Uint8Array[]>
} = { lists: new Map() }

const issue = async (issuer: ProvedIssuer, name: string): Promise<string> => {
  const { status, body } = await post(
    issuer,
    '/credentials/issue',
    draft(name, ['revocation', 'suspension']),
  )
  expect(status).toBe(201)
  return tokenIn(body)
}
const change = (
  issuer: ProvedIssuer,
  name: string,
  purpose: 'revocation' | 'suspension',
  on = true,
) => post(issuer, '/credentials/status', statusOf(name, purpose, on))
const membership = (issuer: ProvedIssuer, level: string) =>
  post(issuer, '/credentials/issue', {
    credential: {
      type: ['VerifiableCredential', 'MembershipCredential'],
      credentialSubject: { level },
    },
  })
const verify = (token: string) =>
  post(reader, '/credentials/verify', { verifiableCredential: token })
const bothForms = async (issuer: ProvedIssuer, list: string) => [
  await published(issuer, list, 'vc+jwt'),
  await published(issuer, list, 'statuslist+jwt'),
]
const importAgain = () =>
  fetch(`${successor.url}/admin/issuers/import`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${successor.adminToken}`,
      'Content-Type': 'application/x-ndjson',
    },
    body: archive,
  })

beforeAll(async () => {
  const SIGNING_KEYS = JSON.stringify(await makeDevelopmentKeys())
  const first = await startTestService({ SIGNING_KEYS })
  left = await createIssuer(first, 'registry')
  for (let number = 0; number < 30; number++) {
    const name = `urn:uuid:${crypto.randomUUID()}`
    const token = await issue(left, name)
    const status = (['active', 'suspended', 'revoked'] as const)[number % 3] ?? 'active'
    if (status === 'suspended') await change(left, name, 'suspension')
    if (status === 'revoked') await change(left, name, 'revocation')
    credentials.push({ name, token, status })
  }
  await call('PUT', `${left.url}/schemas/MembershipCredential`, { ...left, body: SCHEMA })
  before.listing = await listing(left)
  before.audit = (await call('GET', `${left.url}/audit/verify`, left)).body
  for (const list of await listsOf(left)) before.lists.set(list, await bothForms(left, list))
  const exported = await fetch(`${left.url}/export`, {
    headers: { Authorization: `Bearer ${left.token}` },
  })
  archive = await exported.text()
  await first.stop()

  successor = await startTestService({ SIGNING_KEYS, PUBLIC_URL: first.url })
  const answer = await importAgain()
  expect(answer.status).toBe(201)
  imported = (await answer.json()) as Json
  moved = { url: `${successor.url}/issuers/registry`, token: textAt(imported, 'token') }
  const verifier = await call('POST', `${successor.url}/admin/verifiers`, {
    token: successor.adminToken,
    body: { id: 'reader', name: 'Example Seller', audience: 'https://as.seller.example.com' },
  })
  reader = { url: `${successor.url}/verifiers/reader`, token: textAt(verifier.body, 'token') }
})
afterAll(() => successor.stop())

describe('an issuer that moved to another deployment', () => {
  it('has the same credentials with the same statuses, in the same order', async () => {
    expect([...(await listing(moved))]).toEqual([...(before.listing ?? [])])
    for (const { name, status } of credentials) expect(before.listing?.get(name)).toBe(status)
  })

  it('S13: publishes the same lists, bit by bit, in both forms', async () => {
    expect(await listsOf(moved)).toEqual([...before.lists.keys()])
    expect(before.lists.size).toBe(2)
    for (const [list, forms] of before.lists) expect(await bothForms(moved, list)).toEqual(forms)
  })

  it('H17: goes on with its audit chain where it was', async () => {
    const { body } = await call('GET', `${moved.url}/audit/verify`, moved)
    expect(at(imported, 'audit')).toMatchObject({ head: textAt(before.audit, 'head') })
    expect(at(body, 'intact')).toBe(true)
    expect(Number(at(body, 'records'))).toBe(Number(at(before.audit, 'records')) + 1)
  })

  it('has its old credentials verified by a verifier of the new deployment', async () => {
    for (const { token, status } of credentials.slice(0, 6)) {
      const { status: answered, body } = await verify(token)
      expect(answered).toBe(status === 'active' ? 200 : 400)
      if (status !== 'active') expect(codesOf(body)).toContain(status)
    }
  })

  it('H8: is not reached with the token of its former home', async () => {
    const { status } = await call('GET', `${moved.url}/credentials`, left)
    expect(status).toBe(401)
  })

  it('S16: keeps what was revoked so, and may lift and revoke what it had issued before', async () => {
    const [active, suspended, revoked] = credentials as [Credential, Credential, Credential]
    expect((await change(moved, revoked.name, 'revocation', false)).status).toBe(409)
    expect((await change(moved, suspended.name, 'suspension', false)).status).toBe(200)
    expect((await verify(suspended.token)).status).toBe(200)
    expect((await change(moved, active.name, 'revocation')).status).toBe(200)
    expect((await verify(active.token)).status).toBe(400)
    const place = placesOf(active.token).find(({ purpose }) => purpose === 'revocation')
    const [bits] = await bothForms(moved, place?.list ?? '')
    expect(bits?.[place?.index ?? -1]).toBe(1)
  })

  it('S12, V10: issues on, at places and under names that nothing had before', async () => {
    const taken = new Set(
      credentials
        .flatMap(({ token }) => placesOf(token))
        .map(({ list, index }) => `${list} ${String(index)}`),
    )
    const token = await issue(moved, `urn:uuid:${crypto.randomUUID()}`)
    for (const { list, index } of placesOf(token))
      expect(taken).not.toContain(`${list} ${String(index)}`)
    expect((await verify(token)).status).toBe(200)
    const name = credentials[0]?.name ?? ''
    const again = await post(moved, '/credentials/issue', draft(name, ['revocation']))
    expect(again.status).toBe(409)
  })

  it('follows the schema that it had registered', async () => {
    expect((await membership(moved, 'tin')).status).toBe(400)
    expect((await membership(moved, 'gold')).status).toBe(201)
  })

  it('is there once: a second import is refused and changes nothing', async () => {
    const count = (await listing(moved)).size
    expect((await importAgain()).status).toBe(409)
    expect((await listing(moved)).size).toBe(count)
  })
})
