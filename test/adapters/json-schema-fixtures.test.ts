import { describe, expect, it } from 'vitest'
import { createCredentialSchemas } from '../../src/adapters/json-schema/credential-schemas.ts'
import { reportedFaults } from '../../src/domain/fault.ts'
import { credentialFaults, dataModelOf } from '../../src/domain/credential/data-model.ts'
import { lsoFaults, lsoTypeOf } from '../../src/domain/credential/lso-types.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { textsIn } from '../../src/domain/json/values.ts'
import { fixtures } from '../support/fixtures.ts'

type Reader = 'data model' | 'schema' | 'LSO rules'

/** Per invalid fixture: the reader that must find the fault, and the one place where it is. */
const INVALID: Readonly<Record<string, readonly [Reader, string]>> = {
  'accreditation-with-depth-beyond-limit': ['schema', '/credentialSubject/maxDepth'],
  'accreditation-with-may-accredit-as-text': ['schema', '/credentialSubject/mayAccredit'],
  'accreditation-with-negative-depth': ['schema', '/credentialSubject/maxDepth'],
  'accreditation-with-nothing-accredited': ['schema', '/credentialSubject/accreditedFor'],
  'accreditation-with-repeated-type': ['LSO rules', '/credentialSubject/accreditedFor/1'],
  'accreditation-with-unassigned-jurisdiction': ['LSO rules', '/credentialSubject/jurisdictions/1'],
  'accreditation-with-unknown-member': ['schema', '/credentialSubject/mayRevoke'],
  'accreditation-without-may-accredit': ['schema', '/credentialSubject/mayAccredit'],
  'delegation-with-delegator-as-delegate': ['LSO rules', '/credentialSubject/delegator'],
  'delegation-with-delegator-that-is-no-did': ['LSO rules', '/credentialSubject/delegator'],
  'delegation-with-empty-scope': ['schema', '/credentialSubject/scope'],
  'delegation-with-unknown-member': ['schema', '/credentialSubject/mayDelegate'],
  'delegation-without-delegator': ['LSO rules', '/credentialSubject/delegator'],
  'delegation-without-trust-domain': ['schema', '/credentialSubject/trustDomain'],
  'legal-entity-valid-one-second-too-long': ['LSO rules', '/validUntil'],
  'legal-entity-vcdm-1.1-valid-one-second-too-long': ['LSO rules', '/expirationDate'],
  'legal-entity-vcdm-1.1-with-other-valid-until': ['data model', '/validUntil'],
  'legal-entity-vcdm-1.1-with-status-without-id': ['data model', '/credentialStatus/id'],
  'legal-entity-vcdm-1.1-without-end': ['LSO rules', '/expirationDate'],
  'legal-entity-vcdm-1.1-without-issuance-date': ['data model', '/issuanceDate'],
  'legal-entity-with-both-base-contexts': ['data model', '/@context/1'],
  'legal-entity-with-country-in-small-letters': [
    'LSO rules',
    '/credentialSubject/registeredAddress/country',
  ],
  'legal-entity-with-date-without-zone': ['data model', '/validFrom'],
  'legal-entity-with-empty-identifiers': ['schema', '/credentialSubject/identifiers'],
  'legal-entity-with-empty-legal-name': ['schema', '/credentialSubject/legalName'],
  'legal-entity-with-end-before-beginning': ['data model', '/validUntil'],
  'legal-entity-with-evidence-without-date': [
    'schema',
    '/credentialSubject/identifiers/0/evidence/checkedAt',
  ],
  'legal-entity-with-expiration-date-of-vcdm-1.1': ['data model', '/expirationDate'],
  'legal-entity-with-id-that-cannot-be-looked-up': ['LSO rules', '/id'],
  'legal-entity-with-id-that-is-no-url': ['data model', '/id'],
  'legal-entity-with-issuer-without-id': ['data model', '/issuer/id'],
  'legal-entity-with-lei-in-small-letters': ['LSO rules', '/credentialSubject/identifiers/0/value'],
  'legal-entity-with-lei-of-19-characters': ['LSO rules', '/credentialSubject/identifiers/0/value'],
  'legal-entity-with-lei-of-wrong-check-digits': [
    'LSO rules',
    '/credentialSubject/identifiers/0/value',
  ],
  'legal-entity-with-lso-context-first': ['data model', '/@context/0'],
  'legal-entity-with-name-of-reversed-direction': ['schema', '/credentialSubject/legalName'],
  'legal-entity-with-no-role': ['schema', '/credentialSubject/roles'],
  'legal-entity-with-repeated-role': ['LSO rules', '/credentialSubject/roles/1'],
  'legal-entity-with-status-without-type': ['data model', '/credentialStatus/type'],
  'legal-entity-with-subject-in-a-list': ['LSO rules', '/credentialSubject'],
  'legal-entity-with-subject-that-is-a-did-url': ['LSO rules', '/credentialSubject/id'],
  'legal-entity-with-subject-that-is-no-did': ['LSO rules', '/credentialSubject/id'],
  'legal-entity-with-too-long-name': ['schema', '/credentialSubject/legalName'],
  'legal-entity-with-two-lso-types': ['LSO rules', '/type'],
  'legal-entity-with-two-subjects': ['LSO rules', '/credentialSubject'],
  'legal-entity-with-unassigned-country': [
    'LSO rules',
    '/credentialSubject/registeredAddress/country',
  ],
  'legal-entity-with-unknown-address-member': [
    'schema',
    '/credentialSubject/registeredAddress/zip',
  ],
  'legal-entity-with-unknown-identifier-member': [
    'schema',
    '/credentialSubject/identifiers/0/issuedBy',
  ],
  'legal-entity-with-unknown-identifier-scheme': [
    'schema',
    '/credentialSubject/identifiers/1/scheme',
  ],
  'legal-entity-with-unknown-interface': ['schema', '/credentialSubject/lsoInterfaces/0'],
  'legal-entity-with-unknown-member': ['schema', '/credentialSubject/shareCapital'],
  'legal-entity-with-unknown-role': ['schema', '/credentialSubject/roles/1'],
  'legal-entity-with-wrong-subject-type': ['schema', '/credentialSubject/type'],
  'legal-entity-without-address': ['schema', '/credentialSubject/registeredAddress'],
  'legal-entity-without-beginning': ['LSO rules', '/validFrom'],
  'legal-entity-without-context': ['data model', '/@context'],
  'legal-entity-without-country': ['schema', '/credentialSubject/registeredAddress/country'],
  'legal-entity-without-end': ['LSO rules', '/validUntil'],
  'legal-entity-without-id': ['LSO rules', '/id'],
  'legal-entity-without-identifiers': ['schema', '/credentialSubject/identifiers'],
  'legal-entity-without-issuer': ['data model', '/issuer'],
  'legal-entity-without-legal-name': ['schema', '/credentialSubject/legalName'],
  'legal-entity-without-subject-id': ['LSO rules', '/credentialSubject/id'],
  'legal-entity-without-trust-domain': ['schema', '/credentialSubject/trustDomain'],
  'legal-entity-without-verifiable-credential-type': ['data model', '/type'],
}

