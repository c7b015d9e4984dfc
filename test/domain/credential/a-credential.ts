import type { Json, JsonObject } from '../../../src/domain/json/strict-json.ts'

/** A good credential of VCDM 2.0 in which every member that the data model knows stands. */
export const credential20: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://example.com/contexts/v1'],
  id: 'https://example.com/credentials/1',
  type: ['VerifiableCredential', 'ExampleCredential'],
  name: 'Example credential',
  description: [
    { '@value': 'An example', '@language': 'en', '@direction': 'ltr' },
    { '@value': 'Ein Beispiel', '@language': 'de' },
  ],
  issuer: { id: 'did:web:issuer.example', name: { '@value': 'Issuer', '@language': 'en-GB' } },
  validFrom: '2026-11-22T04:10:46Z',
  validUntil: '2027-11-22T04:10:46.5+01:00',
  credentialSubject: { id: 'did:web:subject.example', colour: 'blue' },
  credentialStatus: [
    { type: 'BitstringStatusListEntry' },
    { id: 'urn:example:status', type: 'Other' },
  ],
  credentialSchema: { id: 'https://example.com/schemas/1', type: 'JsonSchema' },
  evidence: { type: ['Evidence'] },
  termsOfUse: [{ id: 'https://example.com/terms', type: 'Terms' }],
  refreshService: { type: 'Refresh' },
  confidenceMethod: { type: 'Confidence' },
  renderMethod: { type: 'Render' },
  relatedResource: [
    {
      id: 'https://example.com/contexts/v1',
      digestSRI: `sha384-${'a'.repeat(64)}`,
      mediaType: 'text/html',
    },
    { id: 'https://example.com/other', digestMultibase: 'uEiAbcd' },
  ],
  proof: { type: 'DataIntegrityProof' },
}

/** The same in VCDM 1.1, as far as 1.1 goes. */
export const credential11: JsonObject = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  id: 'https://example.com/credentials/1',
  type: ['VerifiableCredential'],
  issuer: 'did:web:issuer.example',
  issuanceDate: '2026-11-22T04:10:46Z',
  expirationDate: '2027-11-22T04:10:46Z',
  credentialSubject: [{ id: 'did:web:subject.example' }, { colour: 'blue' }],
  credentialStatus: { id: 'https://example.com/status/1', type: 'Status' },
  refreshService: { id: 'https://example.com/refresh', type: 'Refresh' },
}

/** The object with some members changed; `undefined` takes a member away. */
export function changed(
  object: JsonObject,
  members: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const result: Record<string, Json> = { ...object }
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) Reflect.deleteProperty(result, name)
    else result[name] = value
  }
  return result
}
