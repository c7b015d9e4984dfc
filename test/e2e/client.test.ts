import { createSign, generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { importJWK, SignJWT, type JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as client from 'lso-trust/client'
import {
  createPresentation,
  createTrustClient,
  signatureFromDer,
  type HolderSigner,
} from '../../src/client/index.ts'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import { blocksIn, examplesIn, runExample } from '../support/examples.ts'
import {
  AUDIENCE,
  aBuyerHost,
  aDeployment,
  aDidJwkSigner,
  type BuyerHost,
} from '../support/participants.ts'

/* The typed client against the production bundle on plain workerd. */

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLES = examplesIn(`${PROJECT}src/client`)

let deployment: Awaited<ReturnType<typeof aDeployment>>
let buyer: BuyerHost
let signer: Awaited<ReturnType<typeof aDidJwkSigner>>
let credential: string
let decisionJwt: string
let accreditation: string

const as = (token?: string) =>
  createTrustClient({ url: deployment.service.url, ...(token === undefined ? {} : { token }) })
const issueTo = async (subject: string): Promise<string> => {
  const { registrar } = deployment
  const issuer = as(registrar.token).issuer('registrar')
  return compact(await issuer.issue({ credential: legalEntity(subject) }))
}
const compact = ({ verifiableCredential }: client.IssuedCredential): string => {
  const { id } = verifiableCredential as { readonly id: string }
  return id.slice(id.indexOf(',') + 1)
}
/** Another issuer of the deployment lets the registrar attest companies. */
async function accreditRegistrar(): Promise<string> {
  const { admin } = as(deployment.service.adminToken)
  const root = await admin.createIssuer({ id: 'root', name: 'Root', keys: ['dev-p256'] })
  const credential = {
    type: ['VerifiableCredential', 'LsoIssuerAccreditationCredential'],
    credentialSubject: {
      id: deployment.registrar.did,
      type: 'AccreditedIssuer',
      legalName: 'Example Registrar Ltd',
      accreditedFor: ['LsoLegalEntityCredential'],
      mayAccredit: false,
    },
  }
  return compact(await as(root.token).issuer('root').issue({ credential }))
}
const present = async (by: HolderSigner, shown: string, more: object = {}) => {
  const verifier = as(deployment.seller.token).verifier('seller')
  const { challenge } = await verifier.challenge()
  const wanted = { signer: by, credentials: [shown], audience: AUDIENCE, challenge, ...more }
  return verifier.verifyPresentation(await createPresentation(wanted), { challenge })
}

beforeAll(async () => {
  const keys = await makeDevelopmentKeys()
  buyer = await aBuyerHost()
  deployment = await aDeployment({
    SIGNING_KEYS: JSON.stringify(keys),
    DID_WEB_LOCAL_HOSTS: buyer.host,
  })
  signer = await aDidJwkSigner()
  credential = await issueTo(signer.did)
  accreditation = await accreditRegistrar()
  const { seller } = deployment
  const [{ kid = null } = {}] = (await as().verifier('seller').keys()).keys
  const p256 = keys.keys.find((key) => key.kid === 'dev-p256') as JWK
  decisionJwt = await new SignJWT({ sub: signer.did })
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'lso-decision+jwt',
      kid: typeof kid === 'string' ? kid : '',
    })
    .setIssuer(seller.did)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK(p256, 'ES256'))
})
afterAll(async () => {
  buyer.stop()
  await deployment.service.stop()
})

const scope = () => {
  const { service, registrar, seller } = deployment
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    ...client,
    url: service.url,
    audience: AUDIENCE,
    signer,
    credential,
    decisionJwt,
    accreditation,
    challenge: 'a-challenge-of-the-caller',
    legalEntity: legalEntity(signer.did),
    issuerToken: registrar.token,
    issuerDid: registrar.did,
    verifierToken: seller.token,
    verifierDid: seller.did,
    hsm: { sign: async (bytes: Uint8Array) => createSign('sha256').update(bytes).sign(privateKey) },
  }
}

describe('the examples of the client', () => {
  it('are there', () => {
    expect(EXAMPLES.length).toBeGreaterThan(8)
  })

  it.each(EXAMPLES.map(({ where, code }) => [where, code] as const))(
    'run, and come to what they say: %s',
    async (_, code) => {
      const pairs = await runExample(code, scope())
      expect(pairs.length).toBeGreaterThan(0)
      for (const [seen, expected] of pairs) expect(seen).toEqual(expected)
    },
  )

  it('run, and come to what they say: docs/client.md', async () => {
    const blocks = blocksIn(`${PROJECT}docs/client.md`, 'ts')
    expect(blocks.length).toBeGreaterThan(3)
    const pairs = await runExample(blocks.join('\n'), scope())
    expect(pairs.length).toBeGreaterThan(5)
    for (const [seen, expected] of pairs) expect(seen).toEqual(expected)
  })
})

