import { describe, expect, it } from 'vitest'
import { LSO_TYPES, lsoFaults, lsoTypeOf } from '../../../src/domain/credential/lso-types.ts'
import type { Json, JsonObject } from '../../../src/domain/json/strict-json.ts'
import { MAX_LSO_VALIDITY_SECONDS } from '../../../src/domain/limits.ts'
import { dateTimeStamp, epochSeconds, later } from '../../../src/domain/time.ts'
import { changed } from './a-credential.ts'

const from = epochSeconds(1_795_320_646)

describe('lsoTypeOf', () => {
  it.each(LSO_TYPES)('knows %s wherever it stands', (type) => {
    expect(lsoTypeOf(['VerifiableCredential', type])).toBe(type)
    expect(lsoTypeOf([type])).toBe(type)
  })

  it.each(['VerifiableCredential', 'lsoLegalEntityCredential', 'toString'])(
    'knows no %s',
    (type) => {
      expect(lsoTypeOf([type])).toBeUndefined()
    },
  )
})

describe('lsoFaults', () => {
  const delegation: JsonObject = {
    id: 'https://issuer.example/credentials/1',
    type: ['VerifiableCredential', 'LsoDelegationCredential'],
    validFrom: dateTimeStamp(from),
    validUntil: dateTimeStamp(later(from, MAX_LSO_VALIDITY_SECONDS)),
    credentialSubject: {
      id: 'did:web:delegate.example',
      delegator: 'did:web:delegator.example',
      scope: ['quote:create', 'quote:read'],
    },
  }

  it('accepts the delegation that every refusal below is made from', () => {
    expect(lsoFaults(delegation, '2.0')).toEqual([])
  })

  it('has nothing to say of a credential of no LSO type', () => {
    expect(lsoFaults({ type: ['VerifiableCredential'] }, '2.0')).toEqual([])
  })

  const refused: readonly { change: Readonly<Record<string, Json | undefined>>; at: string }[] = [
    { change: { id: undefined }, at: '/id' },
    { change: { id: 'urn:uuid:9c9a36f8-518f-4976-a934-6649502d0008' }, at: '/id' },
    { change: { validFrom: undefined }, at: '/validFrom' },
    { change: { validUntil: undefined }, at: '/validUntil' },
    {
      change: { validUntil: dateTimeStamp(later(from, MAX_LSO_VALIDITY_SECONDS + 1)) },
      at: '/validUntil',
    },
    { change: { credentialSubject: undefined }, at: '/credentialSubject' },
    {
      change: { credentialSubject: [delegation['credentialSubject'] ?? null] },
      at: '/credentialSubject',
    },
    { change: { type: [...LSO_TYPES] }, at: '/type' },
  ]
  it.each(refused)('R4, R5, R7, V2, V8, V10: refuses $change at $at', ({ change, at }) => {
    const pointers = lsoFaults(changed(delegation, change), '2.0').map(({ pointer }) => pointer)
    expect(pointers).toContain(at)
  })

  it('takes the dates of the data model that is in force', () => {
    expect(lsoFaults(delegation, '1.1').map(({ pointer }) => pointer)).toEqual(['/issuanceDate'])
    const { validFrom = '', validUntil = '', ...rest } = delegation
    const old = { ...rest, issuanceDate: validFrom, expirationDate: validUntil }
    expect(lsoFaults(old, '1.1')).toEqual([])
  })

  const subject = (type: string, members: JsonObject): JsonObject => ({
    ...delegation,
    type: ['VerifiableCredential', type],
    credentialSubject: { id: 'did:web:subject.example', ...members },
  })
  const wrong: readonly { type: string; members: JsonObject; at: readonly string[] }[] = [
    {
      type: 'LsoLegalEntityCredential',
      members: { identifiers: [{ scheme: 'LEI' }] },
      at: ['/identifiers/0/value'],
    },
    {
      type: 'LsoLegalEntityCredential',
      members: {
        identifiers: [
          { scheme: 'LEI', value: 'x' },
          { scheme: 'VAT', value: 'x' },
          { scheme: 'LEI', value: 'x' },
        ],
      },
      at: ['/identifiers/0/value', '/identifiers/2/value'],
    },
    {
      type: 'LsoLegalEntityCredential',
      members: { registeredAddress: { country: 'EU' } },
      at: ['/registeredAddress/country'],
    },
    {
      type: 'LsoLegalEntityCredential',
      members: { roles: ['TPP', 'TPP'], lsoInterfaces: ['Sonata', 'Sonata'] },
      at: ['/roles/1', '/lsoInterfaces/1'],
    },
    {
      type: 'LsoIssuerAccreditationCredential',
      members: { jurisdictions: ['DE', 'DE', 'ZZ'] },
      at: ['/jurisdictions/2', '/jurisdictions/1'],
    },
    {
      type: 'LsoIssuerAccreditationCredential',
      members: { accreditedFor: ['A', 'A'] },
      at: ['/accreditedFor/1'],
    },
    {
      type: 'LsoDelegationCredential',
      members: { delegator: 'did:web:subject.example' },
      at: ['/delegator'],
    },
    {
      type: 'LsoDelegationCredential',
      members: { delegator: 'did:web:a.example#k', scope: ['a', 'a'] },
      at: ['/delegator', '/scope/1'],
    },
  ]
  it.each(wrong)('refuses $members of $type at $at', ({ type, members, at }) => {
    const pointers = lsoFaults(subject(type, members), '2.0').map(({ pointer }) => pointer)
    expect(pointers).toEqual(at.map((step) => `/credentialSubject${step}`))
  })

  it.each([
    {
      type: 'LsoLegalEntityCredential',
      members: { identifiers: 'x', registeredAddress: 1, roles: {} },
    },
    { type: 'LsoIssuerAccreditationCredential', members: { jurisdictions: { 0: 'ZZ' } } },
  ])(
    'leaves the shape of $members to the schema, and does not stumble over it',
    ({ type, members }) => {
      expect(lsoFaults(subject(type, members), '2.0')).toEqual([])
    },
  )
})
