import { verifyCredential } from 'did-jwt-vc'
import type { Resolvable } from 'did-resolver'
import { describe, expect, it } from 'vitest'
import { createVcdm1Shaper } from '../../src/adapters/did-jwt-vc/vcdm1-shaper.ts'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { readCredentialJws } from '../../src/domain/jws.ts'
import { generateKey } from '../support/generated-keys.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const
const generated = await Promise.all(ALGORITHMS.map(generateKey))
const secret = generated.map(({ privateJwk }, at) => ({
  ...privateJwk,
  kid: ALGORITHMS[at] ?? '',
}))
const keys = readSigningKeys(JSON.stringify({ keys: secret }))
if (!keys.ok) throw new Error(keys.refusal.fault)
const signer = createSigner(keys.value)
const shaper = createVcdm1Shaper(signer)
const verifier = createSignatureVerifier()

const issuer = 'did:web:issuer.example'
const signatory = (kid: string) =>
  ({ issuer, kid, verificationMethod: `${issuer}#${kid}` }) as const

const credential: JsonObject = {
  '@context': [
    'https://www.w3.org/2018/credentials/v1',
    'https://lso.example/contexts/lso-v1',
    { note: 'https://lso.example/note' },
  ],
  id: 'https://lso.example/issuers/a/credentials/1',
  type: ['VerifiableCredential', 'LsoLegalEntityCredential'],
  issuer,
  issuanceDate: '2026-01-15T12:00:00Z',
  expirationDate: '2028-01-15T12:00:00Z',
  credentialSubject: {
    id: 'did:web:buyer.example',
    type: 'LegalEntity',
    legalName: 'Büro “Süd” 🏢',
    identifiers: [{ scheme: 'MEF', value: '1' }],
  },
  credentialStatus: [
    { id: 'https://lso.example/l#1', type: 'BitstringStatusListEntry', statusListIndex: '1' },
    { id: 'https://lso.example/l#2', type: 'BitstringStatusListEntry', statusListIndex: '2' },
  ],
  credentialSchema: { id: 'https://lso.example/schemas/a', type: 'JsonSchema' },
  evidence: [{ type: 'DocumentVerification' }],
  termsOfUse: { type: 'Policy' },
  name: 'a member that the library does not know',
  note: { nested: [null, true, 1.5] },
}

async function shaped(given: JsonObject, kid: string): Promise<string> {
  const result = await shaper.shape(given, signatory(kid))
  if (!result.ok) throw new Error(result.refusal.member)
  return result.value
}

