import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import type { Ports } from '../../src/ports/index.ts'
import type { IssuerStore } from '../../src/ports/issuer-store.ts'
import type { IssueCredential } from '../../src/use-cases/issue-credential.ts'
import { issueCredentials } from '../../src/use-cases/issue-credentials.ts'
import { putSchema } from '../../src/use-cases/put-schema.ts'
import { aWorld, legalEntity } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
beforeEach(async () => {
  world = await aWorld()
})

const command = (credential: JsonObject): IssueCredential => ({
  credential,
  credentialId: undefined,
  format: undefined,
  status: undefined,
})
const plain = (at: number) =>
  command({ type: ['VerifiableCredential'], credentialSubject: { number: at } })
const FORTY = Array.from({ length: 40 }, (_, at) => plain(at))

const batch = (
  commands: readonly IssueCredential[],
  {
    mark,
    ports = world.ports,
  }: { readonly mark?: { key: string; request: string }; readonly ports?: Ports } = {},
) => issueCredentials(ports, world.registrar, commands, { ...world.change(), mark })

const tokens = (issued: Awaited<ReturnType<typeof batch>>) =>
  issued.ok ? issued.value.map((one) => (one.ok ? one.value.token : one.refusal.reason)) : []
const said = (issued: Awaited<ReturnType<typeof batch>>) =>
  issued.ok ? issued.value.map((one) => (one.ok ? one.value.token : one.refusal)) : []
const stored = async () => {
  const page = { cursor: undefined, limit: 1_000 }
  const filter = { subject: undefined, type: undefined, status: undefined, key: undefined }
  return (await world.ports.issuers.credentials(world.registrar.id, filter, page)).rows
}
const MEMBER = { type: ['VerifiableCredential', 'Member'], credentialSubject: { member: true } }
const MARK = { key: 'batch', request: 'one body' }

/** The same call, until the store is away. */
function twentyTimes<Given extends readonly unknown[], Answer>(
  call: (...given: Given) => Promise<Answer>,
): (...given: Given) => Promise<Answer> {
  let calls = 0
  return (...given) =>
    ++calls > 20 ? Promise.reject(new Error('the store is away')) : call(...given)
}

