import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import type { PublicJwk } from '../../src/domain/jwk.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { compactJws } from '../support/compact-jws.ts'
import { fakeFetch } from '../support/fake-fetch.ts'
import { aForeignIssuer, bitstringList, type ForeignIssuer } from '../support/foreign-issuer.ts'
import { compactMac } from '../support/mac.ts'
import { keyOf } from '../support/registered-clients.ts'
import { aParty, aWorld, legalEntity, NOW, VCDM2, type Party } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let party: Party

beforeAll(async () => {
  world = await aWorld()
  party = await aParty()
})

const verify = async (secured: Json) =>
  verifyCredential(world.ports, secured, await verificationContext(world.ports, world.seller))

const codes = ({ checks }: Awaited<ReturnType<typeof verify>>) =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))

/** All but the finding that nobody trusts the issuer, which is an axis of its own. */
const validityCodes = (report: Awaited<ReturnType<typeof verify>>) =>
  codes(report).filter((code) => code !== 'issuer_untrusted')

/** A VCDM 2.0 credential of `party` about the buyer, which every change below is made to. */
const good = (): JsonObject => ({
  '@context': [VCDM2],
  id: 'https://issuer.example.com/credentials/1',
  type: ['VerifiableCredential', 'ExampleCredential'],
  issuer: party.did,
  validFrom: dateTimeStamp(NOW),
  credentialSubject: { id: world.buyer.did },
})

/** The bytes of an Ed25519 key, as a library that takes any bytes for a secret would see them. */
function rawX(jwk: PublicJwk): Uint8Array {
  const bytes = jwk.kty === 'OKP' ? decodeBase64url(jwk.x) : undefined
  if (bytes === undefined) throw new Error('the key is no Ed25519 key')
  return bytes
}

const signed = (payload: JsonObject, header: JsonObject = {}) =>
  party.sign({ typ: 'vc+jwt', cty: 'vc', ...header }, payload)

