import { beforeAll, describe, expect, it } from 'vitest'
import { memoryDirectory } from '../../src/adapters/memory/directory.ts'
import { memoryIssuerStore } from '../../src/adapters/memory/issuer-store.ts'
import { createApp } from '../../src/app.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Ports } from '../../src/ports/index.ts'
import { aWorld, legalEntity } from '../support/world.ts'

const ADMIN = 'admin-token-of-this-test'
const MEMBER = ['VerifiableCredential', 'MembershipCredential']
const SCHEMA = {
  type: 'object',
  properties: {
    credentialSubject: { required: ['level'], properties: { level: { enum: ['gold'] } } },
  },
}

const appOf = (ports: Ports) =>
  createApp(ports, { adminTokenHash: ports.digest.sha256(utf8(ADMIN)), clientIpHeader: undefined })

const call = (
  ports: Ports,
  method: string,
  path: string,
  token: string | undefined,
  body?: unknown,
): Promise<Response> =>
  Promise.resolve(
    appOf(ports).request(`https://trust.example${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        'Content-Type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json',
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  )

describe('an issuer that moves', () => {
  let ports: Ports
  let token = ''
  let file = ''

  /** Another deployment with the same key and nothing in it. */
  const elsewhere = (): Ports => ({
    ...ports,
    issuers: memoryIssuerStore(),
    directory: memoryDirectory(),
  })
  const importInto = (target: Ports, text: string) =>
    call(target, 'POST', '/admin/issuers/import', ADMIN, text)
  const issue = (credential: object) =>
    call(ports, 'POST', '/issuers/registrar/credentials/issue', token, { credential })

  beforeAll(async () => {
    const world = await aWorld()
    ports = world.ports
    const made = await call(ports, 'POST', '/admin/issuers/registrar/token', ADMIN)
    token = (await made.json<{ token: string }>()).token
    await call(ports, 'PUT', '/issuers/registrar/schemas/MembershipCredential', token, SCHEMA)
    const { stored } = await world.issue({ credential: legalEntity('did:web:buyer.example.com') })
    await world.issue({ credential: { type: MEMBER, credentialSubject: { level: 'gold' } } })
    const wanted = { purpose: 'revocation', status: true } as const
    await ports.issuers.changeStatus(world.registrar.id, stored.cid, wanted, world.change())
    file = await (await call(ports, 'GET', '/issuers/registrar/export', token)).text()
  })

  it('refuses to issue what its newest schema does not allow, and says where', async () => {
    const refused = await issue({ type: MEMBER, credentialSubject: { level: 'tin' } })
    expect(await refused.json()).toMatchObject({
      code: 'credential_invalid',
      errors: [{ pointer: '/credentialSubject/level' }],
    })
    const { status } = await issue({ type: MEMBER, credentialSubject: { level: 'gold' } })
    expect(status).toBe(201)
  })

  it('serves its schema to everybody, with the bytes that its digest is over', async () => {
    const path = '/issuers/registrar/schemas'
    const answer = await call(ports, 'GET', `${path}/MembershipCredential`, undefined)
    const digest = ports.digest.sha256(new Uint8Array(await answer.arrayBuffer()))
    const list = await (await call(ports, 'GET', path, undefined)).json<{ items: unknown[] }>()
    expect(list.items).toMatchObject([{ version: 1, digest: `sha-256:${encodeBase64url(digest)}` }])
    expect(answer.headers.get('ETag')).not.toBeNull()
  })

  it('exports no secret', async () => {
    const hash = (await ports.issuers.find('registrar' as never))?.tokenHash ?? ''
    expect(file).not.toContain(hash)
    expect(file).not.toContain(token)
    expect(file.split('\n').at(-2)).toContain('"kind":"end"')
  })

  it('is the same elsewhere: every row, and the head of its audit chain', async () => {
    const target = elsewhere()
    const answer = await importInto(target, file)
    expect(answer.status).toBe(201)
    const imported = await answer.json<{ token: string; audit: { head: string } }>()
    expect(imported).toMatchObject({ id: 'registrar', credentials: 2, statusLists: 1 })
    const exported = await call(target, 'GET', '/issuers/registrar/export', imported.token)
    const [before, after] = [file, await exported.text()].map((text) => text.trim().split('\n'))
    // Apart from the end line, one record is new: that of the import.
    const parsed = (lines: readonly string[] | undefined): unknown[] =>
      (lines ?? []).map((line) => JSON.parse(line) as unknown)
    expect(parsed(after).slice(1, -2)).toEqual(parsed(before).slice(1, -1))
    expect(before?.at(-2)).toContain(imported.audit.head)
    const again = await importInto(target, file)
    expect(again.status).toBe(409)
  })

  it.each<[what: string, change: (lines: readonly string[]) => readonly string[]]>([
    ['cut behind a line', (lines) => lines.slice(0, -1)],
    ['cut within a line', (lines) => [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, 9)]],
    [
      'with a byte changed',
      (lines) => lines.map((one) => one.replace('"subject":"did', '"subject":"dib')),
    ],
    ['with a line twice', (lines) => lines.flatMap((one, at) => (at === 1 ? [one, one] : [one]))],
    ['without a line', (lines) => lines.toSpliced(2, 1)],
    [
      'with a record of the chain changed',
      (lines) => lines.map((one) => one.replace('"schema.put"', '"schema.cut"')),
    ],
    ['with something behind its end', (lines) => [...lines, '{}']],
  ])(
    'H17: a file %s is refused and leaves nothing; the whole file is taken then',
    async (_, change) => {
      const target = elsewhere()
      const lines = file.trimEnd().split('\n')
      const answer = await importInto(target, `${change(lines).join('\n')}\n`)
      expect(answer.status).toBe(400)
      expect(await target.issuers.find('registrar' as never)).toBeUndefined()
      expect((await importInto(target, file)).status).toBe(201)
    },
  )

  /** A file as an export would write it, of these lines and with the seal that they get. */
  const sealed = async (
    lines: readonly string[],
    seal: (digest: { lines: number; sha256: string }) => Promise<string | undefined>,
  ) => {
    const text = `${lines.join('\n')}\n`
    const sha256 = encodeBase64url(ports.digest.sha256(utf8(text)))
    const of = { lines: lines.length, sha256 }
    return `${text}${JSON.stringify({ kind: 'end', ...of, seal: await seal(of) })}\n`
  }
  const rowsOf = (text: string) => text.trimEnd().split('\n').slice(0, -1)
  const claims = () => ({
    ...{ iss: 'did:web:trust.example:issuers:registrar', sub: 'registrar', kind: 'issuer' },
    iat: ports.clock.now(),
  })
  const TYP = { typ: 'lso-archive+jwt', kid: 'k1' }
  const old = () => (JSON.parse(file.trimEnd().split('\n').at(-1) ?? '') as { seal: string }).seal

  it.each<
    [
      what: string,
      lines: (lines: readonly string[]) => readonly string[],
      seal: (of: object) => Promise<string | undefined>,
    ]
  >([
    ['without a seal', (lines) => lines, async () => undefined],
    [
      'of an issuer that revoked nothing, with the seal of the true one',
      (lines) => lines.map((one) => one.replace('"revoked":true', '"revoked":false')),
      async () => old(),
    ],
    [
      'without its last audit record, with the seal of the true one',
      (lines) => lines.slice(0, -1),
      async () => old(),
    ],
    [
      'sealed by a key of the same name elsewhere',
      (lines) => lines,
      async (of) => (await aWorld()).ports.signer.sign('k1', TYP, { ...claims(), ...of }),
    ],
    [
      'sealed for another issuer',
      (lines) => lines,
      (of) => ports.signer.sign('k1', TYP, { ...claims(), ...of, sub: 'other' }),
    ],
    [
      'with a token of another kind for a seal',
      (lines) => lines,
      (of) => ports.signer.sign('k1', { ...TYP, typ: 'vc+jwt' }, { ...claims(), ...of }),
    ],
  ])('H17, S13: a file %s is refused and leaves nothing', async (_, change, seal) => {
    const target = elsewhere()
    const answer = await importInto(target, await sealed(change(rowsOf(file)), seal))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'archive_not_signed' })
    expect(await target.issuers.find('registrar' as never)).toBeUndefined()
    const own = (of: object) => ports.signer.sign('k1', TYP, { ...claims(), ...of })
    expect((await importInto(target, await sealed(rowsOf(file), own))).status).toBe(201)
  })

  it.each<[what: string, from: string, to: string]>([
    ['another DID', '"did":"did:web:trust.example:issuers:registrar"', '"did":"did:web:a.example"'],
    ['a list of another place', '"listId":"revocation-1"', '"listId":"../x"'],
    ['a status that is not its last', '"revoked":true', '"revoked":false'],
  ])('H17: a file with %s is refused, whoever signed it', async (_, from, to) => {
    const target = elsewhere()
    const lines = rowsOf(file).map((one) => one.replaceAll(from, to))
    const own = (of: object) => ports.signer.sign('k1', TYP, { ...claims(), ...of })
    expect((await importInto(target, await sealed(lines, own))).status).toBe(400)
    expect(await target.issuers.find('registrar' as never)).toBeUndefined()
  })

  it('exports nothing that it cannot sign', async () => {
    const without = { ...ports, signer: { ...ports.signer, keys: [] } }
    const answer = await call(without, 'GET', '/issuers/registrar/export', token)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'signing_key_missing' })
  })

  it('names the key that the deployment lacks', async () => {
    const answer = await importInto({ ...elsewhere(), signer: { ...ports.signer, keys: [] } }, file)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      errors: [{ pointer: '/issuer/keys/0/kid', detail: 'the key k1 is not in SIGNING_KEYS' }],
    })
  })

  it('refuses a key that only has the same name', async () => {
    const { ports: other } = await aWorld()
    const answer = await importInto({ ...elsewhere(), signer: other.signer }, file)
    expect(answer.status).toBe(400)
  })

  it('H13: under an Idempotency-Key of another file is refused and leaves nothing', async () => {
    const target = elsewhere()
    const mark = { key: 'admin\nkey', request: 'another' }
    const by = { actor: 'admin', at: ports.clock.now(), mark }
    await target.directory.register('issuer', 'other' as never, by)
    const answer = await appOf(target).request('https://trust.example/admin/issuers/import', {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${ADMIN}`,
        'Content-Type': 'application/x-ndjson',
        'Idempotency-Key': 'key',
      },
      body: file,
    })
    expect(answer.status).toBe(422)
    expect(await target.issuers.find('registrar' as never)).toBeUndefined()
  })
})
