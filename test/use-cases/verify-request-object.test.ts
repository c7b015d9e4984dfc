import { beforeAll, describe, expect, it } from 'vitest'
import type { RequestEndpoint } from '../../src/domain/client-auth/request-object.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { verifyRequestObject } from '../../src/use-cases/verify-request-object.ts'
import { compactJws } from '../support/compact-jws.ts'
import {
  aClientWorld,
  assertionClaims,
  hybridClaims,
  REDIRECT_URI,
  requestClaims,
  type ClientWorld,
} from '../support/registered-clients.ts'
import { AUDIENCE, aParty, NOW, type Party } from '../support/world.ts'

type Change = Readonly<Record<string, Json | undefined>>

/** The suite's name of a module begins so. */
const SUITE = 'fapi2-security-profile-final'
const HOUR = 3_600

let world: ClientWorld
/** A client of the other profile. */
let hybrid: Party

beforeAll(async () => {
  world = await aClientWorld()
  hybrid = await aParty()
  await world.register(hybrid, { profile: 'meflso' })
})

interface Beside {
  readonly clientId?: string
  readonly endpoint?: RequestEndpoint
  readonly parameters?: JsonObject
}

const verify = (request: string, beside: Beside = {}) =>
  verifyRequestObject(world.ports, world.seller, {
    clientId: world.buyer.did,
    endpoint: 'par',
    parameters: {},
    request,
    ...beside,
  })

const signed = (change: Change = {}, header: JsonObject = {}) =>
  world.buyer.sign(
    { typ: 'oauth-authz-req+jwt', ...header },
    requestClaims(world.buyer.did, change),
  )

const codesOf = ({ checks }: Awaited<ReturnType<typeof verify>>) =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))