describe('verifyCredential: VCDM 2.0 (VC-JOSE-COSE)', () => {
  it('finds the credential valid that every refusal below is made from', async () => {
    const report = await verify(await signed(good()))
    expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted', availability: 'fresh' })
  })

  it('V15: a type that is named many times is held against its schema once', async () => {
    const { credentialSchemas } = world.ports
    const held: string[] = []
    const listening = {
      ...credentialSchemas,
      faults: (type: string, credential: JsonObject) => {
        held.push(type)
        return credentialSchemas.faults(type, credential)
      },
    }
    const lso = 'LsoLegalEntityCredential'
    const heldFor = async (type: readonly string[]) => {
      held.length = 0
      const secured = await signed({ ...good(), type })
      const context = await verificationContext(world.ports, world.seller)
      await verifyCredential({ ...world.ports, credentialSchemas: listening }, secured, context)
      return held.filter((one) => one === lso).length
    }
    expect(await heldFor(['VerifiableCredential', lso])).toBe(1)
    expect(await heldFor(['VerifiableCredential', ...Array<string>(1_000).fill(lso)])).toBe(1)
  })

  it('V1: takes iss, sub and jti that repeat the credential', async () => {
    const repeated = {
      iss: party.did,
      sub: world.buyer.did,
      jti: 'https://issuer.example.com/credentials/1',
    }
    expect((await verify(await signed({ ...good(), ...repeated }))).verdict).toBe('valid')
  })

  it.each([
    {
      row: 'V1',
      when: 'iss names another',
      change: { iss: 'did:web:other.example.com' },
      code: 'issuer_mismatch',
    },
    {
      row: 'V1',
      when: 'issuer is another’s DID',
      change: { issuer: 'did:web:other.example.com' },
      code: 'kid_mismatch',
    },
    {
      row: 'V1',
      when: 'issuer is an object with another’s DID',
      change: { issuer: { id: 'did:web:other.example.com' } },
      code: 'kid_mismatch',
    },
    { row: 'V1', when: 'issuer is absent', change: { issuer: undefined }, code: 'issuer_missing' },
    { row: 'D2', when: 'issuer is a number', change: { issuer: 1 }, code: 'issuer_missing' },
    {
      row: 'D2',
      when: 'issuer is no DID',
      change: { issuer: 'https://issuer.example.com' },
      code: 'did_invalid',
    },
    {
      row: 'V2',
      when: 'sub names another',
      change: { sub: 'did:web:other.example.com' },
      code: 'subject_mismatch',
    },
    {
      row: 'V2',
      when: 'sub stands beside two subjects',
      change: {
        sub: 'did:web:a.example',
        credentialSubject: [{ id: 'did:web:a.example' }, { id: 'did:web:b.example' }],
      },
      code: 'subject_mismatch',
    },
    {
      row: 'V8',
      when: 'validFrom is in 2099',
      change: { validFrom: '2099-01-01T00:00:00Z' },
      code: 'not_yet_valid',
    },
    {
      row: 'V8',
      when: 'validUntil has passed',
      change: { validFrom: '2020-01-01T00:00:00Z', validUntil: '2021-01-01T00:00:00Z' },
      code: 'expired',
    },
    {
      row: 'V8',
      when: 'exp passed, whatever validUntil',
      change: { validUntil: '2027-01-01T00:00:00Z', iat: NOW - 60, exp: NOW - 11 },
      code: 'expired',
    },
    {
      row: 'V8',
      when: 'exp passed, and nothing else ends',
      change: { validUntil: undefined, exp: NOW - 11 },
      code: 'expired',
    },
    {
      row: 'V8',
      when: 'validUntil passed, whatever exp',
      change: {
        validFrom: '2020-01-01T00:00:00Z',
        validUntil: '2021-01-01T00:00:00Z',
        exp: NOW + 60,
      },
      code: 'expired',
    },
    {
      row: 'V8',
      when: 'nbf disagrees with validFrom',
      change: { nbf: NOW - 60 },
      code: 'validity_conflict',
    },
    { row: 'J19', when: 'exp is a text', change: { exp: 'never' }, code: 'time_invalid' },
    { row: 'V10', when: 'jti is not the id', change: { jti: 'urn:other' }, code: 'id_mismatch' },
    {
      row: 'V2',
      when: 'the subject is empty',
      change: { credentialSubject: {} },
      code: 'data_model_invalid',
    },
  ])('$row: refuses when $when', async ({ change, code }) => {
    const payload = JSON.parse(JSON.stringify({ ...good(), ...change })) as JsonObject
    const report = await verify(await signed(payload))
    expect(report.verdict).toBe('invalid')
    expect(codes(report)).toContain(code)
  })

  it('J1, J6, J8: names every fault of a header', async () => {
    const header = { typ: 'vc+jwt', alg: 'none', crit: ['x'], jku: 'https://keys.example/' }
    const report = await verify(compactJws(header, good()))
    expect([report.verdict, ...codes(report)]).toEqual([
      'invalid',
      'header_not_allowed',
      'header_not_allowed',
      'alg_not_allowed',
      'kid_missing',
    ])
  })

  it('V8: keeps nbf as a limit of the signature where no validFrom contradicts it', async () => {
    const { validFrom: _, ...undated } = good()
    expect((await verify(await signed({ ...undated, nbf: NOW }))).verdict).toBe('valid')
    const early = await verify(await signed({ ...undated, nbf: NOW + 61 }))
    expect([early.verdict, ...validityCodes(early)]).toEqual(['invalid', 'not_yet_valid'])
  })

  it.each([
    { when: 'earlier than validUntil', change: { validUntil: '2027-01-01T00:00:00Z' } },
    { when: 'alone', change: { validUntil: undefined } },
  ])('V8: keeps exp as a limit of the signature, $when', async ({ change }) => {
    const payload = JSON.parse(
      JSON.stringify({ ...good(), ...change, iat: NOW, exp: NOW + 60 }),
    ) as JsonObject
    expect((await verify(await signed(payload))).verdict).toBe('valid')
  })

  it.each([
    {
      when: 'validFrom lies exactly the skew ahead',
      change: { validFrom: dateTimeStamp(later(NOW, 60)) },
      verdict: 'valid',
    },
    {
      when: 'validFrom lies one second more ahead',
      change: { validFrom: dateTimeStamp(later(NOW, 61)) },
      verdict: 'invalid',
    },
    {
      when: 'validUntil passed exactly the skew ago',
      change: { validFrom: '2020-01-01T00:00:00Z', validUntil: dateTimeStamp(later(NOW, -10)) },
      verdict: 'valid',
    },
    {
      when: 'validUntil passed one second more ago',
      change: { validFrom: '2020-01-01T00:00:00Z', validUntil: dateTimeStamp(later(NOW, -11)) },
      verdict: 'invalid',
    },
  ])('J21: is $verdict when $when', async ({ change, verdict }) => {
    expect((await verify(await signed({ ...good(), ...change }))).verdict).toBe(verdict)
  })

  it.each([
    { when: 'iat lies ten years ahead', change: { iat: NOW + 315_360_000 }, code: 'not_yet_valid' },
    { when: 'iat lies 61 s ahead', change: { iat: NOW + 61 }, code: 'not_yet_valid' },
    { when: 'iat is a text', change: { iat: 'now' }, code: 'time_invalid' },
  ])('J20: refuses when $when', async ({ change, code }) => {
    expect(validityCodes(await verify(await signed({ ...good(), ...change })))).toEqual([code])
  })

  it('J20: takes an iat 60 s ahead', async () => {
    expect((await verify(await signed({ ...good(), iat: NOW + 60 }))).verdict).toBe('valid')
  })

  it('S4: finds nothing valid whose status stands in a form that it cannot read', async () => {
    const status = { other_list: { idx: 1, uri: 'https://elsewhere.example/list' } }
    const report = await verify(await signed({ ...good(), status }))
    expect([report.verdict, ...validityCodes(report)]).toEqual([
      'indeterminate',
      'status_type_not_supported',
    ])
  })

  it.each([
    { purpose: 'Revocation', verdict: 'indeterminate' },
    { purpose: 'ban', verdict: 'indeterminate' },
    { purpose: 'refresh', verdict: 'valid' },
    { purpose: 'message', verdict: 'valid' },
  ])('S4: a status of purpose $purpose leaves it $verdict', async ({ purpose, verdict }) => {
    const credentialStatus = {
      type: 'BitstringStatusListEntry',
      statusPurpose: purpose,
      statusListIndex: '7',
      statusListCredential: 'https://elsewhere.example/list',
    }
    expect((await verify(await signed({ ...good(), credentialStatus }))).verdict).toBe(verdict)
  })

  it('D24: looks at eight status entries and no more', async () => {
    const entry = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'refresh',
      statusListIndex: '7',
      statusListCredential: 'https://elsewhere.example/list',
    }
    const many = async (count: number) =>
      verify(
        await signed({ ...good(), credentialStatus: Array.from({ length: count }, () => entry) }),
      )
    expect((await many(8)).verdict).toBe('valid')
    expect(validityCodes(await many(9))).toEqual(['status_invalid'])
  })

  it('lists all findings, not the first', async () => {
    const payload = {
      ...good(),
      jti: 'urn:other',
      sub: 'did:web:other.example.com',
      validFrom: '2099-01-01T00:00:00Z',
    }
    expect(codes(await verify(await signed(payload)))).toEqual(
      expect.arrayContaining(['id_mismatch', 'subject_mismatch', 'not_yet_valid']),
    )
  })

  it('K1: refuses a kid that is not the issuer’s own', async () => {
    const other = await aParty()
    for (const kid of [other.kid, `#${party.kid.split('#')[1] ?? ''}`, `${party.did}x#k`, '']) {
      const report = await verify(await signed(good(), { kid }))
      expect([report.verdict, report.trust]).toEqual(['invalid', 'not_evaluated'])
    }
  })

  it('refuses a signature by another key under the issuer’s kid', async () => {
    const other = await aParty()
    const forged = await other.sign({ typ: 'vc+jwt', cty: 'vc', kid: party.kid }, good())
    expect(codes(await verify(forged))).toEqual(['signature_invalid'])
  })

  it.each([
    { secret: 'the JWK of its issuer', of: (jwk: PublicJwk) => utf8(JSON.stringify(jwk)) },
    { secret: 'the x of its issuer’s key', of: rawX },
  ])('J2: refuses an HS256 that is genuine under $secret', async ({ of }) => {
    const secret = of(await keyOf(world.ports, party))
    const header = { typ: 'vc+jwt', cty: 'vc', kid: party.kid }
    const forged = async (alg: string) =>
      verify(await compactMac({ ...header, alg }, good(), secret))
    expect(codes(await forged('HS256'))).toEqual(['alg_not_allowed'])
    expect(codes(await forged('EdDSA'))).toEqual(['signature_invalid'])
    expect((await verify(await party.sign(header, good()))).verdict).toBe('valid')
  })

  it('V3: counts nothing that stands outside the signature', async () => {
    const token = await signed(good())
    const around = {
      ...envelopedCredential(token),
      issuer: 'did:web:other.example.com',
      credentialSubject: { id: 'x' },
    }
    const report = await verify(around)
    expect([report.verdict, report.subject]).toEqual(['valid', world.buyer.did])
    const object = { ...good(), proof: { type: 'JwtProof2020', jwt: token } }
    expect(codes(await verify(object))).toEqual(['securing_not_supported'])
  })
})

