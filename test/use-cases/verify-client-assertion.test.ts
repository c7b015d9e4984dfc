import { beforeAll, describe, expect, it } from 'vitest'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { JWT_BEARER } from '../../src/domain/client-auth/client-assertion.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { DID_WEB_CACHE_SECONDS } from '../../src/domain/limits.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { later } from '../../src/domain/time.ts'
import { verifyClientAssertion } from '../../src/use-cases/verify-client-assertion.ts'
import { compactJws } from '../support/compact-jws.ts'
import { DID, didOf, KEY_1, method, source } from '../support/did-documents.ts'
import { fakeFetch, NOTHING_HOSTED, type HostAnswer } from '../support/fake-fetch.ts'
import {
  aClient,
  aClientWorld,
  registerClient,
  assertionClaims,
  keyOf,
  requestClaims,
  type ClientWorld,
} from '../support/registered-clients.ts'
import { AUDIENCE, aParty, NOW } from '../support/world.ts'

let world: ClientWorld

beforeAll(async () => {
  world = await aClientWorld()
})

const verify = (
  assertion: string,
  { type = JWT_BEARER, clientId }: { readonly type?: string; readonly clientId?: string } = {},
) => verifyClientAssertion(world.ports, world.seller, { clientId, type, assertion })

const signed = (change: Parameters<typeof assertionClaims>[1] = {}, header: JsonObject = {}) =>
  world.buyer.sign(header, assertionClaims(world.buyer.did, change))

/** Codes of everything that was found. */
const codesOf = ({ checks }: Awaited<ReturnType<typeof verify>>) =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))