describe('verifyRequestObject (RFC 9101, FAPI 2.0 Message Signing §5.3.1; F4–F7)', () => {
  it('F5: accepts the request object that every refusal below is made from', async () => {
    const report = await verify(await signed())
    expect(codesOf(report)).toEqual([])
    expect(report).toMatchObject({
      verdict: 'valid',
      clientId: world.buyer.did,
      claims: { redirect_uri: REDIRECT_URI },
    })
  })

  it.each<{ when: string; change: Change }>([
    {
      when: `A2: ${SUITE}-ensure-request-object-with-multiple-aud-succeeds: aud is a list with the issuer`,
      change: { aud: [AUDIENCE, 'https://other.example'] },
    },
    { when: 'A2: aud is a list of the issuer alone', change: { aud: [AUDIENCE] } },
    {
      when: `A2: ${SUITE}-ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted`,
      change: { nbf: NOW + 8 },
    },
    {
      when: `${SUITE}-ensure-authorization-request-without-state-success, ensure-authorization-request-without-nonce-success`,
      change: { state: undefined, nonce: undefined },
    },
    {
      when: `${SUITE}-ensure-request-object-with-64-char-nonce-success`,
      change: { nonce: 'n'.repeat(64) },
    },
    {
      when: `${SUITE}-ensure-authorization-request-with-long-nonce: 512 characters`,
      change: { nonce: 'n'.repeat(512) },
    },
    {
      when: `${SUITE}-ensure-authorization-request-with-long-state: 2,048 characters`,
      change: { state: 's'.repeat(2_048) },
    },
    {
      when: `${SUITE}-ensure-other-scope-order-succeeds`,
      change: { scope: 'lso:quote openid' },
    },
    { when: 'it names no scope', change: { scope: undefined } },
    { when: 'F5: it is exactly 60 minutes old', change: { nbf: NOW - HOUR, exp: NOW } },
    { when: 'F5: it lives exactly 60 minutes', change: { exp: NOW + HOUR } },
    { when: 'it has claims that nobody knows', change: { colour: 'red' } },
  ])('accepts it when $when', async ({ change }) => {
    expect(codesOf(await verify(await signed(change)))).toEqual([])
  })

  it.each<{ when: string; change: Change; codes: string[] }>([
    {
      when: `${SUITE}-ensure-request-object-without-exp-fails`,
      change: { exp: undefined },
      codes: ['time_invalid'],
    },
    {
      when: `${SUITE}-ensure-request-object-without-nbf-fails`,
      change: { nbf: undefined },
      codes: ['time_invalid'],
    },
    {
      when: `${SUITE}-ensure-expired-request-object-fails`,
      change: { nbf: NOW - 60, exp: NOW - 11 },
      codes: ['expired'],
    },
    {
      when: `${SUITE}-ensure-request-object-with-exp-over-60-fails`,
      change: { exp: NOW + HOUR + 1 },
      codes: ['lifetime_too_long'],
    },
    {
      when: `${SUITE}-ensure-request-object-with-nbf-over-60-fails`,
      change: { nbf: NOW - HOUR - 1, exp: NOW - 1 },
      codes: ['expired'],
    },
    { when: 'J21: nbf is 61 s ahead', change: { nbf: NOW + 61 }, codes: ['not_yet_valid'] },
    {
      when: `${SUITE}-ensure-request-object-with-bad-aud-fails`,
      change: { aud: 'https://other.example' },
      codes: ['aud_mismatch'],
    },
    { when: 'aud is absent', change: { aud: undefined }, codes: ['aud_mismatch'] },
    { when: 'aud is an empty list', change: { aud: [] }, codes: ['aud_mismatch'] },
    {
      when: 'aud is a list with something else than texts',
      change: { aud: [AUDIENCE, 1] },
      codes: ['aud_mismatch'],
    },
    { when: 'aud ends with a slash', change: { aud: `${AUDIENCE}/` }, codes: ['aud_mismatch'] },
    {
      when: `${SUITE}-ensure-request-object-without-redirect-uri-fails`,
      change: { redirect_uri: undefined },
      codes: ['redirect_uri_missing'],
    },
    { when: 'iss is absent', change: { iss: undefined }, codes: ['client_mismatch'] },
    {
      when: 'A4: iss is another',
      change: { iss: 'did:web:other.example' },
      codes: ['client_mismatch'],
    },
    {
      when: 'A4: client_id is another',
      change: { client_id: 'did:web:other.example' },
      codes: ['client_mismatch'],
    },
    { when: 'client_id is absent', change: { client_id: undefined }, codes: ['client_mismatch'] },
    {
      when: `A3: ${SUITE}-par-authorization-request-containing-request_uri`,
      change: { request_uri: 'urn:ietf:params:oauth:request_uri:1' },
      codes: ['claim_not_allowed'],
    },
    {
      when: 'RFC 9101 §4: a request is inside',
      change: { request: 'a.b.c' },
      codes: ['claim_not_allowed'],
    },
    { when: 'jti is empty', change: { jti: '' }, codes: ['jti_invalid'] },
  ])('A1: refuses it when $when', async ({ change, codes }) => {
    const report = await verify(await signed(change))
    expect(codesOf(report)).toEqual(codes)
    expect(report.verdict).toBe('invalid')
  })

  it('J12: refuses one whose sub would make it an assertion', async () => {
    expect(codesOf(await verify(await signed({ sub: world.buyer.did })))).toEqual([
      'claim_not_allowed',
    ])
    expect(codesOf(await verify(await signed({ sub: 'somebody' })))).toEqual([])
  })

  it.each<{ when: string; change: Change; codes: string[] }>([
    {
      when: `${SUITE}-par-ensure-pkce-required`,
      change: { code_challenge: undefined, code_challenge_method: undefined },
      codes: ['code_challenge_invalid'],
    },
    {
      when: `${SUITE}-par-plain-pkce-rejected`,
      change: { code_challenge_method: 'plain' },
      codes: ['code_challenge_invalid'],
    },
    {
      when: 'the method is absent, which means plain',
      change: { code_challenge_method: undefined },
      codes: ['code_challenge_invalid'],
    },
    {
      when: 'the challenge is no SHA-256',
      change: { code_challenge: 'short' },
      codes: ['code_challenge_invalid'],
    },
    {
      when: `${SUITE}-ensure-response-type-code-idtoken-fails`,
      change: { response_type: 'code id_token' },
      codes: ['response_type_not_allowed'],
    },
    {
      when: `${SUITE}-ensure-response-type-token-fails`,
      change: { response_type: 'token' },
      codes: ['response_type_not_allowed'],
    },
    {
      when: 'response_type is absent',
      change: { response_type: undefined },
      codes: ['response_type_not_allowed'],
    },
  ])('A6: refuses it when $when', async ({ change, codes }) => {
    expect(codesOf(await verify(await signed(change)))).toEqual(codes)
  })

  it.each([
    'https://buyer.example.com/other',
    `${REDIRECT_URI}/`,
    `${REDIRECT_URI}?a=1`,
    `${REDIRECT_URI}#fragment`,
    REDIRECT_URI.replace('https:', 'http:'),
    REDIRECT_URI.replace('buyer', 'BUYER'),
    REDIRECT_URI.slice(0, -1),
    'javascript:alert(1)',
  ])(`V16: ${SUITE}-ensure-registered-redirect-uri: refuses %s`, async (redirectUri) => {
    expect(codesOf(await verify(await signed({ redirect_uri: redirectUri })))).toEqual([
      'redirect_uri_not_registered',
    ])
  })

  it.each([
    { scope: 'openid lso:order', code: 'scope_not_registered' },
    { scope: 'openid  lso:quote', code: 'scope_invalid' },
    { scope: '', code: 'scope_invalid' },
    { scope: ['openid'], code: 'scope_invalid' },
    { state: '', code: 'state_invalid' },
    { state: 7, code: 'state_invalid' },
    { state: 's'.repeat(2_049), code: 'state_invalid' },
    { nonce: '', code: 'request_nonce_invalid' },
    { nonce: 'n'.repeat(513), code: 'request_nonce_invalid' },
  ])('R22, O2: refuses $code: %o', async ({ code, ...change }) => {
    expect(codesOf(await verify(await signed(change)))).toEqual([code])
  })

  it('lists everything that is wrong, not the first', async () => {
    const change = {
      aud: undefined,
      exp: undefined,
      redirect_uri: undefined,
      response_type: 'token',
    }
    expect(codesOf(await verify(await signed(change)))).toEqual([
      'aud_mismatch',
      'time_invalid',
      'redirect_uri_missing',
      'response_type_not_allowed',
    ])
  })

  it('F4: takes a FAPI 2.0 request at the PAR endpoint only', async () => {
    const report = await verify(await signed(), { endpoint: 'authorize' })
    expect(codesOf(report)).toEqual(['pushed_request_required'])
  })
})

