import { beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url, utf8, utf8Text } from '../../src/domain/base64url.ts'
import { canonicalJson } from '../../src/domain/json/canonical.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { changesIn } from '../support/client-changes.ts'
import { listed } from '../../src/domain/json/values.ts'
import { didOf } from '../support/did-documents.ts'
import { replayDecision } from '../../src/use-cases/replay-decision.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import { StorageUnavailable } from '../../src/ports/change.ts'
import { createVerifier } from '../../src/use-cases/create-instance.ts'
import { LEGAL_ENTITY } from '../../src/domain/trust/delegation.ts'
import { accreditation, anotherIssuer, issuedBy } from '../support/accreditations.ts'
import { present } from '../support/presenting.ts'
import {
  aRegistrationWorld,
  CALLBACK,
  codesOf,
  enveloped,
  OTHER_CALLBACK,
  type RegistrationWorld,
} from '../support/registering.ts'
import { aParty, legalEntity, NOW, type Party } from '../support/world.ts'

let world: RegistrationWorld

beforeEach(async () => {
  world = await aRegistrationWorld()
})

const register = async (more: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  world.post('/registrations', { presentation: await world.presented(), ...more }, headers)
const presenting = async (change: JsonObject) =>
  register({ presentation: await world.presented(change) })
const clientNow = () => world.ports.verifiers.client(world.seller.id, didOf(world.client.did))
const changes = () => changesIn(world.ports.verifiers, world.seller.id)
const kept = async () =>
  (await world.ports.verifiers.decisions(world.seller.id, { cursor: undefined, limit: 99 })).rows

function objectAt(body: JsonObject, member: string): JsonObject {
  const value = body[member]
  if (!isJsonObject(value)) throw new Error(`${member} is no object`)
  return value
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('a text was expected')
  return value
}

function claimsOf(token: Json | undefined): JsonObject {
  const [, payload = ''] = textOf(token).split('.')
  const text = utf8Text(decodeBase64url(payload) ?? new Uint8Array()) ?? ''
  return JSON.parse(text) as JsonObject
}

describe('POST /verifiers/{id}/registrations', () => {
  it('R16, R19: 201 with the client, its legal entity, the chain, all checks and the decision', async () => {
    const { status, body } = await register()
    expect([status, body['outcome'], codesOf(body)]).toEqual([201, 'accepted', []])
    expect(body['client']).toMatchObject({
      client_id: world.client.did,
      client_name: 'Example Buyer Ltd',
      jwks: { keys: [{ kid: world.client.kid, crv: 'Ed25519', use: 'sig' }] },
      redirect_uris: [CALLBACK, OTHER_CALLBACK],
      scope: 'openid lso:sonata:buyer',
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['authorization_code', 'client_credentials'],
      response_types: ['code'],
    })
    expect(body).toMatchObject({
      legalEntity: { legalName: 'Example Buyer Ltd', credentialId: world.credentialId },
      trustChain: [{ did: world.registrar.did, accreditation: null }],
      validUntil: '2027-01-15T12:00:00Z',
    })
    expect(await clientNow()).toMatchObject({
      status: 'active',
      decisionId: body['decisionId'],
      registeredAt: NOW,
    })
  })

  it('names the rule that each check answers to, in what it accepts and in what it refuses', async () => {
    const unruled = (body: JsonObject) =>
      listed(body['checks']).filter((one) => isJsonObject(one) && typeof one['rule'] !== 'string')
    const accepted = await register({ software_statement: await world.statement(world.client) })
    expect([accepted.status, unruled(accepted.body)]).toEqual([201, []])
    const credential = legalEntity(world.client.did, { validUntil: '2026-01-15T12:00:01Z' })
    const { token } = await world.issue({ credential })
    world.pass(60)
    const refused = [
      await register({ presentation: 'a.b.c', software_statement: 'a.b.c', client_metadata: 5 }),
      await register({ presentation: await world.presented({ aud: 'x', exp: NOW }, []) }),
      await register({ presentation: await world.presented({ iat: NOW + 60 }, [token]) }),
      await register({
        software_statement: await world.statement(world.client, { jti: 5, aud: 'x', sub: 'x' }),
      }),
    ]
    for (const { status, body } of refused) expect([status, unruled(body)]).toEqual([400, []])
  })

  it('signs a decision JWT about exactly that, for the audience, until it ends', async () => {
    const { body } = await register()
    const claims = claimsOf(body['decision_jwt'])
    expect(claims).toMatchObject({
      iss: world.seller.did,
      sub: world.client.did,
      aud: world.seller.audience,
      iat: NOW,
      exp: NOW + 365 * 24 * 60 * 60,
      jti: body['decisionId'],
      evidence_digest: body['evidenceDigest'],
      outcome: 'accepted',
    })
    expect(canonicalJson(claims['client'] ?? null)).toBe(canonicalJson(body['client'] ?? null))
    const sealed = await world.ports.verifiers.decision(world.seller.id, textOf(body['decisionId']))
    const digest = world.ports.digest.sha256(utf8(sealed?.evidence ?? ''))
    expect(encodeBase64url(digest)).toBe(body['evidenceDigest'])
  })

  it('keeps evidence from which it can be decided again, without asking anybody', async () => {
    const { body } = await register({
      software_statement: await world.statement(world.client),
      client_metadata: { scope: 'openid' },
    })
    world.fetch.answers.clear()
    const again = await replayDecision(world.ports, world.seller, textOf(body['decisionId']))
    expect(again).toMatchObject({ ok: true, value: { outcome: 'same', differences: [] } })
  })

  it('R16: registers the same DID as the same client, under the newer decision', async () => {
    const first = await register()
    world.pass(60)
    const presentation = await world.presented({ iat: NOW + 60, exp: NOW + 120 })
    const second = await register({ presentation })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await clientNow()).toMatchObject({
      registeredAt: NOW,
      since: NOW,
      evaluatedAt: NOW + 60,
      decisionId: second.body['decisionId'],
    })
    expect(await changes()).toMatchObject([{ changed: ['registered'], status: 'active' }])
  })

  it('H13: answers a retry under its Idempotency-Key with the same bytes, and another body with 422', async () => {
    const body = { presentation: await world.presented() }
    const headers = { 'Idempotency-Key': 'lost-response' }
    const first = await world.post('/registrations', body, headers)
    const second = await world.post('/registrations', body, headers)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.text).toBe(first.text)
    const other = await world.post(
      '/registrations',
      { ...body, client_metadata: { scope: 'openid' } },
      headers,
    )
    expect(other.status).toBe(422)
    expect((await world.post('/registrations', body)).status).toBe(400)
  })

  it('H13: of simultaneous calls under one key makes one decision, and every later call gets it', async () => {
    const body = { presentation: await world.presented() }
    const headers = { 'Idempotency-Key': 'impatient' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.post('/registrations', body, headers)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect((await world.post('/registrations', body, headers)).text).toBe(answers[0]?.text)
    expect(await kept()).toHaveLength(1)
  })

  describe('H16: where nothing could be stored once challenge and statement were spent', () => {
    const headers = { 'Idempotency-Key': 'broken-off' }
    let broken = true
    let body: { presentation: string; software_statement: string }

    beforeEach(async () => {
      broken = true
      world = await aRegistrationWorld(({ verifiers }) => ({
        verifiers: {
          ...verifiers,
          register: (...asked) =>
            broken ? Promise.reject(new StorageUnavailable('away')) : verifiers.register(...asked),
        },
      }))
      const software_statement = await world.statement(world.client)
      body = { presentation: await world.presented(), software_statement }
      const first = await world.post('/registrations', body, headers)
      expect([first.status, first.body['code']]).toEqual([503, 'storage_unavailable'])
      broken = false
    })

    it('the same request under its key is accepted', async () => {
      const again = await world.post('/registrations', body, headers)
      expect([again.status, codesOf(again.body)]).toEqual([201, []])
      expect(await kept()).toHaveLength(1)
    })

    it.each<[string, object, Readonly<Record<string, string>>]>([
      ['under another key', {}, { 'Idempotency-Key': 'another' }],
      ['without a key', {}, {}],
      ['with another body', { client_metadata: { scope: 'openid' } }, headers],
    ])('V6: the same presentation %s is not', async (_, more, under) => {
      const again = await world.post('/registrations', { ...body, ...more }, under)
      expect([again.status, codesOf(again.body)]).toEqual([400, ['nonce_invalid']])
      expect(await kept()).toEqual([])
    })

    it('A16: the same statement with another presentation is not', async () => {
      const other = { ...body, presentation: await world.presented() }
      const again = await world.post('/registrations', other, headers)
      expect([again.status, codesOf(again.body)]).toEqual([400, ['token_replayed']])
    })
  })

  it('V6: of 64 simultaneous uses of one presentation one is accepted', async () => {
    const body = { presentation: await world.presented() }
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => world.post('/registrations', body)),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await kept()).toHaveLength(1)
  })

  it.each<[string, object, number]>([
    ['no presentation', { presentation: undefined }, 400],
    ['A17: a member that is not known', { admin: true }, 400],
    ['a software statement that is no text', { software_statement: {} }, 400],
  ])('refuses a body with %s as a problem', async (_, more, status) => {
    const answer = await register(more)
    expect([answer.status, answer.body['code']]).toEqual([status, 'request_invalid'])
  })

  it('is 404 for a verifier that is not there, and 409 for one that cannot sign', async () => {
    const wanted = { id: 'keyless' as InstanceId, name: 'Example', did: undefined, keys: [] }
    const policy = DEFAULT_POLICY
    await createVerifier(
      world.ports,
      { ...wanted, audience: world.seller.audience, policy },
      world.change(),
    )
    const statuses = []
    for (const id of ['nobody', 'keyless', 'seller']) {
      const answer = await world.app.request(
        `https://trust.example/verifiers/${id}/registrations`,
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ presentation: await world.presented() }),
        },
      )
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([404, 409, 201])
  })

  it('H11: is counted against its caller', async () => {
    const limited = await aRegistrationWorld(() => ({ rateLimiter: { take: () => 30 } }))
    const answer = await limited.post('/registrations', {})
    expect([answer.status, answer.body['code']]).toEqual([429, 'rate_limited'])
  })

  it('D23: counts the fetch of the DID document against the caller, and a refusal stores nothing', async () => {
    const callers: unknown[] = []
    world = await aRegistrationWorld(({ didResolver }) => ({
      didResolver: {
        resolve: (did, options) => {
          callers.push(options?.budget?.caller)
          return didResolver.resolve(did, options)
        },
      },
    }))
    expect((await presenting({ aud: 'https://other.example' })).status).toBe(400)
    expect(callers.length).toBeGreaterThan(0)
    expect(callers).not.toContain(undefined)
    expect([await kept(), await changes(), await clientNow()]).toEqual([[], [], undefined])
  })
})