describe('verifyCredential: VCDM 1.1 JWT', () => {
  const payload = () => ({
    iss: party.did,
    sub: world.buyer.did,
    jti: 'urn:uuid:00000000-0000-4000-8000-000000000001',
    nbf: NOW,
    exp: NOW + 3_600,
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential'],
      credentialSubject: { member: true },
    },
  })
  const sign11 = (claims: JsonObject) =>
    party.sign({ typ: 'JWT' }, JSON.parse(JSON.stringify(claims)) as JsonObject)

  it('finds the credential valid that every refusal below is made from', async () => {
    expect((await verify(await sign11(payload()))).verdict).toBe('valid')
  })

  it.each([
    {
      row: 'V1',
      when: 'vc.issuer contradicts iss',
      change: { issuer: 'did:web:other.example.com' },
      code: 'kid_mismatch',
    },
    {
      row: 'V2',
      when: 'the subject contradicts sub',
      change: { credentialSubject: { id: 'did:web:other.example.com', member: true } },
      code: 'subject_mismatch',
    },
    {
      row: 'V2',
      when: 'there are two subjects',
      change: { credentialSubject: [{ a: 1 }, { b: 2 }] },
      code: 'subject_mismatch',
    },
    {
      row: 'V8',
      when: 'vc.expirationDate contradicts exp',
      change: { expirationDate: '2020-01-01T00:00:00Z' },
      code: 'expired',
    },
    {
      row: 'V8',
      when: 'vc.issuanceDate contradicts nbf',
      change: { issuanceDate: '2020-01-01T00:00:00Z' },
      code: 'validity_conflict',
    },
    { row: 'V10', when: 'vc.id contradicts jti', change: { id: 'urn:other' }, code: 'id_mismatch' },
  ])('$row: refuses when $when', async ({ change, code }) => {
    const claims = payload()
    const report = await verify(await sign11({ ...claims, vc: { ...claims.vc, ...change } }))
    expect(report.verdict).toBe('invalid')
    expect(codes(report)).toContain(code)
  })
})