describe('verifyRequestObject: who signed it (rows A1, A4, J1–J12)', () => {
  it.each([
    {
      when: `J1: ${SUITE}-ensure-request-object-signature-algorithm-is-not-none`,
      header: { alg: 'none' },
      code: 'alg_not_allowed',
    },
    {
      when: `J3: ${SUITE}-ensure-signed-request-object-with-RS256-fails`,
      header: { alg: 'RS256' },
      code: 'alg_not_allowed',
    },
    { when: 'J2: HS256', header: { alg: 'HS256' }, code: 'alg_not_allowed' },
    {
      when: 'J5: a key in the header',
      header: { alg: 'EdDSA', jwk: {} },
      code: 'header_not_allowed',
    },
    { when: 'J12: a DPoP proof', header: { alg: 'EdDSA', typ: 'dpop+jwt' }, code: 'typ_mismatch' },
    {
      when: `A1: ${SUITE}-ensure-request-object-with-invalid-signature-fails`,
      header: { alg: 'EdDSA' },
      code: 'signature_invalid',
    },
  ])('refuses $when', async ({ header, code }) => {
    const token = compactJws({ kid: world.buyer.kid, ...header }, requestClaims(world.buyer.did))
    const report = await verify(token)
    expect(codesOf(report)).toEqual([code])
    expect(report.claims).toBeUndefined()
  })

  it(`A1: ${SUITE}-ensure-matching-key-in-authorization-request: refuses another client's key`, async () => {
    const other = await aParty()
    await world.register(other)
    const token = await other.sign({}, requestClaims(world.buyer.did))
    expect(codesOf(await verify(token))).toEqual(['key_not_registered'])
    const relabelled = await other.sign({ kid: world.buyer.kid }, requestClaims(world.buyer.did))
    expect(codesOf(await verify(relabelled))).toEqual(['signature_invalid'])
    const theirs = await other.sign({}, requestClaims(other.did))
    expect(codesOf(await verify(theirs, { clientId: other.did }))).toEqual([])
    expect(codesOf(await verify(theirs))).toEqual(['key_not_registered', 'client_mismatch'])
  })

  it(`A3: ${SUITE}-ensure-unsigned-request-at-par-endpoint-fails: refuses what is no JWS`, async () => {
    expect(codesOf(await verify(''))).toEqual(['token_malformed'])
    expect(codesOf(await verify(JSON.stringify(requestClaims(world.buyer.did))))).toEqual([
      'token_malformed',
    ])
  })

  it('J12: an assertion of the client is no request object', async () => {
    const token = await world.buyer.sign({}, assertionClaims(world.buyer.did))
    const codes = codesOf(await verify(token))
    expect(codes).toContain('claim_not_allowed')
    expect(codes).toContain('client_mismatch')
  })

  it('refuses a stranger first, and says nothing more', async () => {
    const { stranger } = world
    const token = await stranger.sign({}, requestClaims(stranger.did))
    const report = await verify(token, { clientId: stranger.did })
    expect(report.checks.map(({ check, code }) => [check, code])).toEqual([
      ['token', undefined],
      ['client', 'client_unknown'],
    ])
  })
})