describe('verifyClientAssertion (RFC 7523 §3, FAPI 2.0 §5.3.2.1, F1)', () => {
  it('F1: accepts the assertion that every refusal below is made from', async () => {
    const report = await verify(await signed())
    expect(codesOf(report)).toEqual([])
    expect(report).toMatchObject({
      verdict: 'valid',
      clientId: world.buyer.did,
      claims: { sub: world.buyer.did, aud: AUDIENCE },
    })
    expect(report.checks.map(({ check }) => check)).toEqual([
      'client_assertion_type',
      'token',
      'client',
      'key',
      'signature',
      'key_listed',
      'client_id',
      'audience',
      'validity_period',
      'jti',
      'replay',
    ])
  })

  it.each<{ when: string; change: Parameters<typeof assertionClaims>[1] }>([
    {
      when: 'par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted: iat and nbf are 8 s ahead',
      change: { iat: NOW + 8, nbf: NOW + 8 },
    },
    { when: 'J21: iat is ahead by exactly the skew', change: { iat: NOW + 60, exp: NOW + 90 } },
    { when: 'J21: exp passed by exactly the skew', change: { iat: NOW - 60, exp: NOW - 10 } },
    { when: 'J22: it lives exactly five minutes', change: { exp: NOW + 300 } },
    { when: 'RFC 7523 §3: it has no iat', change: { iat: undefined } },
    { when: 'it has claims that nobody knows', change: { colour: 'red' } },
  ])('A7: accepts it when $when', async ({ change }) => {
    expect(codesOf(await verify(await signed(change)))).toEqual([])
  })

  const SUITE = 'fapi2-security-profile-final'

  it.each<{ when: string; change: Parameters<typeof assertionClaims>[1]; codes: string[] }>([
    {
      when: `${SUITE}-ensure-client-assertion-with-no-sub-fails: sub is absent`,
      change: { sub: undefined },
      codes: ['client_mismatch'],
    },
    {
      when: 'sub is another',
      change: { sub: 'did:web:other.example' },
      codes: ['client_mismatch'],
    },
    { when: 'iss is absent', change: { iss: undefined }, codes: ['client_mismatch'] },
    {
      when: 'iss is another',
      change: { iss: 'did:web:other.example' },
      codes: ['client_mismatch'],
    },
    {
      when: `${SUITE}-ensure-client-assertion-with-wrong-aud-fails: aud is another`,
      change: { aud: 'https://other.example' },
      codes: ['aud_mismatch'],
    },
    { when: 'aud is absent', change: { aud: undefined }, codes: ['aud_mismatch'] },
    { when: 'aud ends with a slash', change: { aud: `${AUDIENCE}/` }, codes: ['aud_mismatch'] },
    {
      when: 'J23: aud is in upper case',
      change: { aud: AUDIENCE.toUpperCase() },
      codes: ['aud_mismatch'],
    },
    ...['', 0, {}, []].map((aud: Json) => ({
      when: `J23: aud is ${JSON.stringify(aud)}`,
      change: { aud },
      codes: ['aud_mismatch'],
    })),
    {
      when: `${SUITE}-par-test-par-endpoint-url-as-audience-fails: aud is the PAR endpoint`,
      change: { aud: `${AUDIENCE}/par` },
      codes: ['aud_mismatch'],
    },
    {
      when: 'PAREndpointAsArrayAudienceFails: aud is a list with the PAR endpoint',
      change: { aud: [`${AUDIENCE}/par`] },
      codes: ['aud_mismatch'],
    },
    {
      when: 'A9: aud is the token endpoint (TokenEndpointAsAudienceFails)',
      change: { aud: `${AUDIENCE}/token` },
      codes: ['aud_mismatch'],
    },
    {
      when: 'A9: aud is a list of the issuer alone',
      change: { aud: [AUDIENCE] },
      codes: ['aud_mismatch'],
    },
    {
      when: 'A9: aud is a list with the issuer and another server',
      change: { aud: [AUDIENCE, 'https://other.example'] },
      codes: ['aud_mismatch'],
    },
    {
      when: `${SUITE}-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails: exp passed 5 minutes ago`,
      change: { iat: NOW - 360, exp: NOW - 300 },
      codes: ['expired'],
    },
    {
      when: 'J21: exp passed by a second more than the skew',
      change: { iat: NOW - 60, exp: NOW - 11 },
      codes: ['expired'],
    },
    { when: 'exp is absent', change: { exp: undefined }, codes: ['time_invalid'] },
    {
      when: 'IatNbfOver60SecondsInTheFutureFails: iat is 61 s ahead',
      change: { iat: NOW + 61, exp: NOW + 90 },
      codes: ['not_yet_valid'],
    },
    {
      when: 'IatNbfOver60SecondsInTheFutureFails: nbf is 61 s ahead',
      change: { nbf: NOW + 61, exp: NOW + 90 },
      codes: ['not_yet_valid'],
    },
    {
      when: 'J22: it lives a second too long',
      change: { exp: NOW + 301 },
      codes: ['lifetime_too_long'],
    },
    {
      when: 'J22: it has no iat and ends in a day',
      change: { iat: undefined, exp: NOW + 86_400 },
      codes: ['lifetime_too_long'],
    },
    { when: 'jti is absent', change: { jti: undefined }, codes: ['jti_invalid'] },
    { when: 'jti is empty', change: { jti: '' }, codes: ['jti_invalid'] },
    { when: 'jti is no text', change: { jti: 7 }, codes: ['jti_invalid'] },
    {
      when: 'jti is 513 characters long',
      change: { jti: 'j'.repeat(513) },
      codes: ['jti_invalid'],
    },
    {
      when: 'J12: it is a request object besides',
      change: { response_type: 'code' },
      codes: ['typ_mismatch'],
    },
    ...[
      { redirect_uris: [AUDIENCE] },
      { grant_types: ['client_credentials'] },
      { response_types: ['code'] },
      { token_endpoint_auth_method: 'private_key_jwt' },
      { scope: 'openid' },
      { software_id: 'quoting' },
      { software_version: '1' },
      { client_name: 'Example Buyer Ltd' },
      { jwks: { keys: [] } },
      { jwks_uri: AUDIENCE },
    ].map((change) => ({
      when: `J12: it is a software statement besides: ${Object.keys(change).join()}`,
      change,
      codes: ['typ_mismatch'],
    })),
    {
      when: 'several things are wrong: all are listed',
      change: { aud: 'https://other.example', jti: undefined, exp: NOW - 11, iat: NOW - 60 },
      codes: ['aud_mismatch', 'expired', 'jti_invalid'],
    },
  ])('A7: refuses it when $when', async ({ change, codes }) => {
    const report = await verify(await signed(change), { clientId: world.buyer.did })
    expect(codesOf(report)).toEqual(codes)
    expect(report.verdict).toBe('invalid')
  })

  it(`A7: ${SUITE}-ensure-signed-client-assertion-with-RS256-fails`, async () => {
    const header = { alg: 'RS256', kid: world.buyer.kid }
    const token = compactJws(header, assertionClaims(world.buyer.did))
    expect(codesOf(await verify(token))).toEqual(['alg_not_allowed'])
  })

  it.each([
    { row: 'J1', header: { alg: 'none' }, code: 'alg_not_allowed' },
    { row: 'J2', header: { alg: 'HS256' }, code: 'alg_not_allowed' },
    {
      row: 'J6',
      header: { alg: 'EdDSA', jku: 'https://evil.example/jwks' },
      code: 'header_not_allowed',
    },
    { row: 'J8', header: { alg: 'EdDSA', crit: ['exp'] }, code: 'header_not_allowed' },
    { row: 'J10', header: { alg: 'EdDSA', cty: 'JWT' }, code: 'header_not_allowed' },
    { row: 'J12', header: { alg: 'EdDSA', typ: 'dpop+jwt' }, code: 'typ_mismatch' },
    { row: 'K1', header: { alg: 'EdDSA', kid: '' }, code: 'kid_missing' },
  ])('$row: refuses a header that the gate refuses: $header', async ({ header, code }) => {
    const token = compactJws({ kid: world.buyer.kid, ...header }, assertionClaims(world.buyer.did))
    expect(codesOf(await verify(token))).toEqual([code])
  })

  it('A8: a forged signature authenticates nobody', async () => {
    const token = compactJws(
      { alg: 'EdDSA', kid: world.buyer.kid },
      assertionClaims(world.buyer.did),
    )
    const report = await verify(token)
    expect(codesOf(report)).toEqual(['signature_invalid'])
    expect(report.claims).toBeUndefined()
    expect((await verify(await signed())).verdict).toBe('valid')
  })

  it('A8: refuses every other type of assertion', async () => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
    expect(codesOf(await verify(await signed(), { type }))).toEqual([
      'assertion_type_not_supported',
    ])
  })

  it('A4: refuses a client_id beside it that is another, and accepts its own', async () => {
    const other = await aParty()
    await world.register(other)
    const assertion = await signed()
    expect(codesOf(await verify(assertion, { clientId: other.did }))).toEqual([
      'key_not_registered',
      'client_mismatch',
    ])
    expect((await verify(assertion, { clientId: world.buyer.did })).verdict).toBe('valid')
  })

  it('A4: refuses an assertion that another client signed', async () => {
    const other = await aParty()
    await world.register(other)
    const token = await other.sign({}, assertionClaims(world.buyer.did))
    expect(codesOf(await verify(token))).toEqual(['key_not_registered'])
  })

  it.each([
    'did:web:buyer.example#key-1',
    'did:web:buyer.example?a=1',
    'buyer',
    'DID:web:buyer.example',
  ])('A20: refuses the client_id %s, which is no DID', async (clientId) => {
    expect(codesOf(await verify(await signed(), { clientId }))).toEqual(['did_invalid'])
  })

  it('J12: a request object of the client is no assertion', async () => {
    const token = await world.buyer.sign(
      { typ: 'oauth-authz-req+jwt' },
      requestClaims(world.buyer.did, { sub: world.buyer.did, jti: 'x' }),
    )
    expect(codesOf(await verify(token))).toEqual(['typ_mismatch'])
  })
})