describe('a presentation that is no good', () => {
  it.each<{ when: string; change: JsonObject; code: string }>([
    {
      when: 'V7: its aud is of somebody else',
      change: { aud: 'https://a.example' },
      code: 'aud_mismatch',
    },
    {
      when: 'V7: its aud is a list',
      change: { aud: ['https://as.seller.example.com'] },
      code: 'aud_mismatch',
    },
    { when: 'V6: its nonce is empty', change: { nonce: '' }, code: 'nonce_invalid' },
    {
      when: 'V6: its nonce is of its own making',
      change: { nonce: 'mine' },
      code: 'nonce_invalid',
    },
    { when: 'V6: its nonce is a list', change: { nonce: ['x'] }, code: 'nonce_invalid' },
    {
      when: 'V6: its nonce is a forged challenge',
      change: { nonce: `lso-challenge.1799999999.${'A'.repeat(22)}.${'A'.repeat(43)}` },
      code: 'nonce_invalid',
    },
    { when: 'V8: it has expired', change: { iat: NOW - 200, exp: NOW - 20 }, code: 'expired' },
    { when: 'V8: it lives too long', change: { exp: NOW + 301 }, code: 'lifetime_too_long' },
    { when: 'V8: it never ends', change: { exp: 0 }, code: 'time_invalid' },
    {
      when: 'V4: its holder is not who signed',
      change: { holder: 'did:web:other.example' },
      code: 'kid_mismatch',
    },
  ])('$when: 400 with invalid_software_statement', async ({ change, code }) => {
    const { status, body } = await presenting(change)
    expect([status, body['outcome'], body['error']]).toEqual([
      400,
      'refused',
      'invalid_software_statement',
    ])
    expect(codesOf(body)).toContain(code)
    expect([body['client'], body['decision_jwt'], await clientNow()]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('V6: a challenge counts once, and a refused presentation does not use it up', async () => {
    const nonce = world.challenge()
    expect((await presenting({ nonce, aud: 'https://other.example' })).status).toBe(400)
    expect((await presenting({ nonce })).status).toBe(201)
    const again = await presenting({ nonce })
    expect([again.status, codesOf(again.body)]).toEqual([400, ['nonce_invalid']])
  })

  it('V6: a challenge ends', async () => {
    const nonce = world.challenge()
    world.pass(301)
    const times = { iat: NOW + 301, exp: NOW + 400 }
    expect(codesOf((await presenting({ nonce, ...times })).body)).toEqual(['nonce_invalid'])
    expect((await presenting(times)).status).toBe(201)
  })

  it.each([
    ['V5: without a credential', async () => [], ['data_model_invalid', 'credentials_missing']],
    [
      'V4: with a credential about somebody else',
      async () => [(await world.issue({ credential: legalEntity((await aParty()).did) })).token],
      ['holder_binding_failed', 'legal_entity_missing'],
    ],
    [
      'D24: with nine credentials',
      async () => Array.from({ length: 9 }, () => world.token),
      ['too_many_credentials'],
    ],
  ])('%s: refused', async (_, credentials, codes) => {
    const presentation = await world.presented({}, await credentials())
    const { status, body } = await register({ presentation })
    expect([status, codesOf(body)]).toEqual([400, codes])
  })

  it('V5: a revoked credential is refused, and its reason is told', async () => {
    const [revocable, other] = [
      await issuedBy(world, world.registrar, legalEntity(world.client.did)),
      await issuedBy(world, world.registrar, legalEntity(world.client.did)),
    ]
    await revocable.set('revocation', true)
    const refused = await register({ presentation: await world.presented({}, [revocable.token]) })
    expect([refused.status, codesOf(refused.body)]).toEqual([
      400,
      ['credential_invalid', 'revoked', 'legal_entity_missing'],
    ])
    const accepted = await register({ presentation: await world.presented({}, [other.token]) })
    expect(accepted.status).toBe(201)
  })
})

describe('trust comes first', () => {
  const unknown = async () => {
    const stranger = 'did:web:stranger.example.net'
    return world.client.sign(
      { typ: 'vc+jwt', cty: 'vc', kid: `${stranger}#k1` },
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        ...legalEntity(world.client.did),
        id: 'https://stranger.example.net/1',
        issuer: stranger,
        credentialStatus: {
          type: 'BitstringStatusListEntry',
          statusPurpose: 'revocation',
          statusListIndex: '1',
          statusListCredential: 'https://lists.stranger.example.net/1',
        },
      },
    )
  }

  it('V14, V11: fetches nothing of an issuer that nobody vouches for, and says so', async () => {
    const presentation = await world.presented({}, [await unknown()])
    const { status, body } = await register({ presentation })
    expect([status, body['error'], body['trust']]).toEqual([
      400,
      'unapproved_software_statement',
      'untrusted',
    ])
    expect(codesOf(body)).toContain('issuer_untrusted')
    expect(world.fetch.requests.map(({ url }) => url)).toEqual([
      'https://buyer.example.com/.well-known/did.json',
    ])
  })

  it('V14: fetches nothing but the DID document before aud, nonce and times are right', async () => {
    await world.policy({
      anchors: [
        {
          did: didOf('did:web:stranger.example.net'),
          types: [LEGAL_ENTITY],
          validFrom: undefined,
          validUntil: undefined,
        },
      ],
    })
    const credentials = [await unknown()]
    for (const change of [{ aud: 'x' }, { nonce: 'x' }, { iat: NOW - 400, exp: NOW - 300 }])
      await register({ presentation: await world.presented(change, credentials) })
    const urls = () => [...new Set(world.fetch.requests.map(({ url }) => url))]
    expect(urls()).toEqual(['https://buyer.example.com/.well-known/did.json'])
    await register({ presentation: await world.presented({}, credentials) })
    expect(urls()).toContain('https://stranger.example.net/.well-known/did.json')
  })

  it('V11, V12: refused without accreditation, with the hint; accepted with it', async () => {
    const registry = await anotherIssuer(world, 'registry')
    const { token } = await issuedBy(world, registry, legalEntity(world.client.did))
    const types = ['LsoIssuerAccreditationCredential']
    const anchor = { did: world.registrar.did, types, validFrom: undefined, validUntil: undefined }
    await world.policy({ anchors: [anchor] })
    const refused = await register({ presentation: await world.presented({}, [token]) })
    expect([refused.status, refused.body['error']]).toEqual([400, 'unapproved_software_statement'])
    expect(JSON.stringify(refused.body['checks'])).toContain('Have the issuer accredited')
    const link = await issuedBy(world, world.registrar, accreditation(registry.did))
    const credentials = [token, link.token]
    const accepted = await register({ presentation: await world.presented({}, credentials) })
    expect([accepted.status, codesOf(accepted.body)]).toEqual([201, []])
    expect(accepted.body['trustChain']).toMatchObject([
      { did: registry.did, accreditation: link.credentialId },
      { did: world.registrar.did, accreditation: null },
    ])
  })

  it('V11: an anchor that has ended counts no more, and one that will end ends the decision', async () => {
    const types = [LEGAL_ENTITY]
    const { did } = world.registrar
    const until = (validUntil: string) =>
      world.policy({ anchors: [{ did, types, validFrom: undefined, validUntil }] })
    await until('2026-01-15T11:00:00Z')
    expect((await register()).body['error']).toBe('unapproved_software_statement')
    await until('2026-02-15T12:00:00Z')
    expect((await register()).body).toMatchObject({
      outcome: 'accepted',
      validUntil: '2026-02-15T12:00:00Z',
    })
  })

  it('V13: a delegate needs the delegation and a policy that allows it', async () => {
    const provider = await anotherIssuer(world, 'provider')
    const entity = await issuedBy(world, world.registrar, legalEntity(provider.did))
    const delegation = await issuedBy(world, provider, {
      type: ['VerifiableCredential', 'LsoDelegationCredential'],
      validFrom: '2026-01-15T12:00:00Z',
      validUntil: '2026-02-01T12:00:00Z',
      credentialSubject: {
        id: world.client.did,
        type: 'Delegate',
        delegator: provider.did,
        scope: ['sonata:quote.read'],
        trustDomain: 'example-exchange',
      },
    })
    const model2 = [world.token, delegation.token, entity.token]
    const denied = await register({ presentation: await world.presented({}, model2) })
    expect([denied.status, denied.body['error']]).toEqual([400, 'unapproved_software_statement'])
    expect(codesOf(denied.body)).toContain('delegation_denied')
    await world.policy({ delegation: 'allow' })
    const allowed = await register({ presentation: await world.presented({}, model2) })
    expect(allowed.body).toMatchObject({
      outcome: 'accepted',
      validUntil: '2026-02-01T12:00:00Z',
      client: { scope: 'openid lso:sonata:buyer lso:sonata:quote.read' },
    })
  })
})

describe('what a client asks for', () => {
  const asking = async (client_metadata: Json) => register({ client_metadata })

  it('V16: gets the redirect URIs it asks for, and no other than those of its document', async () => {
    const { status, body } = await asking({ redirect_uris: [OTHER_CALLBACK] })
    expect([status, objectAt(body, 'client')['redirect_uris']]).toEqual([201, [OTHER_CALLBACK]])
  })

  it.each([
    `${CALLBACK}/`,
    `${CALLBACK}?x=1`,
    `${CALLBACK}#x`,
    'http://buyer.example.com/callback',
    'https://buyer.example.com/call',
    'javascript:alert(1)',
    'https://evil.example/callback',
  ])('V16: refuses %s with invalid_redirect_uri', async (uri) => {
    const { status, body } = await asking({ redirect_uris: [CALLBACK, uri] })
    expect([status, body['error'], codesOf(body)]).toEqual([
      400,
      'invalid_redirect_uri',
      ['redirect_uri_not_in_document'],
    ])
  })

  it.each<[string, Json]>([
    ['A17: a member that is not known', { admin: true }],
    ['A17: a client_secret', { client_secret: 'secret' }],
    ['A17: no object', 'fapi2'],
    ['A17: another client_id', { client_id: 'did:web:other.example' }],
    ['A20: a client_id that is a DID URL', { client_id: 'did:web:buyer.example.com?x=1' }],
    ['A20: a client_id of 4 kB', { client_id: `did:web:${'a'.repeat(4_096)}` }],
    ['A18: a jwks_uri', { jwks_uri: 'https://buyer.example.com/jwks' }],
    ['A18: a logo_uri', { logo_uri: 'https://buyer.example.com/logo' }],
    ['A18: request_uris', { request_uris: ['https://buyer.example.com/r'] }],
    ['A18: a sector_identifier_uri', { sector_identifier_uri: 'https://buyer.example.com/s' }],
    ['A16: jwks by value', { jwks: { keys: [] } }],
    ['F1: another authentication', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['F6: an algorithm that no key has', { token_endpoint_auth_signing_alg: 'ES256' }],
    ['F6: EdDSA on another curve', { token_endpoint_auth_signing_alg: 'Ed448' }],
    [
      'R13: the hybrid flow in the profile fapi2',
      { profile: 'fapi2', response_types: ['code id_token'] },
    ],
    ['F2: tokens without a proof', { dpop_bound_access_tokens: false }],
    ['F4: requests that are not pushed', { require_pushed_authorization_requests: false }],
    ['R22: a scope beyond its roles', { scope: 'openid lso:sonata:seller' }],
  ])('refuses %s with invalid_client_metadata, and fetches nothing for it', async (_, metadata) => {
    const { status, body } = await asking(metadata)
    expect([status, body['error'], await clientNow()]).toEqual([
      400,
      'invalid_client_metadata',
      undefined,
    ])
    expect(world.fetch.requests.every(({ url }) => url.endsWith('/did.json'))).toBe(true)
  })

  it('R22, F6: gives what it asks for within what it may have', async () => {
    const { status, body } = await asking({
      client_id: world.client.did,
      scope: 'openid',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'EdDSA',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      client_name: 'Anything',
      software_id: 'quoting',
      software_version: '1',
    })
    expect([status, body['client']]).toMatchObject([
      201,
      { scope: 'openid', grant_types: ['authorization_code'], client_name: 'Example Buyer Ltd' },
    ])
  })

  it.each(['EdDSA', 'Ed25519'])(
    'F6: registers an Ed25519 key under %s, and names it so; under no name unasked',
    async (alg) => {
      const asked = await asking({ token_endpoint_auth_signing_alg: alg })
      expect([asked.status, asked.body['client']]).toMatchObject([
        201,
        { token_endpoint_auth_signing_alg: alg, jwks: { keys: [{ crv: 'Ed25519' }] } },
      ])
      const { body } = await asking({})
      expect(body['client']).not.toHaveProperty('token_endpoint_auth_signing_alg')
      expect(body['client']).not.toHaveProperty('jwks.keys.0.alg')
    },
  )

  it('R13: registers for the hybrid flow by profile or by response type', async () => {
    const byName = await asking({ profile: 'meflso' })
    const byType = await asking({ response_types: ['code id_token'] })
    for (const { body } of [byName, byType])
      expect(body['client']).toMatchObject({
        response_types: ['code id_token', 'code'],
        grant_types: ['authorization_code', 'implicit', 'client_credentials'],
      })
    expect((await clientNow())?.profile).toBe('meflso')
  })
})

describe('a client that cannot be redirected', () => {
  const byKey = async (client_metadata: Json) => {
    const party: Party = await aParty()
    const { token } = await world.issue({ credential: legalEntity(party.did) })
    const presentation = await present(party, [enveloped(token)], world.challenge())
    return register({ presentation, client_metadata })
  }

  it('R19: a did:key gets tokens of its own, and is told why no more', async () => {
    const { status, body } = await byKey({})
    expect([status, codesOf(body)]).toEqual([201, ['redirect_uri_impossible']])
    expect(body['client']).toMatchObject({
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
    })
    expect(JSON.stringify(body['checks'])).toContain('method_has_no_services')
  })

  it.each<[string, Json]>([
    ['the hybrid flow', { profile: 'meflso' }],
    ['a code', { grant_types: ['authorization_code'] }],
    ['response types', { response_types: ['code'] }],
  ])('R19: is refused where it asks for %s', async (_, metadata) => {
    const { status, body } = await byKey(metadata)
    expect([status, body['error'], codesOf(body)]).toEqual([
      400,
      'invalid_redirect_uri',
      ['redirect_uri_impossible'],
    ])
  })
})

describe('a software statement', () => {
  const byAnchor = (): Party => ({
    did: world.registrar.did,
    kid: world.registrar.keys[0]?.verificationMethod ?? '',
    sign: (header, payload) =>
      world.ports.signer.sign(
        'k1',
        { kid: world.registrar.keys[0]?.verificationMethod ?? '', ...header },
        payload,
      ),
  })
  type Change = Parameters<RegistrationWorld['statement']>[1]
  const stating = async (change: Change = {}, more: object = {}, by: Party = byAnchor()) =>
    register({ software_statement: await world.statement(by, change), ...more })

  it('A16: is accepted from an anchor, and from the client itself', async () => {
    expect((await stating()).status).toBe(201)
    expect((await stating({}, {}, world.client)).status).toBe(201)
  })

  it.each([
    { typ: 'JWT', ofClient: [400, ['typ_mismatch']] },
    { typ: undefined, ofClient: [400, ['typ_mismatch']] },
    { typ: 'Application/Software-Statement+JWT', ofClient: [201, []] },
  ])('J12: of the client itself names its kind: $typ; of an anchor it may not', async (one) => {
    const { typ, ofClient } = one
    const found = async (by: Party) => {
      const as: Party = {
        ...by,
        sign: ({ typ: _, ...header }, claims) =>
          by.sign(typ === undefined ? header : { ...header, typ }, claims),
      }
      const { status, body } = await stating({}, {}, as)
      return [status, codesOf(body)]
    }
    expect(await found(world.client)).toEqual(ofClient)
    expect(await found(byAnchor())).toEqual([201, []])
  })

  it.each<{ when: string; change: Change; code: string }>([
    { when: 'has expired', change: { iat: NOW - 300, exp: NOW - 20 }, code: 'expired' },
    {
      when: 'is older than ten minutes',
      change: { iat: NOW - 601, exp: NOW - 5 },
      code: 'expired',
    },
    {
      when: 'lives longer than ten minutes',
      change: { exp: NOW + 601 },
      code: 'lifetime_too_long',
    },
    { when: 'is of the future', change: { iat: NOW + 61, exp: NOW + 100 }, code: 'not_yet_valid' },
    { when: 'has no iat', change: { iat: undefined }, code: 'time_invalid' },
    { when: 'has no exp', change: { exp: undefined }, code: 'time_invalid' },
    { when: 'has no jti', change: { jti: undefined }, code: 'jti_invalid' },
    { when: 'has no aud', change: { aud: undefined }, code: 'aud_mismatch' },
    { when: 'is for another audience', change: { aud: 'https://x.example' }, code: 'aud_mismatch' },
    {
      when: 'names several audiences',
      change: { aud: ['https://as.seller.example.com'] },
      code: 'aud_mismatch',
    },
    { when: 'is about nobody', change: { sub: undefined }, code: 'statement_client_mismatch' },
    {
      when: 'is about somebody else',
      change: { sub: 'did:web:x.example' },
      code: 'statement_client_mismatch',
    },
    {
      when: 'has another client_id',
      change: { client_id: 'did:web:x.example' },
      code: 'statement_client_mismatch',
    },
    {
      when: 'asks for what is not known',
      change: { grant_types: ['password'] },
      code: 'client_metadata_invalid',
    },
  ])('A16: that $when is invalid_software_statement', async ({ change, code }) => {
    const { status, body } = await stating(change)
    expect([status, body['error']]).toEqual([400, 'invalid_software_statement'])
    expect(codesOf(body)).toContain(code)
  })

  it.each<[string, () => Promise<string>, string]>([
    [
      'DCRInvalidSoftwareStatementSignature: that somebody else signed',
      async () => {
        const forged = await aParty()
        const by = byAnchor()
        return world.statement({ ...by, sign: (h, p) => forged.sign({ ...h, kid: by.kid }, p) })
      },
      'signature_invalid',
    ],
    [
      'that is unsigned',
      async () => `${btoa('{"alg":"none","kid":"did:web:a.example#k"}').replace(/=/g, '')}.e30.`,
      'alg_not_allowed',
    ],
    [
      'with jwks in the header',
      async () => {
        const by = byAnchor()
        return world.statement({ ...by, sign: (h, p) => by.sign({ ...h, jwk: {} }, p) })
      },
      'header_not_allowed',
    ],
    ['that is a presentation', async () => world.presented(), 'typ_mismatch'],
    ['that is no token', async () => 'statement', 'token_malformed'],
  ])('A16: %s is invalid_software_statement', async (_, make, code) => {
    const { status, body } = await register({ software_statement: await make() })
    expect([status, body['error'], codesOf(body)]).toEqual([
      400,
      'invalid_software_statement',
      [code],
    ])
  })

  it('A16: of an issuer that is no anchor is unapproved, whatever keys it brings, and nobody is asked', async () => {
    const stranger = await aParty()
    const by = { ...stranger, did: 'did:web:stranger.example.net' }
    const jwks: Json = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }] }
    const { status, body } = await stating({ jwks }, {}, by)
    expect([status, body['error'], codesOf(body)]).toEqual([
      400,
      'unapproved_software_statement',
      ['statement_issuer_not_approved'],
    ])
    expect(world.fetch.requests).toHaveLength(1)
  })

  it('A16: its own jwks neither verify it nor become the keys of the client', async () => {
    const jwks: Json = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), kid: 'evil' }] }
    const { body } = await stating({ jwks })
    expect(objectAt(body, 'client')['jwks']).toMatchObject({ keys: [{ kid: world.client.kid }] })
    expect(JSON.stringify(body['client'])).not.toContain('evil')
  })

  it('A16: wins over the metadata beside it (RFC 7591 §2.3)', async () => {
    const { body } = await stating(
      { scope: 'openid', redirect_uris: [CALLBACK] },
      { client_metadata: { scope: 'openid lso:sonata:buyer', redirect_uris: [OTHER_CALLBACK] } },
    )
    expect(body['client']).toMatchObject({ scope: 'openid', redirect_uris: [CALLBACK] })
  })

  it('A16: with another software_id than beside it is refused, with the same one it is not', async () => {
    const other = await stating({}, { client_metadata: { software_id: 'other' } })
    expect([other.body['error'], codesOf(other.body)]).toEqual([
      'invalid_software_statement',
      ['statement_software_mismatch'],
    ])
    expect((await stating({}, { client_metadata: { software_id: 'quoting' } })).status).toBe(201)
  })

  it('DCRInvalidRedirectUri: A16, V16: may not name a redirect URI that the DID document lacks', async () => {
    const { status, body } = await stating({ redirect_uris: ['https://evil.example/callback'] })
    expect([status, body['error']]).toEqual([400, 'invalid_redirect_uri'])
  })

  it('A16: counts once, and only when it was accepted', async () => {
    const statement = await world.statement(byAnchor())
    const using = async (more: object = {}) => register({ software_statement: statement, ...more })
    expect((await using({ client_metadata: { admin: true } })).status).toBe(400)
    const answers = await Promise.all(Array.from({ length: 16 }, () => using()))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const again = await using()
    expect([again.body['error'], codesOf(again.body)]).toEqual([
      'invalid_software_statement',
      ['token_replayed'],
    ])
  })
})