describe('verifyRequestObject: the parameters beside it (RFC 9101 §6.3, RFC 9126 §3; A3, A4, R14)', () => {
  const parameters =
    (beside: JsonObject, endpoint: RequestEndpoint = 'par') =>
    async () =>
      codesOf(
        await verify(await signed({ state: 's1', max_age: 60 }), { endpoint, parameters: beside }),
      )

  it(`${SUITE}-par-without-duplicate-parameters: needs none of them`, async () => {
    expect(await parameters({})()).toEqual([])
  })

  it('accepts what authenticates the client, and duplicates that are the same', async () => {
    const beside = {
      client_id: world.buyer.did,
      client_assertion_type: 'urn:x',
      client_assertion: 'a.b.c',
      state: 's1',
      max_age: '60',
      redirect_uri: REDIRECT_URI,
    }
    expect(await parameters(beside)()).toEqual([])
  })

  it.each<[when: string, beside: JsonObject]>([
    [
      `A3: ${SUITE}-par-authorization-request-containing-request_uri-form-param`,
      { request_uri: 'urn:x' },
    ],
    [`${SUITE}-ensure-different-state-inside-and-outside-request-object`, { state: 's2' }],
    ['A4: another client_id', { client_id: 'did:web:other.example' }],
    ['A3: client_id twice', { client_id: ['did:web:a.example', 'did:web:b.example'] }],
    ['A3: state twice', { state: ['s1', 's1'] }],
    ['A3: a parameter that the object lacks', { prompt: 'login' }],
    [`${SUITE}-state-only-outside-request-object-not-used`, { nonce: 'n1' }],
    ['another number', { max_age: '61' }],
  ])('refuses at the PAR endpoint: %s', async (_, beside) => {
    expect(await parameters(beside)()).toEqual(['parameter_not_allowed'])
  })

  it('R14: names the parameters that it refuses', async () => {
    const report = await verify(await signed({ state: 's1' }), {
      parameters: { state: 's2', x: '1' },
    })
    expect(report.checks.find(({ check }) => check === 'parameters')).toMatchObject({
      evidence: { parameters: ['state', 'x'] },
    })
  })
})

describe('verifyRequestObject: a jti counts once, and without one there is no mark', () => {
  it('refuses a jti that was used before', async () => {
    const request = await signed({ jti: 'request-1' })
    expect(codesOf(await verify(request))).toEqual([])
    expect(codesOf(await verify(request))).toEqual(['token_replayed'])
    expect(codesOf(await verify(await signed({ jti: 'request-2' })))).toEqual([])
  })

  it('accepts one without jti again: its request_uri is what counts once', async () => {
    const request = await signed()
    expect(codesOf(await verify(request))).toEqual([])
    const again = await verify(request)
    expect(codesOf(again)).toEqual([])
    expect(again.checks.map(({ check }) => check)).not.toContain('replay')
  })

  it('a refused one leaves no mark: mended, it is accepted', async () => {
    await verify(await signed({ jti: 'request-3', response_type: 'token' }))
    expect(codesOf(await verify(await signed({ jti: 'request-3' })))).toEqual([])
  })

  it('A11: the jti of an assertion and of a request object are two', async () => {
    const shared = { jti: 'assertion-and-request' }
    expect(codesOf(await verify(await signed(shared)))).toEqual([])
    const other = await aParty()
    await world.register(other)
    const theirs = await other.sign({}, requestClaims(other.did, shared))
    expect(codesOf(await verify(theirs, { clientId: other.did }))).toEqual([])
  })
})