describe('issueCredentials', () => {
  it('S12: issues each, in the order of the commands, with an index of its own', async () => {
    const issued = await batch(FORTY)
    const places = issued.ok
      ? issued.value.flatMap((one) => (one.ok ? one.value.stored.allocations : []))
      : []
    expect(new Set(places.map(({ index }) => index)).size).toBe(40)
    const numbers = issued.ok
      ? issued.value.map((one) => one.ok && one.value.stored.credential['credentialSubject'])
      : []
    expect(numbers).toEqual(FORTY.map((_, number) => ({ number })))
  })

  it('stops no credential for what another is refused for', async () => {
    const id = 'https://issuer.example.com/credentials/once'
    await world.issue({ credential: legalEntity(world.buyer.did, { id }) })
    const issued = await batch([
      command(legalEntity(world.buyer.did)),
      command({ type: ['VerifiableCredential'] }),
      command(legalEntity(world.buyer.did, { id })),
      plain(1),
    ])
    expect(issued).toMatchObject({
      ok: true,
      value: [
        { ok: true },
        { ok: false, refusal: { reason: 'credential_invalid' } },
        { ok: false, refusal: { reason: 'id_taken' } },
        { ok: true },
      ],
    })
    expect(await stored()).toHaveLength(3)
  })

  it('V10: issues one of two credentials of the same id', async () => {
    const id = 'https://issuer.example.com/credentials/twice'
    const twice = [1, 2].map(() => command(legalEntity(world.buyer.did, { id })))
    const first = await batch(twice, { mark: MARK })
    expect(tokens(first).filter((token) => token === 'id_taken')).toHaveLength(1)
    expect(tokens(await batch(twice, { mark: MARK }))).toEqual(tokens(first))
  })

  it('H13: answers the same batch with the same credentials, and issues nothing twice', async () => {
    const first = await batch(FORTY, { mark: MARK })
    expect(tokens(await batch(FORTY, { mark: MARK }))).toEqual(tokens(first))
    expect(await stored()).toHaveLength(40)
  })

  it('H13: keeps refused what was refused, when a schema allows it by now', async () => {
    const { ports, registrar } = world
    const put = (schema: JsonObject) =>
      putSchema(ports, registrar, 'Member', schema, world.change())
    const three = [plain(0), command(MEMBER), plain(2)]
    await put({ properties: { credentialSubject: { required: ['name'] } } })
    const first = await batch(three, { mark: MARK })
    expect(tokens(first)[1]).toBe('credential_invalid')
    await put({ properties: { credentialSubject: { required: ['member'] } } })
    expect(said(await batch(three, { mark: MARK }))).toEqual(said(first))
    await put({ properties: { credentialSubject: { required: ['other'] } } })
    expect(said(await batch(three, { mark: MARK }))).toEqual(said(first))
    await put({})
    expect(tokens(await batch(three, { mark: { ...MARK, key: 'another' } }))[1]).toMatch(/^ey/)
  })

  it('H13: issues nothing of another batch under the same key, not even what is new in it', async () => {
    await batch([plain(1)], { mark: MARK })
    const other = { key: MARK.key, request: 'another body' }
    expect(await batch(FORTY, { mark: other })).toEqual({
      ok: false,
      refusal: { reason: 'idempotency_key_reused' },
    })
    expect(await stored()).toHaveLength(1)
    expect(await batch(FORTY, { mark: { ...other, key: 'other' } })).toMatchObject({ ok: true })
  })

  it.each<[call: string, breaking: (issuers: IssuerStore) => IssuerStore]>([
    [
      'reserve',
      (issuers) => ({
        ...issuers,
        reserve: twentyTimes((id, draft, change) => issuers.reserve(id, draft, change)),
      }),
    ],
    [
      'complete',
      (issuers) => ({
        ...issuers,
        complete: twentyTimes((id, cid, token, kid) => issuers.complete(id, cid, token, kid)),
      }),
    ],
  ])(
    'H16: finishes a batch that broke off at a %s, without issuing anything twice',
    async (_, breaking) => {
      const ports = { ...world.ports, issuers: breaking(world.ports.issuers) }
      await expect(batch(FORTY, { mark: MARK, ports })).rejects.toThrow('the store is away')
      const before = (await stored()).map(({ digest }) => digest)
      expect(before.length).toBeGreaterThan(0)
      expect(before.length).toBeLessThan(40)
      expect(await batch(FORTY, { mark: MARK })).toMatchObject({ ok: true })
      const after = (await stored()).map(({ digest }) => digest)
      expect(after).toHaveLength(40)
      expect(after).toEqual(expect.arrayContaining(before))
    },
  )

  it('H13: two of the same batch at the same time issue it once', async () => {
    const [one, other] = await Promise.all([
      batch(FORTY, { mark: MARK }),
      batch(FORTY, { mark: MARK }),
    ])
    expect(tokens(one)).toEqual(tokens(other))
    expect(await stored()).toHaveLength(40)
  })

  it('refuses all of it when the key of the issuer is not configured', async () => {
    const ports = { ...world.ports, signer: { ...world.ports.signer, keys: [] } }
    expect(await batch(FORTY, { mark: MARK, ports })).toEqual({
      ok: false,
      refusal: { reason: 'signing_key_missing' },
    })
    expect(await batch(FORTY, { mark: MARK })).toMatchObject({ ok: true })
  })

  it('issues nothing for a retired issuer', async () => {
    const { ports, registrar } = world
    await ports.issuers.update(registrar.id, { retiredAt: registrar.createdAt }, world.change())
    expect(tokens(await batch([plain(1), plain(2)]))).toEqual([
      'instance_retired',
      'instance_retired',
    ])
  })
})