describe('POST /verifiers/{id}/registrations/dry-run', () => {
  const dryRun = async (presentation: Json, more: object = {}) =>
    world.post('/registrations/dry-run', { presentation, ...more })
  const withoutNonce = async () =>
    present(world.client, [enveloped(world.token)], '', { nonce: null })

  it('says what a registration would come to, and stores and spends nothing', async () => {
    const [presentation, statement] = [await world.presented(), await world.statement(world.client)]
    const more = { software_statement: statement }
    for (const expected of ['accepted', 'accepted']) {
      const { status, body } = await dryRun(presentation, more)
      expect([status, body['outcome'], body['decisionId'], body['decision_jwt']]).toEqual([
        200,
        expected,
        undefined,
        undefined,
      ])
      expect(body['client']).toMatchObject({ client_id: world.client.did })
    }
    expect([await kept(), await changes(), await clientNow()]).toEqual([[], [], undefined])
    expect((await register({ presentation, ...more })).status).toBe(201)
  })

  it('does without a challenge, and says that a registration needs one', async () => {
    const presentation = await world.client.sign(
      { typ: 'vp+jwt', cty: 'vp' },
      Object.fromEntries(
        Object.entries(claimsOf(await withoutNonce())).filter(([name]) => name !== 'nonce'),
      ),
    )
    const dry = await dryRun(presentation)
    expect([dry.body['outcome'], codesOf(dry.body)]).toEqual(['accepted', ['nonce_missing']])
    const real = await register({ presentation })
    expect([real.status, codesOf(real.body)]).toEqual([400, ['nonce_invalid']])
  })

  it('tells all that must be mended, with hints', async () => {
    const presentation = await world.presented({ aud: 'x' })
    const { status, body } = await dryRun(presentation, { client_metadata: { admin: true } })
    expect([status, body['outcome'], body['error']]).toEqual([
      200,
      'refused',
      'invalid_software_statement',
    ])
    expect(codesOf(body)).toEqual(['aud_mismatch', 'client_metadata_invalid'])
  })
})

describe('what a client rests on', () => {
  it('cannot be deleted, and no retention takes it', async () => {
    const { body } = await register()
    const id = textOf(body['decisionId'])
    const { verifiers } = world.ports
    expect(await verifiers.deleteDecision(world.seller.id, id, world.change())).toMatchObject({
      value: { value: 'in_use' },
    })
    await register()
    expect(await verifiers.deleteDecision(world.seller.id, id, world.change())).toMatchObject({
      value: { value: 'deleted' },
    })
  })
})