describe.each(ALGORITHMS)('Vcdm1Shaper with %s (VC Data Model 1.1 §6.3.1)', (kid) => {
  it('makes a JWT that the gate and the verifier accept', async () => {
    const jws = readCredentialJws(await shaped(credential, kid))
    expect(jws).toMatchObject({
      ok: true,
      value: {
        purpose: 'credential-vcdm1',
        header: { alg: kid, typ: 'JWT', kid: `${issuer}#${kid}` },
      },
    })
    const key = signer.keys.find((candidate) => candidate.kid === kid)
    expect(
      jws.ok && key !== undefined ? await verifier.verify(jws.value, key.publicKeyJwk) : jws,
    ).toEqual({ ok: true, value: true })
  })

  it('says the same in the claims as in the credential, which stands whole in vc', async () => {
    const jws = readCredentialJws(await shaped(credential, kid))
    expect(jws.ok ? jws.value.payload : jws).toEqual({
      iss: issuer,
      sub: 'did:web:buyer.example',
      jti: 'https://lso.example/issuers/a/credentials/1',
      nbf: 1_768_478_400,
      exp: 1_831_550_400,
      vc: credential,
    })
    expect(jws.ok ? Object.keys(jws.value.header).sort() : jws).toEqual(['alg', 'kid', 'typ'])
  })

  it('claims nothing that the credential does not say', async () => {
    const { id: _id, expirationDate: _expirationDate, ...rest } = credential
    const unnamed = { ...rest, credentialSubject: { type: 'LegalEntity' } }
    const jws = readCredentialJws(await shaped(unnamed, kid))
    expect(jws.ok ? jws.value.payload : jws).toEqual({
      iss: issuer,
      nbf: 1_768_478_400,
      vc: unnamed,
    })
  })

  it('V1: keeps further members of the issuer inside vc, where no claim overrides iss', async () => {
    const named = { ...credential, issuer: { id: issuer, name: 'Issuer' } }
    const jws = readCredentialJws(await shaped(named, kid))
    expect(jws).toMatchObject({ ok: true, value: { payload: { iss: issuer, vc: named } } })
    expect(jws.ok ? jws.value.payload : {}).not.toHaveProperty('issuer')
  })

  it('cuts fractions of a second in the claims and keeps them in vc', async () => {
    const precise = { ...credential, issuanceDate: '2026-01-15T14:00:00.999+02:00' }
    const jws = readCredentialJws(await shaped(precise, kid))
    expect(jws).toMatchObject({
      ok: true,
      value: { payload: { nbf: 1_768_478_400, vc: precise } },
    })
  })

  it('does not change the credential it is given', async () => {
    const frozen = deepFreeze(structuredClone(credential))
    await shaped(frozen, kid)
    await shaped(frozen, kid)
    expect(frozen).toEqual(credential)
  })

  it.each([
    { when: 'several subjects', change: { credentialSubject: [{ id: 'did:web:a.example' }] } },
    { when: 'no subject', change: { credentialSubject: null } },
    { when: 'another issuer', change: { issuer: 'did:web:other.example' } },
    { when: 'another issuer as object', change: { issuer: { id: 'did:web:other.example' } } },
    { when: 'an issuer without id', change: { issuer: { name: 'Issuer' } } },
    { when: 'no date of issue', change: { issuanceDate: null } },
    { when: 'a date without a zone', change: { issuanceDate: '2026-01-15T12:00:00' } },
    { when: 'a date before 1970', change: { issuanceDate: '1969-12-31T23:59:59Z' } },
    { when: 'an end that is no date', change: { expirationDate: 'never' } },
    { when: 'an end as number', change: { expirationDate: 1_831_550_400 } },
  ])('V1, V2, V8: refuses $when, naming the member', async ({ change }) => {
    expect(await shaper.shape({ ...credential, ...change }, signatory(kid))).toEqual({
      ok: false,
      refusal: { reason: 'credential_not_representable', member: Object.keys(change)[0] },
    })
  })
})

describe('Vcdm1Shaper and did-jwt-vc as a verifier', () => {
  it.each(['EdDSA', 'ES256'])('makes a %s credential that the library accepts', async (kid) => {
    const { publicKeyJwk } = signer.keys.find((key) => key.kid === kid) ?? {}
    const method = { id: `${issuer}#${kid}`, type: 'JsonWebKey2020', controller: issuer }
    const resolver: Resolvable = {
      resolve: async () => ({
        didResolutionMetadata: {},
        didDocumentMetadata: {},
        didDocument: {
          id: issuer,
          verificationMethod: [{ ...method, publicKeyJwk: { ...publicKeyJwk } as JsonWebKey }],
          assertionMethod: [method.id],
        },
      }),
    }
    const jwt = await shaped(credential, kid)
    const at = { now: 1_768_478_400 }
    const verified = await verifyCredential(jwt, resolver, { policies: at })
    expect(verified).toMatchObject({ verified: true, issuer })
    const {
      issuer: read,
      credentialSubject,
      type,
      '@context': context,
    } = verified.verifiableCredential
    expect({ read, credentialSubject, type, context }).toEqual({
      read: { id: issuer },
      credentialSubject: credential['credentialSubject'],
      type: credential['type'],
      context: credential['@context'],
    })
  })
})

it('Vcdm1Shaper throws for a kid that is no signing key', async () => {
  await expect(shaper.shape(credential, signatory('unknown'))).rejects.toThrow(
    'no signing key has this kid',
  )
})

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner)
    Object.freeze(value)
  }
  return value
}