describe('verifyClientAssertion: a jti counts once (rows A7, A11–A13)', () => {
  it('A7: refuses it when its jti was used before, and accepts another', async () => {
    const assertion = await signed({ jti: 'used-before' })
    expect((await verify(assertion)).verdict).toBe('valid')
    expect(codesOf(await verify(assertion))).toEqual(['token_replayed'])
    expect(codesOf(await verify(await signed({ jti: 'used-before', exp: NOW + 61 })))).toEqual([
      'token_replayed',
    ])
    expect((await verify(await signed())).verdict).toBe('valid')
  })

  it('a refused assertion leaves no mark: mended, it is accepted', async () => {
    const wrong = await signed({ jti: 'mended', aud: `${AUDIENCE}/token` })
    const report = await verify(wrong)
    expect(report.checks.at(-1)).toMatchObject({ check: 'replay', outcome: 'not_applicable' })
    expect((await verify(await signed({ jti: 'mended' }))).verdict).toBe('valid')
  })

  it("A11: nobody can use up another's jti: neither a client, nor at another server", async () => {
    const other = await aParty()
    await world.register(other)
    expect((await verify(await signed({ jti: 'shared' }))).verdict).toBe('valid')
    const theirs = await other.sign({}, assertionClaims(other.did, { jti: 'shared' }))
    expect((await verify(theirs)).verdict).toBe('valid')
  })

  it('A12: fails when the store of used values cannot answer', async () => {
    const away = {
      firstUse: () => Promise.reject(new Error('away')),
      firstUseBy: () => Promise.reject(new Error('away')),
    }
    const asked = { clientId: undefined, type: JWT_BEARER, assertion: await signed() }
    await expect(
      verifyClientAssertion({ ...world.ports, spentValues: away }, world.seller, asked),
    ).rejects.toThrow('away')
  })
})

