import { describe, expect, it } from 'vitest'
import { createCredentialSchemas } from '../../../src/adapters/json-schema/credential-schemas.ts'
import type { CredentialClaims } from '../../../src/domain/credential/credential-claims.ts'
import type { JsonObject } from '../../../src/domain/json/strict-json.ts'
import { delegationFaults } from '../../../src/domain/trust/delegation.ts'
import { anchorFor, DEFAULT_POLICY } from '../../../src/domain/trust/policy.ts'
import { DID, NOW } from '../../support/did-documents.ts'

const claimsOf = (credentialSubject: JsonObject, more: JsonObject = {}): CredentialClaims => ({
  model: '2.0',
  credential: { credentialSubject, ...more },
  issuer: DID,
  id: undefined,
  types: [],
  subject: undefined,
  validFrom: undefined,
  validUntil: undefined,
  tokenStatus: [],
  issuedAt: undefined,
  conflicts: [],
})

const policy = { ...DEFAULT_POLICY, delegation: 'allow' } as const

/** The conditions that fail for this scope, where the delegator is a buyer in Sonata alone. */
const faultsOf = (scope: readonly string[]) => {
  const trustDomain = 'example-exchange'
  const entity = claimsOf({ trustDomain, roles: ['Buyer'], lsoInterfaces: ['Sonata'] })
  const status = {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '1',
    statusListCredential: 'https://issuer.example/lists/1',
  }
  const delegation = claimsOf({ delegator: DID, scope, trustDomain }, { credentialStatus: status })
  return delegationFaults(
    { delegation, delegate: [entity], delegator: [entity], delegatorIsDelegate: false },
    policy,
  )
}

const GOOD = [
  'sonata:Buyer',
  'sonata:buyer.read',
  'Sonata',
  'SONATA:x',
  'sonata:quote.read',
  'Sonata/order',
  'quote:create',
  'a',
]
const WRONG = [
  'sonata:service-provider',
  'sonata:Seller',
  'SONATA:TPP',
  'Interlude:x',
  'INTERLUDE',
  'lso:Interlude',
  'sonata:x/interlude',
  ' Interlude:x',
  '\tInterlude',
  '\u00a0Interlude:x',
  '\u200bInterlude:x',
  '_Interlude',
  '*',
  'sonata:*',
  '\uff29nterlude:x',
  'Interlude\u0301',
  '"Interlude"',
  '\u017fonata:x',
  '\u0130nterlude:x',
  '',
]
const NOT_PLAIN = WRONG.slice(7)

describe('the scope of a delegation', () => {
  it.each(GOOD)('V13: %j is within what the delegator takes part in', (operation) => {
    expect(faultsOf([operation])).toEqual([])
  })

  it.each(WRONG)('V13: %j is not, alone or beside a good one', (operation) => {
    expect(faultsOf([operation])).toEqual(['scope'])
    expect(faultsOf(['sonata:quote.read', operation])).toEqual(['scope'])
  })

  it('V13: the schema knows no operation that is not plainly written', () => {
    const schemas = createCredentialSchemas()
    const faultsAt = (operation: string) =>
      (
        schemas.faults('LsoDelegationCredential', {
          credentialSubject: { scope: [operation] },
        }) ?? []
      ).filter(({ pointer }) => pointer === '/credentialSubject/scope/0').length
    expect(GOOD.map(faultsAt)).toEqual(GOOD.map(() => 0))
    expect(NOT_PLAIN.map(faultsAt).filter((count) => count === 0)).toEqual([])
  })
})

describe('the type of a credential and an anchor', () => {
  const anchors = [
    { did: DID, types: ['ExampleCredential'], validFrom: undefined, validUntil: undefined },
  ]
  const found = (types: readonly string[]) =>
    anchorFor({ ...DEFAULT_POLICY, anchors }, DID, types, NOW)?.did

  it('V11: an anchor vouches for its types, and not for a credential without any', () => {
    expect(found(['VerifiableCredential', 'ExampleCredential'])).toBe(DID)
    expect(found([])).toBeUndefined()
    expect(found(['VerifiableCredential'])).toBeUndefined()
    expect(found(['ExampleCredential', 'OtherCredential'])).toBeUndefined()
  })
})