const schemas = createCredentialSchemas()

function read(credential: JsonObject) {
  const model = dataModelOf(credential) ?? '2.0'
  const type = lsoTypeOf(textsIn(credential['type'])) ?? 'no LSO type'
  return {
    'data model': credentialFaults(credential, model),
    schema: schemas.faults(type, credential),
    'LSO rules': lsoFaults(credential, model),
  }
}

describe('the example credentials of the LSO types', () => {
  it.each(Object.entries(fixtures('valid')))('accepts %s', (_, credential) => {
    expect(read(credential)).toEqual({ 'data model': [], schema: [], 'LSO rules': [] })
  })

  it.each(Object.entries(fixtures('invalid')))(
    'R4, R5, R7, V2, V8, V10: refuses %s',
    (name, credential) => {
      const [reader, pointer] = INVALID[name] ?? []
      const found = read(credential)
      expect(reader !== undefined && found[reader]?.map((fault) => fault.pointer)).toEqual([
        pointer,
      ])
      const all = reportedFaults(found['data model'], found.schema ?? [], found['LSO rules'])
      expect(all.map((fault) => fault.pointer)).toEqual([pointer])
    },
  )

  it('knows what is wrong with each invalid file, and has a file for each fault it knows', () => {
    expect(Object.keys(fixtures('invalid')).sort()).toEqual(Object.keys(INVALID).sort())
    expect(Object.keys(fixtures('valid')).length).toBeGreaterThanOrEqual(16)
  })
})
