import { beforeAll, describe, expect, it } from 'vitest'
import { memoryVerifierStore } from '../../src/adapters/memory/verifier-store.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { isJsonObject, type Json } from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { aDocumentedService, requiredScheme, type Call } from '../support/documented-service.ts'
import { ENDPOINTS, faultsIn, nameOf } from '../support/openapi.ts'
import {
  aClientWorld,
  assertionClaims,
  registerClient,
  requestClaims,
} from '../support/registered-clients.ts'
import { aParty, NOW, VCDM2 } from '../support/world.ts'

type Service = Awaited<ReturnType<typeof aDocumentedService>>

describe('what openapi.json says, sent to the service', () => {
  let service: Service
  let [credential, cid] = ['', '']

  beforeAll(async () => {
    service = await aDocumentedService({})
    const { ask, keep } = service
    keep('issuerToken', await ask('createIssuer', { example: 'hosted' }, 201))
    keep('verifierToken', await ask('createVerifier', { example: 'operator' }, 201))
    const { items } = await issueAndList(service)
    const [first] = listed(items).filter(isJsonObject)
    credential = textOf(first?.['id'])
    cid = credential.slice(credential.lastIndexOf('/') + 1)
  })

  it.each<[operationId: string, call: Call, status: number]>([
    ['createIssuer', { example: 'vcdm1' }, 201],
    ['createIssuer', { example: 'hosted' }, 409],
    ['createIssuer', { example: 'hosted', change: { keys: [] } }, 400],
    ['createIssuer', { example: 'hosted', headers: { 'Content-Type': 'text/plain' } }, 415],
    ['listIssuers', {}, 200],
    ['listIssuers', { query: '?limit=1' }, 200],
    ['listIssuers', { query: '?limit=0' }, 400],
    ['getIssuer', {}, 200],
    ['getIssuer', { path: { id: 'nobody' } }, 404],
    ['changeIssuer', { example: 'rename' }, 200],
    ['changeVerifier', { example: 'rename' }, 200],
    ['listVerifiers', {}, 200],
    ['getVerifier', {}, 200],
    ['listKeys', {}, 200],
    ['issueCredential', { example: 'accreditation' }, 201],
    ['issueCredential', { example: 'delegation' }, 201],
    ['issueCredential', { example: 'legalEntity', change: { credential: {} } }, 400],
    ['listCredentials', { query: '?status=active&limit=1' }, 200],
    ['listCredentials', { query: '?colour=red' }, 400],
    ['listCredentials', { query: '?status=active&status=revoked' }, 400],
    ['getStatusList', {}, 200],
    ['getStatusList', { headers: { Accept: 'application/statuslist+jwt' } }, 200],
    ['getStatusList', { headers: { Accept: 'application/json' } }, 200],
    ['getStatusList', { headers: { Accept: 'image/png' } }, 406],
    ['getStatusList', { path: { listId: 'nothing' } }, 404],
    ['getStatusList', { query: `?time=${String(NOW)}` }, 200],
    ['getStatusList', { query: '?timestamp=2026-01-15T12:00:00Z' }, 200],
    ['getStatusList', { query: `?time=${String(NOW - 1)}` }, 404],
    ['getStatusList', { query: `?time=${String(NOW + 1)}` }, 400],
    ['listIssuerKeys', {}, 200],
    ['rotateIssuerKeys', { example: 'patient' }, 200],
    ['rotateIssuerKeys', { example: 'patient', change: { kid: 'dev-ed25519' } }, 409],
    ['rotateIssuerKeys', { example: 'retire' }, 200],
    ['rotateIssuerKeys', { example: 'planned' }, 200],
    ['rotateIssuerKeys', { example: 'compromise' }, 200],
    ['rotateIssuerKeys', { example: 'planned', change: { overlapSeconds: 1 } }, 409],
    ['listIssuerKeys', {}, 200],
    ['listAuditRecords', {}, 200],
    ['verifyAuditRecords', {}, 200],
    ['getLinkedPresentation', {}, 404],
    ['putLinkedPresentation', { example: 'one' }, 200],
    ['getLinkedPresentation', {}, 200],
    ['putLinkedPresentation', { example: 'one', change: { verifiableCredential: ['a.b.c'] } }, 400],
    ['putLinkedPresentation', { example: 'none' }, 200],
    ['putIssuerSchema', { example: 'membership' }, 200],
    ['putIssuerSchema', { example: 'membership', change: { requird: [] } }, 400],
    ['putIssuerSchema', { example: 'membership', path: { type: 'a.b' } }, 400],
    ['putIssuerSchema', { example: 'membership', path: { type: 'VerifiableCredential' } }, 409],
    ['getIssuerSchema', {}, 200],
    ['getIssuerSchema', { query: '?version=1' }, 200],
    ['getIssuerSchema', { query: '?version=0' }, 400],
    ['getIssuerSchema', { query: '?version=9' }, 404],
    ['listIssuerSchemas', {}, 200],
    ['listIssuerSchemas', { query: '?limit=0' }, 400],
    ['exportIssuer', {}, 200],
    ['importIssuer', { example: 'short' }, 400],
    ['importIssuer', { example: 'short', headers: { 'Content-Type': 'text/plain' } }, 415],
    ['createChallenge', {}, 201],
    ['verifyCredential', { example: 'jwt' }, 200],
    ['verifyCredential', { example: 'enveloped' }, 200],
    ['verifyCredential', { example: 'jwt', change: { verifiableCredential: 'no.jws' } }, 400],
    ['verifyCredential', { example: 'jwt', change: { verifiableCredential: 1 } }, 400],
    ['verifyCredential', { example: 'kept' }, 200],
    ['verifyCredential', { example: 'jwt', headers: { Accept: 'text/plain' } }, 200],
    ['verifyCredential', { example: 'jwt', headers: { Accept: 'image/png' } }, 406],
    ['verifyPresentation', { example: 'expired' }, 400],
    ['verifyPresentation', { example: 'expired', headers: { Accept: 'text/plain' } }, 400],
    ['listDecisions', {}, 200],
    ['listDecisions', { query: '?limit=0' }, 400],
    ['getDecision', {}, 404],
    ['deleteDecision', {}, 404],
    ['replayDecision', {}, 404],
    ['dryRunPolicy', { example: 'nobody' }, 200],
    ['dryRunPolicy', { example: 'nobody', change: { last: 0 } }, 400],
    ['putPolicy', { example: 'anchor' }, 200],
    ['getPolicy', {}, 200],
    ['listPolicyVersions', {}, 200],
    ['registerClient', { example: 'presentation' }, 400],
    ['registerClient', { example: 'presentation', change: { presentation: 1 } }, 400],
    ['registerClient', { example: 'presentation', path: { id: 'nobody' } }, 404],
    ['dryRunRegistration', { example: 'presentation' }, 200],
    ['dryRunRegistration', { example: 'presentation', change: { colour: 'red' } }, 400],
    ['listClients', {}, 200],
    ['listClients', { query: '?limit=0' }, 400],
    ['getRegisteredClient', {}, 404],
    ['mintSoftwareStatement', { example: 'server' }, 404],
    ['mintSoftwareStatement', { example: 'server', change: { audience: '' } }, 400],
    ['getSoftwareStatementStatus', {}, 404],
    ['getSoftwareStatementStatus', { headers: { Accept: 'image/png' } }, 406],
    ['revokeSoftwareStatement', {}, 404],
    ['getClientStatus', {}, 404],
    ['listClientHistory', {}, 404],
    ['listRedirectHolds', {}, 404],
    ['listRedirectHolds', { query: '?limit=0' }, 400],
    ['approveRedirectHold', {}, 404],
    ['rejectRedirectHold', {}, 404],
    ['listClientChanges', {}, 200],
    ['listClientChanges', { query: '?since=%20' }, 400],
    ['listClientChanges', { query: '?since=Y2xpZW50cyBvdGhlciAx' }, 409],
    ['listVerifierAuditRecords', {}, 200],
    ['verifyVerifierAuditRecords', {}, 200],
    ['exportVerifier', {}, 200],
    ['importVerifier', { example: 'short' }, 400],
    ['verifyRequestObject', { example: 'pushed' }, 400],
    ['verifyRequestObject', { example: 'pushed', change: { request: 1 } }, 400],
    ['verifyClientAssertion', { example: 'assertion' }, 400],
    ['verifyDpopProof', { example: 'token' }, 200],
    ['verifyDpopProof', { example: 'token', change: { nonce: 'n1' } }, 400],
    ['resolveDid', {}, 200],
    ['resolveDid', { headers: { Accept: 'application/did+json' } }, 200],
    ['resolveDid', { headers: { Accept: 'application/did-url-dereferencing' } }, 200],
    ['resolveDid', { headers: { Accept: 'image/png' } }, 406],
    ['resolveDid', { path: { identifier: 'did:example:1' } }, 501],
    ['resolveDid', { path: { identifier: 'did:web:a%2500' } }, 400],
    ['resolveDid', { path: { identifier: 'did:web:away.example.com' } }, 502],
    ['resolveDid', { query: '?noCache=perhaps' }, 400],
    ['getClient', { path: { client_id: 'did:web:trust.example.com:issuers:registry' } }, 200],
    ['getClient', {}, 502],
    ['getClient', { path: { client_id: 'nobody' } }, 400],
    ['getClientKeys', { path: { client_id: 'did:web:trust.example.com:issuers:registry' } }, 200],
    ['getIssuerDocument', {}, 200],
    ['getVerifierDocument', {}, 200],
    ['getVerifierKeys', {}, 200],
    ['getHealth', {}, 200],
    ['getOpenApi', {}, 200],
    ['getOpenApi', { headers: { 'If-None-Match': '*' } }, 304],
    ['getDocs', {}, 200],
    ['getSchema', {}, 200],
    ['getSchema', { path: { name: 'nothing' } }, 404],
    ['getContext', {}, 200],
  ])('%s %j is answered %i, as documented', async (operationId, call, status) => {
    await service.ask(operationId, call, status)
  })

  it('R7: getCredential shows everybody the public view, and its issuer the credential', async () => {
    const path = { cid }
    const authorization = { Authorization: `Bearer ${service.token('issuerToken')}` }
    expect(await service.ask('getCredential', { path }, 200)).toMatchObject({ id: credential })
    expect(await service.ask('getCredential', { path, headers: authorization }, 200)).toEqual({})
    await service.ask('getCredential', {}, 404)
  })

  it('R4: changeCredentialStatus suspends, lifts and revokes with its three examples', async () => {
    const change = { credentialId: credential }
    const status = async (example: string) =>
      (await service.ask('changeCredentialStatus', { example, change }, 200))['status']
    expect(await status('suspend')).toBe('suspended')
    expect(await status('lift')).toBe('active')
    expect(await status('revoke')).toBe('revoked')
    await service.ask('changeCredentialStatus', { example: 'revoke' }, 404)
  })

  it('R9: verifyPresentation accepts a presentation over a challenge of the service, once', async () => {
    const { challenge } = await service.ask('createChallenge', {}, 201)
    const holder = await aParty()
    const credentialOfHolder = await holder.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      {
        '@context': [VCDM2],
        type: ['VerifiableCredential'],
        issuer: holder.did,
        credentialSubject: { id: holder.did },
      },
    )
    const presentation = await holder.sign(
      { typ: 'vp+jwt', cty: 'vp' },
      {
        '@context': [VCDM2],
        type: ['VerifiablePresentation'],
        holder: holder.did,
        verifiableCredential: [
          {
            '@context': VCDM2,
            id: `data:application/vc+jwt,${credentialOfHolder}`,
            type: 'EnvelopedVerifiableCredential',
          },
        ],
        aud: 'https://as.example.com',
        nonce: textOf(challenge),
        iat: NOW,
        exp: NOW + 60,
      },
    )
    const change = {
      verifiablePresentation: presentation,
      options: { challenge: textOf(challenge) },
    }
    await service.ask('verifyPresentation', { example: 'expired', change }, 200)
    await service.ask('verifyPresentation', { example: 'expired', change }, 400)
  })

  it('R16: a registered client is shown, and its tokens are accepted', async () => {
    const verifiers = memoryVerifierStore()
    const other = await aDocumentedService({ verifiers })
    other.keep('verifierToken', await other.ask('createVerifier', { example: 'operator' }, 201))
    const { buyer, client } = await aClientWorld()
    const change = { actor: 'test', at: NOW, mark: undefined }
    await registerClient(verifiers, 'operator' as InstanceId, client, change)
    expect(listed((await other.ask('listClients', {}, 200))['items'])).toHaveLength(1)
    await other.ask('getRegisteredClient', { path: { client_id: buyer.did } }, 200)
    const aud = 'https://as.example.com'
    const request = {
      client_id: buyer.did,
      request: await buyer.sign({}, requestClaims(buyer.did, { aud })),
      parameters: {},
    }
    await other.ask('verifyRequestObject', { example: 'pushed', change: request }, 200)
    const assertion = {
      client_id: buyer.did,
      client_assertion: await buyer.sign({}, assertionClaims(buyer.did, { aud })),
    }
    await other.ask('verifyClientAssertion', { example: 'assertion', change: assertion }, 200)
    const again = await other.ask(
      'verifyClientAssertion',
      { example: 'assertion', change: assertion },
      400,
    )
    expect(again['error']).toBe('invalid_client')
    const path = { client_id: buyer.did }
    await other.ask('getClientStatus', { path }, 200)
    expect(listed((await other.ask('listClientHistory', { path }, 200))['items'])).toHaveLength(1)
    await other.ask('listRedirectHolds', { path }, 200)
    const { items, cursor } = await other.ask('listClientChanges', { query: '?limit=1' }, 200)
    expect(listed(items)).toHaveLength(1)
    await other.ask('listClientChanges', { query: `?since=${textOf(cursor)}` }, 200)
  })

  it('a decision is kept, read, replayed and deleted', async () => {
    const kept = await service.ask('verifyCredential', { example: 'kept' }, 200)
    const path = { decisionId: textOf(kept['decisionId']) }
    expect(await service.ask('getDecision', { path }, 200)).toMatchObject({
      evidenceDigest: kept['evidenceDigest'],
      receipt: kept['receipt'],
    })
    await service.ask('getDecision', { path, headers: { Accept: 'text/plain' } }, 200)
    await service.ask('getDecision', { path, headers: { Accept: 'image/png' } }, 406)
    expect(await service.ask('replayDecision', { path }, 200)).toMatchObject({ outcome: 'same' })
    await service.ask('deleteDecision', { path }, 204)
    await service.ask('getDecision', { path }, 404)
  })

  it('H13: a new token is shown once under its Idempotency-Key', async () => {
    const call = { headers: { 'Idempotency-Key': 'token-1' } }
    service.keep('verifierToken', await service.ask('replaceVerifierToken', call, 201))
    await service.ask('replaceVerifierToken', call, 409)
    await service.ask('replaceVerifierToken', { headers: { 'Idempotency-Key': 'é' } }, 400)
  })

  it('H13: an Idempotency-Key of another request is refused', async () => {
    const headers = { 'Idempotency-Key': 'policy-1' }
    await service.ask('putPolicy', { example: 'anchor', headers }, 200)
    await service.ask('putPolicy', { example: 'anchor', headers }, 200)
    await service.ask('putPolicy', { example: 'anchor', headers, change: { anchors: [] } }, 422)
  })

  it('a retired issuer issues nothing', async () => {
    const other = await aDocumentedService({})
    other.keep('issuerToken', await other.ask('createIssuer', { example: 'hosted' }, 201))
    await other.ask('issueCredential', { example: 'legalEntity' }, 201)
    await other.ask('retireIssuer', {}, 200)
    await other.ask('issueCredential', { example: 'legalEntity' }, 409)
  })
})