describe('verifyClientAssertion: who is listened to at all (R16, V14)', () => {
  const counted = (client?: Partial<RegisteredClient>) => {
    let resolutions = 0
    const ports = {
      ...world.ports,
      didResolver: {
        resolve: (...args: Parameters<typeof world.ports.didResolver.resolve>) => {
          resolutions++
          return world.ports.didResolver.resolve(...args)
        },
      },
    }
    return {
      resolutions: () => resolutions,
      ask: async () => {
        if (client !== undefined) await world.register(world.buyer, client)
        const asked = { clientId: undefined, type: JWT_BEARER, assertion: await signed() }
        return verifyClientAssertion(ports, world.seller, asked)
      },
    }
  }

  it.each<{ change: Partial<RegisteredClient>; code: string; verdict: string }>([
    { change: { status: 'suspended' }, code: 'client_not_active', verdict: 'invalid' },
    { change: { status: 'revoked' }, code: 'client_not_active', verdict: 'invalid' },
    { change: { status: 'degraded' }, code: 'client_status_unknown', verdict: 'indeterminate' },
    { change: { status: 'unknown' }, code: 'client_status_unknown', verdict: 'indeterminate' },
    { change: { validUntil: NOW }, code: 'registration_expired', verdict: 'invalid' },
  ])('refuses a client with $change first, and asks nobody', async ({ change, code, verdict }) => {
    const question = counted({ status: 'active', ...change })
    const report = await question.ask()
    expect([codesOf(report), report.verdict]).toEqual([[code], verdict])
    expect(question.resolutions()).toBe(0)
  })

  it('accepts the same client once it is active again', async () => {
    const question = counted({ status: 'active', validUntil: later(NOW, 1) })
    expect((await question.ask()).verdict).toBe('valid')
    expect(question.resolutions()).toBe(1)
  })

  it('D23: a stranger causes no fetch', async () => {
    const nobody = { resolve: () => Promise.reject(new Error('somebody was asked')) }
    const ports = { ...world.ports, didResolver: nobody }
    const asked = {
      clientId: undefined,
      type: JWT_BEARER,
      assertion: await world.stranger.sign({}, assertionClaims(world.stranger.did)),
    }
    const report = await verifyClientAssertion(ports, world.seller, asked)
    expect(codesOf(report)).toEqual(['client_unknown'])
    await expect(
      verifyClientAssertion(ports, world.seller, { ...asked, assertion: await signed() }),
    ).rejects.toThrow('somebody was asked')
  })
})

