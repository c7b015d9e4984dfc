import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/client/base64url.ts'
import { ALGORITHMS, type SignatureAlg } from '../../src/client/algorithms.ts'
import { verifyDecision } from '../../src/client/verify-decision.ts'
import { FINDINGS } from '../../src/domain/verification/findings.ts'
import { AUDIENCE, NOW } from '../support/world.ts'

const ISSUER = 'did:web:trust.example:verifiers:seller'
const KID = `${ISSUER}#k1`
const CLAIMS = {
  iss: ISSUER,
  sub: 'did:web:buyer.example',
  aud: AUDIENCE,
  jti: 'decision-1',
  iat: NOW,
  exp: NOW + 3600,
}
const HEADER = { typ: 'lso-decision+jwt', kid: KID }

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text))
const part = (value: unknown) =>
  encodeBase64url(bytes(typeof value === 'string' ? value : JSON.stringify(value)))

async function aVerifier(alg: SignatureAlg, modulusLength = 2048) {
  const rsa = { modulusLength, publicExponent: new Uint8Array([1, 0, 1]) }
  const made = { ...ALGORITHMS[alg].imported, ...(alg === 'PS256' ? rsa : {}) }
  const pair = await crypto.subtle.generateKey(made, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair')
  const { kty, crv, x, y, n, e } = JSON.parse(
    JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  ) as Readonly<Record<string, string>>
  const key = JSON.parse(
    JSON.stringify({ kty, crv, x, y, n, e, kid: KID, alg, use: 'sig' }),
  ) as Readonly<Record<string, string>>
  return {
    key,
    sign: async (header: object, claims: unknown): Promise<string> => {
      const input = `${part({ alg, ...header })}.${part(claims)}`
      const signature = await crypto.subtle.sign(
        ALGORITHMS[alg].used,
        pair.privateKey,
        bytes(input),
      )
      return `${input}.${encodeBase64url(new Uint8Array(signature))}`
    },
  }
}

const expected = (key: Readonly<Record<string, string>>) => ({
  jwks: { keys: [key] },
  issuer: ISSUER,
  audience: AUDIENCE,
  now: NOW,
})

describe('verifyDecision', () => {
  it.each(['EdDSA', 'ES256', 'PS256', 'ES384'] as const)(
    'accepts the decision that every refusal below is made from: %s',
    async (alg) => {
      const { key, sign } = await aVerifier(alg)
      const verified = await verifyDecision(await sign(HEADER, CLAIMS), expected(key))
      expect(verified).toEqual({ valid: true, claims: CLAIMS })
    },
  )

  it.each([
    [{ typ: 'JWT' }, {}, 'typ_mismatch'],
    [{ typ: undefined }, {}, 'typ_mismatch'],
    [{ typ: 'lso-receipt+jwt' }, {}, 'typ_mismatch'],
    [{ alg: 'none' }, {}, 'alg_not_allowed'],
    [{ alg: 'HS256' }, {}, 'alg_not_allowed'],
    [{ alg: 'ES256' }, {}, 'key_alg_mismatch'],
    [{ kid: undefined }, {}, 'kid_missing'],
    [{ kid: `${ISSUER}#k2` }, {}, 'kid_not_found'],
    [{ crit: ['b64'], b64: false }, {}, 'header_not_allowed'],
    [{ jwk: { kty: 'OKP' } }, {}, 'header_not_allowed'],
    [{}, { iss: 'did:web:other.example' }, 'issuer_mismatch'],
    [{}, { iss: undefined }, 'issuer_mismatch'],
    [{}, { aud: 'https://as.other.example' }, 'aud_mismatch'],
    [{}, { aud: [AUDIENCE] }, 'aud_mismatch'],
    [{}, { aud: undefined }, 'aud_mismatch'],
    [{}, { exp: undefined }, 'time_invalid'],
    [{}, { iat: String(NOW) }, 'time_invalid'],
    [{}, { exp: NOW - 10 }, 'expired'],
    [{}, { iat: NOW + 61 }, 'not_yet_valid'],
    [{}, { nbf: NOW + 61 }, 'not_yet_valid'],
  ])('J3, J21: refuses %j %j', async (header, claims, code) => {
    const { key, sign } = await aVerifier('EdDSA')
    const token = await sign({ ...HEADER, ...header }, { ...CLAIMS, ...claims })
    const verified = await verifyDecision(token, expected(key))
    expect(verified).toEqual({ valid: false, code, hint: FINDINGS[code as keyof typeof FINDINGS] })
  })

  it.each([[{ exp: NOW - 9 }], [{ iat: NOW + 60 }], [{ nbf: NOW + 60 }]])(
    'J21: accepts the last moment: %j',
    async (claims) => {
      const { key, sign } = await aVerifier('EdDSA')
      const token = await sign(HEADER, { ...CLAIMS, ...claims })
      expect((await verifyDecision(token, expected(key))).valid).toBe(true)
    },
  )

  it('refuses what was changed, and what another key signed', async () => {
    const [{ key, sign }, other] = [await aVerifier('EdDSA'), await aVerifier('EdDSA')]
    const [header = '', , signature = ''] = (await sign(HEADER, CLAIMS)).split('.')
    const changed = `${header}.${part({ ...CLAIMS, sub: 'did:web:thief.example' })}.${signature}`
    const code = 'signature_invalid'
    expect(await verifyDecision(changed, expected(key))).toMatchObject({ code })
    expect(await verifyDecision(await other.sign(HEADER, CLAIMS), expected(key))).toMatchObject({
      code,
    })
  })

  it.each([
    ['', 'token_malformed'],
    ['a.b', 'token_malformed'],
    ['e30.e30.', 'token_malformed'],
    ['e30=.e30.AA', 'token_malformed'],
    ['e30.e31.AA', 'token_malformed'],
    ['e30.W10.AA', 'json_invalid'],
    [`e30.${'A'.repeat(65_536)}.AA`, 'token_too_large'],
  ])('J17: refuses a token of another form: %s', async (token, code) => {
    const { key } = await aVerifier('EdDSA')
    expect(await verifyDecision(token, expected(key))).toMatchObject({ valid: false, code })
  })

  it('refuses keys that cannot be told apart, and keys that prove nothing', async () => {
    const { key, sign } = await aVerifier('EdDSA')
    const token = await sign(HEADER, CLAIMS)
    const twice = { ...expected(key), jwks: { keys: [key, key] } }
    expect(await verifyDecision(token, twice)).toMatchObject({ code: 'kid_ambiguous' })
    expect(await verifyDecision(token, expected({ ...key, x: 'AA' }))).toMatchObject({
      code: 'key_unusable',
    })
    const small = await aVerifier('PS256', 1024)
    expect(
      await verifyDecision(await small.sign(HEADER, CLAIMS), expected(small.key)),
    ).toMatchObject({ code: 'key_unusable' })
  })
})