describe('what the schemas of openapi.json refuse', () => {
  it.each(
    ENDPOINTS.filter(
      ({ operation }) => operation.requestBody?.content['application/json'] !== undefined,
    ).map((endpoint) => [nameOf(endpoint), endpoint] as const),
  )('H1: %s refuses as request_invalid, and nothing else', async (_, endpoint) => {
    const service = await aDocumentedService({})
    service.keep('issuerToken', await service.ask('createIssuer', { example: 'hosted' }, 201))
    service.keep('verifierToken', await service.ask('createVerifier', { example: 'operator' }, 201))
    const { schema, examples = {} } =
      endpoint.operation.requestBody?.content['application/json'] ?? {}
    const bodies = Object.values(examples).flatMap(({ value }) => [value, ...variants(value)])
    const verdicts = await Promise.all(
      bodies.map(async (body) => {
        const answer = await service.send(endpoint, { body })
        const told: unknown = await answer.json()
        const refused = told instanceof Object && 'code' in told && told.code === 'request_invalid'
        return { body, refused, documented: faultsIn(body, schema ?? {}).length > 0 }
      }),
    )
    expect(verdicts.some(({ refused }) => refused)).toBe(true)
    expect(verdicts.some(({ refused }) => !refused)).toBe(true)
    expect(verdicts.filter(({ refused, documented }) => refused !== documented)).toEqual([])
  })
})

