import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, call, codesOf, textAt, type Json } from '../../scripts/demo/http.ts'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { startTestService, type TestService } from '../support/service.ts'

/*
 * Two deployments. The seller's hosts the anchor and the verifier; another hosts an accreditor and a
 * registry, whose documents and linked presentations the seller reads over HTTP. Nobody brings a chain
 * along: the buyer shows its one credential.
 */

let seller: TestService
let registrar: TestService

interface Instance {
  readonly service: TestService
  readonly path: string
  readonly did: string
  readonly token: string
}
let root: Instance, accreditor: Instance, registry: Instance, verifier: Instance
let buyersCredential: string
let accreditations: { readonly accreditor: string; readonly registry: string }

const create = async (service: TestService, kind: 'issuers' | 'verifiers', id: string) => {
  const { status, body } = await call('POST', `${service.url}/admin/${kind}`, {
    token: service.adminToken,
    body: {
      id,
      name: `Example ${id}`,
      keys: ['dev-ed25519'],
      ...(kind === 'verifiers' ? { audience: 'https://as.seller.example.com' } : {}),
    },
  })
  expect(status).toBe(201)
  const path = `/${kind}/${id}`
  return { service, path, did: textAt(body, 'did'), token: textAt(body, 'token') }
}
const ask = ({ service, path, token }: Instance, method: string, rest: string, body?: Json) =>
  call(method, `${service.url}${path}${rest}`, { token, ...(body === undefined ? {} : { body }) })

const issue = async (issuer: Instance, credential: Json): Promise<string> => {
  const { status, body } = await ask(issuer, 'POST', '/credentials/issue', { credential })
  expect(status).toBe(201)
  return textAt(body, 'verifiableCredential', 'id').slice('data:application/vc+jwt,'.length)
}
const START = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, 'Z')
const inDays = (count: number) =>
  new Date(Date.now() + count * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z')
const accredit = (by: Instance, whom: Instance, grants: Record<string, Json>, until: string) =>
  issue(by, {
    type: ['VerifiableCredential', 'LsoIssuerAccreditationCredential'],
    // A renewal covers what was issued under the one before.
    validFrom: by === root ? START : inDays(0),
    validUntil: until,
    credentialSubject: {
      id: whom.did,
      type: 'AccreditedIssuer',
      legalName: 'Example Accredited Issuer Ltd',
      accreditedFor: ['LsoLegalEntityCredential'],
      ...grants,
    },
  })
const publish = (issuer: Instance, token: string) =>
  ask(issuer, 'PUT', '/linked-presentation', { verifiableCredential: [token] })
const verify = () =>
  ask(verifier, 'POST', '/credentials/verify', { verifiableCredential: buyersCredential })
const idOf = (token: string): string =>
  textAt(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Json, 'id')

beforeAll(async () => {
  registrar = await startTestService({})
  seller = await startTestService({ DID_WEB_LOCAL_HOSTS: new URL(registrar.url).host })
  root = await create(seller, 'issuers', 'root')
  verifier = await create(seller, 'verifiers', 'seller')
  accreditor = await create(registrar, 'issuers', 'accreditor')
  registry = await create(registrar, 'issuers', 'registry')
  accreditations = {
    accreditor: await accredit(root, accreditor, { mayAccredit: true, maxDepth: 1 }, inDays(300)),
    registry: await accredit(
      accreditor,
      registry,
      { mayAccredit: false, jurisdictions: ['DE'] },
      inDays(299),
    ),
  }
  buyersCredential = await issue(
    registry,
    legalEntity('did:web:buyer.example.com', { validUntil: inDays(298) }),
  )
})
afterAll(async () => {
  await Promise.all([seller.stop(), registrar.stop()])
})

describe('a chain of accreditations between two deployments (R6, D3)', () => {
  it('V12: nothing is trusted before there is a policy, and a chain to follow', async () => {
    expect(await verify()).toMatchObject({ status: 200, body: { trust: 'untrusted' } })
    const policy = {
      anchors: [{ did: root.did, types: ['LsoIssuerAccreditationCredential'] }],
      trustDomain: 'example-exchange',
    }
    expect((await ask(verifier, 'PUT', '/policy', policy)).status).toBe(200)
    const { status, body } = await verify()
    expect([status, at(body, 'trust')]).toEqual([200, 'untrusted'])
    expect(codesOf(body)).toEqual(['issuer_untrusted'])
  })

  it('V12: the buyer’s credential is trusted once both issuers publish theirs', async () => {
    expect((await publish(registry, accreditations.registry)).status).toBe(200)
    expect(codesOf((await verify()).body)).toEqual(['chain_incomplete'])
    expect((await publish(accreditor, accreditations.accreditor)).status).toBe(200)
    const { status, body } = await verify()
    expect([status, at(body, 'trust'), at(body, 'availability')]).toEqual([200, 'trusted', 'fresh'])
    expect(at(body, 'trustChain')).toEqual([
      { did: registry.did, accreditation: idOf(accreditations.registry) },
      { did: accreditor.did, accreditation: idOf(accreditations.accreditor) },
      { did: root.did, accreditation: null },
    ])
  })

  it('publishes the accreditation where the document says, signed by its holder', async () => {
    const document = (await call('GET', `${registrar.url}${registry.path}/did.json`)).body
    expect(at(document, 'service', 0)).toEqual({
      id: `${registry.did}#linked-presentation`,
      type: 'LinkedVerifiablePresentation',
      serviceEndpoint: `${registrar.url}${registry.path}/linked-presentation`,
    })
    const linked = await fetch(textAt(document, 'service', 0, 'serviceEndpoint'))
    expect([linked.status, linked.headers.get('Content-Type')]).toEqual([200, 'application/vp+jwt'])
    expect((await linked.text()).split('.')).toHaveLength(3)
  })

  it('V12: a revocation of the middle link shows in the very next answer', async () => {
    const revoke = await ask(root, 'POST', '/credentials/status', {
      credentialId: idOf(accreditations.accreditor),
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
      status: true,
    })
    expect(revoke.status).toBe(200)
    const { status, body } = await verify()
    expect([status, at(body, 'verified'), at(body, 'trust')]).toEqual([200, true, 'untrusted'])
    expect(codesOf(body)).toEqual(['chain_link_revoked'])
  })

  it('V12: a new accreditation mends it, and without its host nothing is trusted', async () => {
    const again = await accredit(root, accreditor, { mayAccredit: true }, inDays(300))
    expect((await publish(accreditor, again)).status).toBe(200)
    expect(at((await verify()).body, 'trust')).toBe('trusted')
    await registrar.stop()
    const { body } = await verify()
    expect(at(body, 'trust')).not.toBe('trusted')
    expect(at(body, 'availability')).not.toBe('fresh')
  })
})