it('the example of the README runs', async () => {
  let welcomed = 0
  const [block = ''] = blocksIn(`${PROJECT}README.md`, 'ts')
  const welcome = () => ++welcomed
  await runExample(block, { ...scope(), token: deployment.seller.token, welcome })
  expect(welcomed).toBe(1)
})

describe('a buyer with a key in an HSM', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let hsm: HolderSigner
  let bought: string

  beforeAll(async () => {
    const kid = `${buyer.did}#hsm-1`
    hsm = {
      kid,
      alg: 'ES256',
      sign: async (bytes) => signatureFromDer(createSign('sha256').update(bytes).sign(privateKey)),
    }
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
    const redirect = 'https://buyer.example/callback'
    buyer.document = JSON.stringify({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
      id: buyer.did,
      verificationMethod: [
        { id: kid, type: 'JsonWebKey', controller: buyer.did, publicKeyJwk: { kty, crv, x, y } },
      ],
      authentication: [kid],
      service: [{ id: `${buyer.did}#r`, type: 'OAuthRedirect', serviceEndpoint: redirect }],
    })
    bought = await issueTo(buyer.did)
  })

  it('R9, R10: presents with a function that answers in DER, from a DID document of its own', async () => {
    await client.assertHolderKey(as(), hsm)
    expect(await present(hsm, bought)).toMatchObject({ verdict: 'valid', trust: 'trusted' })
  })

  it('R16, R19: registers, and is followed until its credential is revoked', async () => {
    const [front, verifier] = [
      as().verifier('seller'),
      as(deployment.seller.token).verifier('seller'),
    ]
    const stop = new AbortController()
    const { challenge } = await front.challenge()
    const wanted = { signer: hsm, credentials: [bought], audience: AUDIENCE, challenge }
    const presentation = await createPresentation(wanted)
    expect(await front.dryRunRegistration({ presentation })).toMatchObject({ outcome: 'accepted' })
    const decision = await front.register({ presentation })
    expect(decision).toMatchObject({ outcome: 'accepted', client: { client_id: buyer.did } })
    const expected = {
      jwks: await front.keys(),
      issuer: deployment.seller.did,
      audience: AUDIENCE,
    }
    expect(await client.verifyDecision(decision.decision_jwt ?? '', expected)).toMatchObject({
      valid: true,
      claims: { sub: buyer.did, outcome: 'accepted' },
    })
    expect(await verifier.clientStatus(buyer.did)).toMatchObject({ status: 'active' })
    expect((await verifier.clients()).items.map(({ client_id }) => client_id)).toContain(buyer.did)
    expect((await verifier.client(buyer.did)).redirect_uris).toEqual([
      'https://buyer.example/callback',
    ])

    const feed = verifier.followClients({ pollMilliseconds: 50, signal: stop.signal })
    const first = (await feed.next()).value
    expect(first?.changes.at(-1)).toMatchObject({ client_id: buyer.did, status: 'active' })
    const [header = '', payload = ''] = bought.split('.')
    expect(header).not.toBe('')
    const { id } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
      readonly id: string
    }
    await as(deployment.registrar.token)
      .issuer('registrar')
      .changeStatus({ credentialId: id, statusPurpose: 'revocation', status: true })
    expect(await verifier.clientStatus(buyer.did)).toMatchObject({ status: 'revoked' })
    const since = first?.cursor ?? ''
    const resumed = verifier.followClients({ since, pollMilliseconds: 50, signal: stop.signal })
    const next = (await resumed.next()).value
    expect(next?.changes).toMatchObject([{ client_id: buyer.did, status: 'revoked' }])
    stop.abort()
    expect((await resumed.next()).done).toBe(true)
  })

  it('R19, V16: a redirect host that is new is held, until the operator has decided', async () => {
    const verifier = as(deployment.seller.token).verifier('seller')
    const callback = 'https://new.buyer.example/callback'
    const document = JSON.parse(buyer.document ?? '{}') as { service: object[] }
    document.service.push({ id: '#new', type: 'OAuthRedirect', serviceEndpoint: callback })
    buyer.document = JSON.stringify(document)
    // Its copy of the document would be good for another while.
    await deployment.service.killAndRestart()
    const fresh = await issueTo(buyer.did)
    const registerAgain = async () => {
      const { challenge } = await as().verifier('seller').challenge()
      const wanted = { signer: hsm, credentials: [fresh], audience: AUDIENCE, challenge }
      return as()
        .verifier('seller')
        .register({ presentation: await createPresentation(wanted) })
    }
    expect(await registerAgain()).toMatchObject({
      outcome: 'accepted',
      client: { redirect_uris: ['https://buyer.example/callback'] },
    })
    const [hold] = (await verifier.redirectHolds(buyer.did)).items
    expect(hold).toMatchObject({ host: 'new.buyer.example', state: 'pending' })
    const approved = await verifier.approveRedirectHold(buyer.did, hold?.id ?? '')
    expect(approved).toMatchObject({ state: 'approved', decidedBy: 'verifier seller' })
    expect((await verifier.client(buyer.did)).redirect_uris).toContain(callback)
    await expect(verifier.rejectRedirectHold(buyer.did, hold?.id ?? '')).rejects.toMatchObject({
      reason: 'hold_decided',
    })
    expect(await verifier.clientStatus(buyer.did)).toMatchObject({ status: 'active' })
    const history = await verifier.clientHistory(buyer.did)
    const seen = history.items.at(-1)
    expect(seen?.changes.map(({ change }) => change)).toContain('redirect_host_added')
    const actions = (await verifier.auditRecords({ limit: 100 })).items.map(({ action }) => action)
    expect(actions).toContain('client.hold')
    bought = fresh
    await as(deployment.registrar.token)
      .issuer('registrar')
      .changeStatuses({
        select: { subject: buyer.did },
        statusPurpose: 'revocation',
        status: true,
        dryRun: false,
      })
  })

  it('R4: takes a refusal for an answer, with its checks', async () => {
    const front = as().verifier('seller')
    const { challenge } = await front.challenge()
    const wanted = { signer: hsm, credentials: [bought], audience: AUDIENCE, challenge }
    const presentation = await createPresentation(wanted)
    const decision = await front.register({ presentation })
    expect(decision.outcome).toBe('refused')
    expect(decision.error).toBeDefined()
    expect(decision.error_description).toBe(client.hintOf('revoked'))
  })
})

