import type { JsonObject } from '../src/domain/json/strict-json.ts'

/** A legal-entity credential without fault, as a caller of the issue endpoint writes it. */
export const legalEntity = (subject: string, change: JsonObject = {}): JsonObject => ({
  type: ['VerifiableCredential', 'LsoLegalEntityCredential'],
  credentialSubject: {
    id: subject,
    type: 'LegalEntity',
    legalName: 'Example Buyer Ltd',
    registeredAddress: { country: 'DE' },
    identifiers: [{ scheme: 'VAT', value: 'DE000000000' }],
    roles: ['Buyer'],
    lsoInterfaces: ['Sonata'],
    trustDomain: 'example-exchange',
  },
  ...change,
})