describe('verifyCredential: LSO credentials of this deployment', () => {
  it('finds a fresh one valid and trusted, in both formats', async () => {
    for (const format of ['vc+jwt', 'jwt_vc'] as const) {
      const { token } = await world.issue({ credential: legalEntity(world.buyer.did), format })
      expect(await verify(token)).toMatchObject({ verdict: 'valid', trust: 'trusted' })
    }
  })

  it('says revoked in the very next answer, and keeps trust apart', async () => {
    const { token, stored } = await world.issue({ credential: legalEntity(world.buyer.did) })
    const revoke = {
      purpose: 'revocation',
      status: true,
      credentialId: stored.credentialId,
    } as const
    await changeCredentialStatus(world.ports, world.registrar, revoke, world.change())
    const report = await verify(token)
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'trusted' })
    expect(codes(report)).toEqual(['revoked'])
  })

  it('says suspended, and valid again when it is lifted', async () => {
    const { token, stored } = await world.issue({
      credential: legalEntity(world.buyer.did),
      status: ['revocation', 'suspension'],
    })
    const set = (status: boolean) =>
      changeCredentialStatus(
        world.ports,
        world.registrar,
        { purpose: 'suspension', status, credentialId: stored.credentialId },
        world.change(),
      )
    await set(true)
    expect(codes(await verify(token))).toEqual(['suspended'])
    await set(false)
    expect((await verify(token)).verdict).toBe('valid')
  })
})