describe('what goes wrong names the cause and the mend', () => {
  const codes = async (report: ReturnType<typeof present>) =>
    (await report).checks.flatMap(({ code, hint }) => (code === undefined ? [] : [{ code, hint }]))

  it('V7: a wrong audience', async () => {
    const found = await codes(present(signer, credential, { audience: 'https://as.other.example' }))
    expect(found).toEqual([{ code: 'aud_mismatch', hint: client.hintOf('aud_mismatch') }])
    expect(await codes(present(signer, credential))).toEqual([])
  })

  it.each([
    ['behind', -3600, 'expired'],
    ['ahead', 3600, 'not_yet_valid'],
  ] as const)('J21: a clock an hour %s', async (_, seconds, code) => {
    const now = Math.floor(Date.now() / 1000) + seconds
    const found = await codes(present(signer, credential, { now }))
    expect(found).toEqual([{ code, hint: client.hintOf(code) }])
  })

  it('H8: a wrong token, and a token of somebody else', async () => {
    const policyAs = (token: string) => as(token).verifier('seller').policy()
    await expect(policyAs('nonsense')).rejects.toMatchObject({
      reason: 'token_invalid',
      status: 401,
    })
    const { registrar, seller } = deployment
    await expect(policyAs(registrar.token)).rejects.toMatchObject({ reason: 'not_found' })
    expect((await policyAs(seller.token)).version).toBe(1)
  })

  it('a service that is down', async () => {
    const nobody = createTrustClient({ url: 'http://localhost:1' })
    await expect(nobody.resolve(signer.did)).rejects.toMatchObject({
      reason: 'service_unreachable',
    })
  })

  it('a policy without anchors: it is valid, and nobody trusts it', async () => {
    const { service, seller } = deployment
    const { admin } = as(service.adminToken)
    const made = await admin.createVerifier({ id: 'empty', name: 'Empty', audience: AUDIENCE })
    const report = await as(made.token).verifier('empty').verifyCredential(credential)
    expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted' })
    const [trust] = report.checks.filter(({ check }) => check === 'trust')
    expect(trust?.hint).toBe(client.hintOf(trust?.code ?? 'revoked'))
    const other = await as(seller.token).verifier('seller').verifyCredential(credential)
    expect(other.trust).toBe('trusted')
  })

  it('D13: a did.json of the wrong media type', async () => {
    const right = buyer.mediaType
    buyer.document ??= '{}'
    buyer.mediaType = 'text/html'
    const kid = `${buyer.did}:elsewhere#key-1`
    const stranger: HolderSigner = { kid, alg: 'EdDSA', sign: async () => new Uint8Array(64) }
    const failed = client.assertHolderKey(as(), stranger)
    await expect(failed).rejects.toMatchObject({
      reason: 'did_document_invalid',
      detail: 'The document: it is served as another media type than application/did+json.',
    })
    buyer.mediaType = right
  })
})

