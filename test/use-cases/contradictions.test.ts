import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { readPresentationJws } from '../../src/domain/jws.ts'
import { readPresentationClaims } from '../../src/domain/presentation/presentation-claims.ts'
import { dateTimeStamp } from '../../src/domain/time.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { aParty, aWorld, NOW, VCDM2, type Party } from '../support/world.ts'

const ID = 'urn:uuid:00000000-0000-4000-8000-000000000001'
const OTHER = 'did:web:other.example.com'

let world: Awaited<ReturnType<typeof aWorld>>
let party: Party

beforeAll(async () => {
  world = await aWorld()
  party = await aParty()
})

const verify = async (secured: string) => {
  const context = await verificationContext(world.ports, world.seller)
  const { verdict, checks } = await verifyCredential(world.ports, secured, context)
  return { verdict, checks, codes: checks.flatMap<string>(({ code }) => code ?? []) }
}

const vcdm11 = (): JsonObject => ({
  iss: party.did,
  sub: world.buyer.did,
  jti: ID,
  nbf: NOW,
  exp: NOW + 3_600,
  vc: {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential'],
    credentialSubject: { member: true },
  },
})

const vcdm2 = (): JsonObject => ({
  '@context': [VCDM2],
  id: ID,
  type: ['VerifiableCredential', 'ExampleCredential'],
  issuer: party.did,
  validFrom: dateTimeStamp(NOW),
  credentialSubject: { id: world.buyer.did },
})

describe('what stands beside the credential of VCDM 1.1 may only repeat it', () => {
  it.each([
    ['V1', 'issuer as text', 'issuer_mismatch', (did: string) => ({ issuer: did })],
    ['V1', 'issuer as object', 'issuer_mismatch', (did: string) => ({ issuer: { id: did } })],
    [
      'V2',
      'credentialSubject',
      'subject_mismatch',
      (did: string) => ({ credentialSubject: { id: did } }),
    ],
  ])('%s: %s beside vc', async (_, member, code, saying) => {
    const sign = (did: string) => party.sign({ typ: 'JWT' }, { ...vcdm11(), ...saying(did) })
    const own = member === 'credentialSubject' ? world.buyer.did : party.did
    expect((await verify(await sign(own))).codes).not.toContain(code)
    const refused = await verify(await sign(OTHER))
    expect([refused.verdict, refused.codes.includes(code)]).toEqual(['invalid', true])
  })

  it('V2: id beside vc', async () => {
    const sign = (id: string) => party.sign({ typ: 'JWT' }, { ...vcdm11(), id })
    expect((await verify(await sign(ID))).codes).not.toContain('id_mismatch')
    expect((await verify(await sign('urn:uuid:another'))).codes).toContain('id_mismatch')
  })
})

describe('claims that the header repeats are the same there (RFC 7519 §5.3)', () => {
  it.each([
    ['V1', 'iss', 'issuer_mismatch'],
    ['V2', 'sub', 'subject_mismatch'],
  ])('%s: %s', async (_, claim, code) => {
    const sign = (did: string) => party.sign({ typ: 'vc+jwt', cty: 'vc', [claim]: did }, vcdm2())
    const own = claim === 'iss' ? party.did : world.buyer.did
    expect((await verify(await sign(own))).verdict).toBe('valid')
    expect((await verify(await sign(OTHER))).codes).toContain(code)
  })

  it('leaves several subjects without one of them as they are', async () => {
    const credentialSubject = [{ id: world.buyer.did }, { id: OTHER }]
    const token = await party.sign({ typ: 'vc+jwt', cty: 'vc' }, { ...vcdm2(), credentialSubject })
    expect((await verify(token)).verdict).toBe('valid')
  })
})

describe('a report does not say of one check that it passed and failed', () => {
  it.each([
    ['sub', OTHER, 'subject'],
    ['jti', 'urn:uuid:another', 'id'],
    ['nbf', NOW - 1, 'validity_period'],
  ])('V2, V8: %s names another', async (claim, value, check) => {
    const sign = (more: JsonObject) =>
      party.sign({ typ: 'vc+jwt', cty: 'vc' }, { ...vcdm2(), ...more })
    const outcomes = async (token: string) =>
      (await verify(token)).checks.filter((one) => one.check === check).map((one) => one.outcome)
    expect(await outcomes(await sign({}))).toEqual(['pass'])
    expect(await outcomes(await sign({ [claim]: value }))).toEqual(['fail'])
  })
})

describe('what stands beside the presentation of VCDM 1.1 may only repeat it', () => {
  it.each([
    ['as text', (did: string) => ({ holder: did })],
    ['as object', (did: string) => ({ holder: { id: did } })],
  ])('V4: holder %s beside vp', async (_, saying) => {
    const codes = async (did: string) => {
      const claims = { iss: party.did, vp: { type: ['VerifiablePresentation'] }, ...saying(did) }
      const jws = readPresentationJws(await party.sign({ typ: 'JWT' }, claims))
      return jws.ok && readPresentationClaims(jws.value).conflicts.map(({ code }) => code)
    }
    expect(await codes(party.did)).toEqual([])
    expect(await codes(OTHER)).toEqual(['holder_mismatch'])
  })
})