describe('verifyCredential: LSO credentials of an issuer elsewhere', () => {
  const fetch = fakeFetch()
  const ELSEWHERE = 'https://elsewhere.example/lists/1'
  let reached: Awaited<ReturnType<typeof aWorld>>
  let issuer: ForeignIssuer

  beforeAll(async () => {
    reached = await aWorld({ fetch })
    issuer = await aForeignIssuer(fetch, 'issuer.example')
    const header = { typ: 'vc+jwt', cty: 'vc' }
    const list = await issuer.sign(header, await bitstringList(issuer))
    const bytes = utf8(list)
    fetch.answers.set(issuer.listUrl, { bytes, mediaType: 'application/vc+jwt' })
  })

  /** A legal-entity credential without fault, but for these changes to it and its second entry. */
  async function judge(change: object = {}, entry: object = {}) {
    const revocation = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: issuer.listUrl,
    }
    const credential = {
      ...good(),
      ...legalEntity(reached.buyer.did),
      id: 'https://issuer.example/credentials/1',
      issuer: issuer.did,
      validUntil: dateTimeStamp(later(NOW, 3_600)),
      credentialStatus: [revocation, { ...revocation, ...entry }],
      ...change,
    }
    const token = await issuer.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      JSON.parse(JSON.stringify(credential)) as JsonObject,
    )
    const context = await verificationContext(reached.ports, reached.seller)
    return verifyCredential(reached.ports, token, context)
  }

  it('finds the credential valid that every refusal below is made from', async () => {
    const report = await judge()
    expect([report.verdict, ...validityCodes(report)]).toEqual(['valid'])
  })

  const { credentialSubject } = legalEntity('')
  it.each([
    {
      row: 'V9',
      when: 'nobody can revoke it (R4)',
      change: { credentialStatus: undefined },
      found: ['status_required'],
    },
    {
      row: 'V10',
      when: 'it has no id (R7)',
      change: { id: undefined },
      found: ['schema_invalid', 'id_missing'],
    },
    {
      row: 'V2',
      when: 'its subject has no id (R5)',
      change: { credentialSubject: { ...(credentialSubject as JsonObject), id: undefined } },
      found: ['schema_invalid', 'subject_missing'],
    },
  ])('$row: refuses it when $when', async ({ change, found }) => {
    const report = await judge(change)
    expect([report.verdict, ...validityCodes(report)]).toEqual(['invalid', ...found])
  })

  it.each([
    {
      row: 'S3',
      when: 'its index is no canonical number',
      entry: { statusListIndex: '007' },
      found: ['invalid', 'status_index_invalid'],
    },
    {
      row: 'S3',
      when: 'its index is negative',
      entry: { statusListIndex: '-1' },
      found: ['invalid', 'status_index_invalid'],
    },
    {
      row: 'S3',
      when: 'its index is no text',
      entry: { statusListIndex: 7 },
      found: ['invalid', 'status_index_invalid'],
    },
    {
      row: 'S3',
      when: 'its index is absent',
      entry: { statusListIndex: undefined },
      found: ['invalid', 'status_index_invalid'],
    },
    {
      row: 'S5',
      when: 'its list is another issuer’s',
      entry: {
        statusListCredential: 'https://trust.example/issuers/registrar/status-lists/revocation-1',
      },
      found: ['invalid', 'status_issuer_mismatch'],
    },
    {
      row: 'S4',
      when: 'its type is unknown',
      entry: { type: 'OtherEntry' },
      found: ['indeterminate', 'status_type_not_supported'],
    },
    {
      row: 'V14',
      when: 'its list is elsewhere, and nobody vouches for its issuer',
      entry: { statusListCredential: ELSEWHERE },
      found: ['indeterminate', 'status_list_not_fetched'],
    },
  ])('$row: never finds it valid when $when', async ({ entry, found }) => {
    const report = await judge({}, entry)
    expect([report.verdict, ...validityCodes(report)]).toEqual(found)
    expect(fetch.requests.map(({ url }) => url)).not.toContain(ELSEWHERE)
  })
})
