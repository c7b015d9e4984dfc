import { p256 } from '@noble/curves/nist'
import { beforeAll, describe, expect, it } from 'vitest'
import { sha256Text } from '../../src/adapters/system/sha256.ts'
import { decodeBase64url, encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { thumbprintInput } from '../../src/domain/jwk.ts'
import { verifyDpopProof, type DpopProof } from '../../src/use-cases/verify-dpop-proof.ts'
import { compactJws, part } from '../support/compact-jws.ts'
import { generateKey, WEB_CRYPTO_NAMES, type GeneratedKey } from '../support/generated-keys.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { present } from '../support/registered-clients.ts'
import { aWorld, NOW } from '../support/world.ts'

type Change = Readonly<Record<string, Json | undefined>>

const HTU = 'https://as.seller.example.com/token'
/** The suite's module with all the cases below as blocks of it. */
const SUITE = 'fapi2-security-profile-final-dpop-negative-tests'

let world: Awaited<ReturnType<typeof aWorld>>
let key: GeneratedKey
let jkt: string
let jtis = 0

beforeAll(async () => {
  world = await aWorld()
  key = await generateKey('ES256')
  jkt = sha256Text(thumbprintInput(key.jwk))
})

const claims = (change: Change = {}): JsonObject =>
  present({ jti: `proof-${String(++jtis)}`, htm: 'POST', htu: HTU, iat: NOW, ...change })

/** A proof, signed for real; a header member that is `undefined` is left out. */
async function proof(change: Change = {}, header: Change = {}, signer = key): Promise<string> {
  const members = { typ: 'dpop+jwt', alg: 'ES256', jwk: { ...key.jwk }, ...header }
  const signed = `${part(JSON.stringify(present(members)))}.${part(JSON.stringify(claims(change)))}`
  const { sign } = WEB_CRYPTO_NAMES.ES256
  const signature = await crypto.subtle.sign(sign, signer.privateKey, utf8(signed))
  return `${signed}.${encodeBase64url(new Uint8Array(signature))}`
}

/** The same token under the signature (r, n − s), which needs no private key. */
function withOtherS(compact: string): string {
  const end = compact.lastIndexOf('.') + 1
  const signature = decodeBase64url(compact.slice(end))
  if (signature === undefined) throw new Error('the signature is no base64url')
  const { r, s } = p256.Signature.fromBytes(signature, 'compact')
  const other = new p256.Signature(r, p256.Point.Fn.ORDER - s)
  return `${compact.slice(0, end)}${encodeBase64url(other.toBytes('compact'))}`
}

const verify = (dpop: string, change: Partial<DpopProof> = {}) =>
  verifyDpopProof(world.ports, world.seller, {
    proof: dpop,
    htm: 'POST',
    htu: HTU,
    accessToken: undefined,
    jkt: undefined,
    nonce: undefined,
    ...change,
  })

const codesOf = ({ checks }: Awaited<ReturnType<typeof verify>>) =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))