describe('verifyClientAssertion: a registered key that the document still lists', () => {
  const HOST = 'https://client.example/.well-known/did.json'

  /** A did:web client whose host answers what the test says. */
  async function aWebClient() {
    const { ports, seller, register: _, ...rest } = await aClientWorld()
    const party = await aParty()
    const jwk = await keyOf(ports, party)
    const listing = { ...source({ verificationMethod: [method({ publicKeyJwk: { ...jwk } })] }) }
    const fetch = fakeFetch({ [HOST]: { json: listing } })
    const didResolver = createDidResolver({ clock: ports.clock, fetch, hosted: NOTHING_HOSTED })
    const client = aClient({ did: DID, kid: KEY_1, jwk }, { decisionId: 'decision-web' })
    await registerClient(ports.verifiers, seller.id, client, rest.change())
    const ask = async () => {
      const now = ports.clock.now()
      const times = { iat: now, exp: now + 60 }
      const assertion = await party.sign({ kid: KEY_1 }, assertionClaims(DID, times))
      const asked = { clientId: undefined, type: JWT_BEARER, assertion }
      return verifyClientAssertion({ ...ports, didResolver }, seller, asked)
    }
    return { fetch, ask, pass: rest.pass, seller, ports, jwk }
  }

  it('accepts it, and fetches the document once for many', async () => {
    const { ask, fetch } = await aWebClient()
    expect((await ask()).verdict).toBe('valid')
    expect((await ask()).verdict).toBe('valid')
    expect(fetch.requests).toHaveLength(1)
  })

  it('K3: refuses a key that was taken out of the document, once the cached copy has ended', async () => {
    const { ask, fetch, pass } = await aWebClient()
    expect((await ask()).verdict).toBe('valid')
    fetch.answers.set(HOST, { json: source({ verificationMethod: [], authentication: [] }) })
    pass(DID_WEB_CACHE_SECONDS)
    expect(codesOf(await ask())).toEqual(['kid_not_found'])
  })

  it('K2: refuses a key that the document lists for assertions only', async () => {
    const { ask, fetch, jwk } = await aWebClient()
    const verificationMethod = [method({ publicKeyJwk: { ...jwk } })]
    fetch.answers.set(HOST, { json: source({ verificationMethod, authentication: [] }) })
    expect(codesOf(await ask())).toEqual(['kid_not_authorized'])
  })

  it('refuses a key that the document has replaced under the same kid', async () => {
    const { ask, fetch } = await aWebClient()
    fetch.answers.set(HOST, { json: source() })
    expect(codesOf(await ask())).toEqual(['key_replaced'])
  })

  it('D22: refuses a client whose DID was deactivated', async () => {
    const { ask, fetch } = await aWebClient()
    fetch.answers.set(HOST, { json: source({ deactivated: true }) })
    expect(codesOf(await ask())).toEqual(['did_deactivated'])
  })

  it.each<{ host: HostAnswer; code: string }>([
    { host: { refusal: 'host_timeout' }, code: 'did_host_timeout' },
    { host: { refusal: 'not_found' }, code: 'did_not_found' },
    { host: { refusal: 'redirect_not_followed' }, code: 'redirect_not_followed' },
    { host: { refusal: 'destination_not_allowed' }, code: 'destination_not_allowed' },
    { host: { json: [] }, code: 'did_document_invalid' },
  ])(
    'answers indeterminate while the host is away: $code; never valid, never revoked',
    async (one) => {
      const { host, code } = one
      const { ask, fetch, seller, ports } = await aWebClient()
      fetch.answers.set(HOST, host)
      const report = await ask()
      expect([report.verdict, codesOf(report)]).toEqual(['indeterminate', [code]])
      const client = await ports.verifiers.client(seller.id, didOf(DID))
      expect(client?.status).toBe('active')
    },
  )

  it('asks for the document only after the client itself has signed', async () => {
    const { fetch, seller, ports } = await aWebClient()
    const didResolver = createDidResolver({ clock: ports.clock, fetch, hosted: NOTHING_HOSTED })
    const assertion = compactJws({ alg: 'EdDSA', kid: KEY_1 }, assertionClaims(DID))
    const asked = { clientId: undefined, type: JWT_BEARER, assertion }
    const report = await verifyClientAssertion({ ...ports, didResolver }, seller, asked)
    expect(codesOf(report)).toEqual(['signature_invalid'])
    expect(fetch.requests).toEqual([])
  })
})