describe('verifyRequestObject: the hybrid flow of W128 (R13–R28)', () => {
  const ask = async (change: Change = {}, beside: Beside = {}) =>
    codesOf(
      await verify(await hybrid.sign({}, hybridClaims(hybrid.did, change)), {
        clientId: hybrid.did,
        endpoint: 'authorize',
        ...beside,
      }),
    )
  const idToken = (members: JsonObject): Change => ({
    claims: { id_token: { meflso_intent_id: { value: 'intent-1', essential: true }, ...members } },
  })

  it('R13, R23–R26: accepts the request that every refusal below is made from, by value and pushed', async () => {
    expect(await ask()).toEqual([])
    expect(await ask({}, { endpoint: 'par' })).toEqual([])
  })

  it.each<{ when: string; change: Change }>([
    {
      when: 'R13: it asks for a code alone, with PKCE',
      change: {
        response_type: 'code',
        nonce: undefined,
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      },
    },
    { when: 'R13: the values are in another order', change: { response_type: 'id_token code' } },
    {
      when: 'R28: one acr value is asked for',
      change: idToken({ acr: { value: 'urn:meflso:ca' } }),
    },
    { when: 'R28: by acr_values', change: { acr_values: 'urn:meflso:sca urn:meflso:ca' } },
    { when: 'O3: no acr is asked for', change: idToken({}) },
  ])('accepts it when $when', async ({ change }) => {
    expect(await ask(change)).toEqual([])
  })

  it.each<{ when: string; change: Change; codes: string[] }>([
    {
      when: 'R13: code id_token token',
      change: { response_type: 'code id_token token' },
      codes: ['response_type_not_allowed'],
    },
    {
      when: 'R13: id_token alone',
      change: { response_type: 'id_token' },
      codes: ['response_type_not_allowed'],
    },
    { when: 'R15: no nonce', change: { nonce: undefined }, codes: ['request_nonce_invalid'] },
    {
      when: 'R17: no redirect_uri',
      change: { redirect_uri: undefined },
      codes: ['redirect_uri_missing'],
    },
    {
      when: 'R18: another redirect_uri',
      change: { redirect_uri: 'https://x.example' },
      codes: ['redirect_uri_not_registered'],
    },
    { when: 'R20: no scope', change: { scope: undefined }, codes: ['scope_invalid'] },
    {
      when: 'R21: a scope without openid',
      change: { scope: 'lso:quote' },
      codes: ['scope_invalid'],
    },
    {
      when: 'R22: a scope beyond the registered ones',
      change: { scope: 'openid lso:order' },
      codes: ['scope_not_registered'],
    },
    { when: 'R26: no claims', change: { claims: undefined }, codes: ['intent_missing'] },
    { when: 'R26: no intent', change: { claims: { id_token: {} } }, codes: ['intent_missing'] },
    {
      when: 'R26: an intent without a value',
      change: { claims: { id_token: { meflso_intent_id: null } } },
      codes: ['intent_missing'],
    },
    {
      when: 'R26: an intent that is no text',
      change: { claims: { id_token: { meflso_intent_id: { value: 7 } } } },
      codes: ['intent_missing'],
    },
    {
      when: 'R26: an intent in userinfo only',
      change: { claims: { userinfo: { meflso_intent_id: { value: 'i' } } } },
      codes: ['intent_missing'],
    },
    {
      when: 'R28: another acr',
      change: idToken({ acr: { values: ['urn:meflso:sca', 'urn:other'] } }),
      codes: ['acr_not_allowed'],
    },
    {
      when: 'R28: another acr_values',
      change: { acr_values: 'urn:other' },
      codes: ['acr_not_allowed'],
    },
    {
      when: 'A6: PKCE that is plain',
      change: { code_challenge: 'x', code_challenge_method: 'plain' },
      codes: ['code_challenge_invalid'],
    },
    {
      when: 'A6: a code alone without PKCE',
      change: { response_type: 'code' },
      codes: ['code_challenge_invalid'],
    },
    { when: 'F5: no nbf', change: { nbf: undefined }, codes: ['time_invalid'] },
  ])('refuses $when', async ({ change, codes }) => {
    expect(await ask(change)).toEqual(codes)
  })

  it('R14: parameters of the query equal those of the request object', async () => {
    const same = {
      response_type: 'code id_token',
      scope: 'openid lso:quote',
      client_id: hybrid.did,
    }
    expect(await ask({}, { parameters: same })).toEqual([])
    expect(await ask({}, { parameters: { ...same, response_type: 'code' } })).toEqual([
      'parameter_not_allowed',
    ])
    const claims = JSON.stringify(hybridClaims(hybrid.did)['claims'])
    expect(await ask({}, { parameters: { claims } })).toEqual([])
    expect(await ask({}, { parameters: { claims: '{}' } })).toEqual(['parameter_not_allowed'])
  })

  it(`${SUITE}-state-only-outside-request-object-not-used: it is passed over, and said so`, async () => {
    const report = await verify(await hybrid.sign({}, hybridClaims(hybrid.did)), {
      clientId: hybrid.did,
      endpoint: 'authorize',
      parameters: { state: 'outside' },
    })
    expect(report.verdict).toBe('valid')
    expect(report.claims).not.toHaveProperty('state')
    expect(report.checks.find(({ check }) => check === 'parameters')).toMatchObject({
      outcome: 'pass',
      evidence: { parameters: ['state'] },
    })
  })

  it('A3: refuses a request_uri beside the request object', async () => {
    expect(await ask({}, { parameters: { request_uri: 'https://x.example/r' } })).toEqual([
      'parameter_not_allowed',
    ])
  })
})