describe(`verifyDpopProof (RFC 9449 §4.3, F2; ${SUITE})`, () => {
  it('A10: accepts the proof that every refusal below is made from, and names its key', async () => {
    const report = await verify(await proof())
    expect(codesOf(report)).toEqual([])
    expect(report).toMatchObject({
      verdict: 'valid',
      clientId: undefined,
      jkt,
      claims: { htu: HTU },
    })
  })

  it.each<{ when: string; change?: Change; header?: Change; asked?: Partial<DpopProof> }>([
    {
      when: 'iat is 10 s ago (ensure-dpopproof-with-iat-10seconds-before-succeeds)',
      change: { iat: NOW - 10 },
    },
    {
      when: 'iat is 10 s ahead (ensure-dpopproof-with-iat-10seconds-after-succeeds)',
      change: { iat: NOW + 10 },
    },
    { when: 'iat is exactly 60 s ago', change: { iat: NOW - 60 } },
    { when: 'iat is exactly 60 s ahead', change: { iat: NOW + 60 } },
    { when: 'htu has a query and a fragment', change: { htu: `${HTU}?a=1#b` } },
    { when: 'the URL that was asked has a query', asked: { htu: `${HTU}?a=1` } },
    {
      when: 'scheme and host of htu are in upper case',
      change: { htu: HTU.replace('https://as', 'HTTPS://AS') },
    },
    { when: 'htu names the default port', change: { htu: HTU.replace('.com/', '.com:443/') } },
    {
      when: 'htu encodes what needs no encoding',
      change: { htu: HTU.replace('token', '%74oken') },
    },
    { when: 'it has claims that nobody knows', change: { colour: 'red' } },
    { when: 'its header has a member that nobody knows', header: { colour: 'red' } },
    { when: 'it has an exp and an nbf that hold', change: { nbf: NOW, exp: NOW + 60 } },
    { when: 'it has an ath and no token came with it', change: { ath: 'whatever' } },
  ])('A10: accepts it when $when', async ({ change = {}, header = {}, asked = {} }) => {
    expect(codesOf(await verify(await proof(change, header), asked))).toEqual([])
  })

  it.each<{ when: string; change: Change; codes: string[] }>([
    { when: 'jti is absent', change: { jti: undefined }, codes: ['jti_invalid'] },
    { when: 'htm is absent', change: { htm: undefined }, codes: ['htm_mismatch'] },
    { when: 'htm is PUT', change: { htm: 'PUT' }, codes: ['htm_mismatch'] },
    { when: 'htm is in lower case', change: { htm: 'post' }, codes: ['htm_mismatch'] },
    { when: 'htu is absent', change: { htu: undefined }, codes: ['htu_mismatch'] },
    { when: 'htu is another path', change: { htu: `${HTU}/` }, codes: ['htu_mismatch'] },
    {
      when: 'htu is another host',
      change: { htu: 'https://other.example/token' },
      codes: ['htu_mismatch'],
    },
    { when: 'htu is http', change: { htu: HTU.replace('https', 'http') }, codes: ['htu_mismatch'] },
    {
      when: 'htu is another port',
      change: { htu: HTU.replace('.com/', '.com:8443/') },
      codes: ['htu_mismatch'],
    },
    {
      when: 'htu has user information',
      change: { htu: HTU.replace('//', '//u@') },
      codes: ['htu_mismatch'],
    },
    { when: 'htu is no text', change: { htu: 1 }, codes: ['htu_mismatch'] },
    { when: 'iat is absent', change: { iat: undefined }, codes: ['time_invalid'] },
    { when: 'iat is an hour ago', change: { iat: NOW - 3_600 }, codes: ['expired'] },
    { when: 'iat is 61 s ago', change: { iat: NOW - 61 }, codes: ['expired'] },
    { when: 'iat is an hour ahead', change: { iat: NOW + 3_600 }, codes: ['not_yet_valid'] },
    { when: 'iat is 61 s ahead', change: { iat: NOW + 61 }, codes: ['not_yet_valid'] },
    {
      when: 'it has an exp that has passed',
      change: { iat: NOW - 50, exp: NOW - 11 },
      codes: ['expired'],
    },
    {
      when: 'several things are wrong: all are listed',
      change: { htm: 'PUT', htu: 'x', jti: undefined },
      codes: ['htm_mismatch', 'htu_mismatch', 'jti_invalid'],
    },
  ])('A10: refuses it when $when', async ({ change, codes }) => {
    expect(codesOf(await verify(await proof(change)))).toEqual(codes)
  })

  it.each<{ when: string; header: Change; code: string }>([
    { when: 'typ is absent', header: { typ: undefined }, code: 'typ_mismatch' },
    { when: 'J12: typ is JWT', header: { typ: 'JWT' }, code: 'typ_mismatch' },
    { when: 'alg is absent', header: { alg: undefined }, code: 'alg_not_allowed' },
    { when: 'J1: alg is none', header: { alg: 'none' }, code: 'alg_not_allowed' },
    { when: 'J3: alg is RS256', header: { alg: 'RS256' }, code: 'alg_not_allowed' },
    { when: 'alg is ES384', header: { alg: 'ES384' }, code: 'alg_not_allowed' },
    { when: 'jwk is absent', header: { jwk: undefined }, code: 'key_unusable' },
    {
      when: 'J29: jwk is a private key',
      header: { jwk: { ...PUBLIC_KEYS['P-256'], d: 'AA' } },
      code: 'key_unusable',
    },
    {
      when: 'J29: jwk is a secret',
      header: { jwk: { kty: 'oct', k: 'AA' } },
      code: 'key_unusable',
    },
    {
      when: 'J4: jwk is a key of another algorithm',
      header: { jwk: PUBLIC_KEYS.Ed25519 },
      code: 'key_alg_mismatch',
    },
    {
      when: 'J28: jwk is no point of its curve',
      header: { jwk: { ...PUBLIC_KEYS['P-256'], y: PUBLIC_KEYS['P-256'].x } },
      code: 'key_unusable',
    },
    {
      when: 'jwk is the key of somebody else',
      header: { jwk: PUBLIC_KEYS['P-256'] },
      code: 'signature_invalid',
    },
  ])('A10: refuses it when $when', async ({ header, code }) => {
    const report = await verify(await proof({}, header))
    expect(codesOf(report)).toEqual([code])
    expect([report.claims, report.jkt]).toEqual([undefined, undefined])
  })

  it('J26: refuses a key of small order, under which everything verifies', async () => {
    const identity = {
      kty: 'OKP',
      crv: 'Ed25519',
      x: encodeBase64url(Uint8Array.of(1, ...new Uint8Array(31))),
    }
    const token = compactJws({ typ: 'dpop+jwt', alg: 'EdDSA', jwk: identity }, claims())
    expect(codesOf(await verify(token))).toEqual(['key_small_order'])
  })

  it.each([
    { when: 'two proofs in one', of: async () => `${await proof()},${await proof()}` },
    { when: 'no JWS', of: async () => 'proof' },
    { when: 'an empty text', of: async () => '' },
  ])('A10: refuses $when', async ({ of }) => {
    expect((await verify(await of())).checks).toMatchObject([{ check: 'token', outcome: 'fail' }])
  })
})