/** The value with one thing changed: an unknown member, a member left out, a member of another type. */
function variants(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value
    return [[], ...list.flatMap((item, at) => variants(item).map((other) => list.with(at, other)))]
  }
  if (typeof value !== 'object' || value === null) return [null, 7, true, '', {}]
  const members = Object.entries(value)
  const rest = (name: string) => members.filter(([other]) => other !== name)
  return [
    { ...value, unknown: 1 },
    null,
    ...members.flatMap(([name, member]) => [
      Object.fromEntries(rest(name)),
      ...variants(member).map((other) => ({ ...value, [name]: other })),
    ]),
  ]
}

describe('who may call, as openapi.json says', () => {
  it.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s asks for a token exactly if it is documented with one',
    async (_, endpoint) => {
      const service = await aDocumentedService({})
      service.forget()
      const { status } = await service.send(endpoint, { example: firstExample(endpoint) })
      expect(status === 401).toBe(requiredScheme(endpoint) !== undefined)
    },
  )

  it.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    'H11: %s is limited exactly if it is documented with 429',
    async (_, endpoint) => {
      const service = await aDocumentedService({ rateLimiter: { take: () => 7 } })
      const answer = await service.send(endpoint, { example: firstExample(endpoint) })
      const limited = answer.status === 429 && answer.headers.get('Retry-After') === '7'
      expect(limited).toBe('429' in endpoint.operation.responses)
    },
  )
})

async function issueAndList({ ask }: Service) {
  await ask('issueCredential', { example: 'legalEntity' }, 201)
  return ask('listCredentials', {}, 200)
}

const firstExample = ({ operation }: (typeof ENDPOINTS)[number]): string =>
  Object.values(operation.requestBody?.content ?? {}).flatMap(({ examples = {} }) =>
    Object.keys(examples),
  )[0] ?? ''

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('a text was expected')
  return value
}