describe('what a call changes', () => {
  it('H13: happens once under one Idempotency-Key', async () => {
    const issuer = as(deployment.registrar.token).issuer('registrar')
    const wanted = { credential: legalEntity(signer.did) }
    const [first, again] = [
      await issuer.issue(wanted, { idempotencyKey: 'once' }),
      await issuer.issue(wanted, { idempotencyKey: 'once' }),
    ]
    expect(again).toEqual(first)
  })

  it('issues, lists, suspends and exports as an issuer', async () => {
    const issuer = as(deployment.registrar.token).issuer('registrar')
    const options = { status: ['revocation', 'suspension'] } as const
    const wanted = { credential: legalEntity('did:web:listed.example'), options }
    const report = await issuer.issueBatch([wanted, { credential: {} }])
    expect(report).toMatchObject({ issued: 1, refused: 1 })
    const { items } = await issuer.credentials({ subject: 'did:web:listed.example' })
    const [{ id: credentialId } = { id: '' }] = items
    const suspend = { credentialId, statusPurpose: 'suspension', status: true } as const
    expect(await issuer.changeStatus(suspend)).toEqual({ credentialId, status: 'suspended' })
    const select = { subject: 'did:web:listed.example' }
    const preview = await issuer.changeStatuses({
      select,
      statusPurpose: 'revocation',
      status: true,
      dryRun: true,
    })
    expect(preview).toMatchObject({ dryRun: true, changes: 1 })
    expect(await issuer.verifyAudit()).toMatchObject({ intact: true })
    let lines = 0
    for await (const piece of (await issuer.export()) as unknown as AsyncIterable<Uint8Array>)
      lines += Buffer.from(piece).toString('utf8').split('\n').length - 1
    expect(lines).toBeGreaterThan(5)
  })

  it('is told why an import is refused, however much of the file is still to come', async () => {
    const { service, registrar } = deployment
    const issuer = as(registrar.token).issuer('registrar')
    const [header = ''] = (await new Response(await issuer.export()).text()).split('\n')
    const filler = new TextEncoder().encode(`${'x'.repeat(64 * 1024 - 1)}\n`)
    const archive = () => {
      let pieces = 0
      return new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(`${header}\n`))
        },
        pull: (controller) => {
          controller.enqueue(filler)
          if (++pieces === 256) controller.close()
        },
      })
    }
    const imported = (token: string) => as(token).admin.importIssuer(archive())
    await expect(imported(service.adminToken)).rejects.toMatchObject({ reason: 'instance_exists' })
    await expect(imported('nonsense')).rejects.toMatchObject({ reason: 'token_invalid' })
  })

  it('puts a policy, and says what another one would have changed', async () => {
    const verifier = as(deployment.seller.token).verifier('seller')
    const kept = await verifier.verifyCredential(credential, { keepEvidence: true })
    const { decisionId = '', evidenceDigest } = kept
    expect(await verifier.decision(decisionId)).toMatchObject({ verdict: 'valid', evidenceDigest })
    const decided = (await verifier.decisions({ limit: 100 })).items
    expect(decided.at(-1)).toMatchObject({ decisionId, subject: signer.did })
    expect(await verifier.dryRunPolicy({}, { last: 1 })).toMatchObject({
      decisions: 1,
      counts: { changed: 1 },
    })
    const { version, at: _, actor: __, ...policy } = await verifier.policy()
    expect((await verifier.putPolicy(policy)).version).toBe(version + 1)
    const versions = (await verifier.policyVersions()).items
    expect(versions.map((one) => one.version)).toEqual(versions.map((_one, index) => index + 1))
    expect(versions).toHaveLength(version + 1)
  })
})