describe('verifyDpopProof: token, key and nonce', () => {
  const accessToken = 'an-access-token'
  const ath = sha256Text(accessToken)

  it('A10, A14: accepts the ath of the token, and refuses every other', async () => {
    expect(codesOf(await verify(await proof({ ath }), { accessToken }))).toEqual([])
    expect(codesOf(await verify(await proof({ ath: sha256Text('x') }), { accessToken }))).toEqual([
      'ath_mismatch',
    ])
    expect(codesOf(await verify(await proof(), { accessToken }))).toEqual(['ath_mismatch'])
  })

  it('A14: fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails', async () => {
    expect(codesOf(await verify(await proof(), { jkt }))).toEqual([])
    const other = sha256Text('another key')
    expect(codesOf(await verify(await proof(), { jkt: other }))).toEqual(['jkt_mismatch'])
  })

  it('RFC 9449 §8: accepts the nonce that was given out, and refuses every other', async () => {
    expect(codesOf(await verify(await proof({ nonce: 'n1' }), { nonce: 'n1' }))).toEqual([])
    expect(codesOf(await verify(await proof({ nonce: 'n2' }), { nonce: 'n1' }))).toEqual([
      'dpop_nonce_mismatch',
    ])
    expect(codesOf(await verify(await proof(), { nonce: 'n1' }))).toEqual(['dpop_nonce_mismatch'])
  })
})

describe('verifyDpopProof: a jti counts once (rows A10–A13)', () => {
  it('A10: refuses a jti that was used before, under any htm', async () => {
    expect(codesOf(await verify(await proof({ jti: 'once' })))).toEqual([])
    expect(codesOf(await verify(await proof({ jti: 'once' })))).toEqual(['token_replayed'])
    expect(codesOf(await verify(await proof({ jti: 'once', htm: 'GET' }), { htm: 'GET' }))).toEqual(
      ['token_replayed'],
    )
  })

  it('A11: the jti of another key, and of another URI, is another', async () => {
    const other = await generateKey('ES256')
    expect(codesOf(await verify(await proof({ jti: 'shared' })))).toEqual([])
    const theirs = await proof({ jti: 'shared' }, { jwk: { ...other.jwk } }, other)
    expect(codesOf(await verify(theirs))).toEqual([])
    const elsewhere = await proof({ jti: 'shared', htu: `${HTU}2` })
    expect(codesOf(await verify(elsewhere, { htu: `${HTU}2` }))).toEqual([])
  })

  it('J25: another spelling of the URI does not make it new', async () => {
    expect(codesOf(await verify(await proof({ jti: 'spelling' })))).toEqual([])
    const spelled = await proof({ jti: 'spelling', htu: HTU.replace('https', 'HTTPS') })
    expect(codesOf(await verify(spelled, { htu: HTU.replace('https', 'HTTPS') }))).toEqual([
      'token_replayed',
    ])
  })

  it('J25: the other signature of ES256, (r, n − s), does not make it new, and is genuine itself', async () => {
    const dpop = await proof()
    expect(codesOf(await verify(dpop))).toEqual([])
    expect(codesOf(await verify(withOtherS(dpop)))).toEqual(['token_replayed'])
    const another = await proof()
    expect(codesOf(await verify(withOtherS(another)))).toEqual([])
    expect(codesOf(await verify(another))).toEqual(['token_replayed'])
  })

  it('a refused proof leaves no mark: mended, it is accepted', async () => {
    await verify(await proof({ jti: 'mended', htm: 'PUT' }))
    expect(codesOf(await verify(await proof({ jti: 'mended' })))).toEqual([])
  })
})
