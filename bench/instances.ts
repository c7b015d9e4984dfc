import type { Call, Stage } from './scenario.ts'

/** A call with a token and a JSON body. */
export const post = (path: string, token: string, body: unknown): Call => ({
  method: 'POST',
  path,
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  body: JSON.stringify(body),
})

/** An issuer or a verifier with the Ed25519 key. */
export async function newInstance(
  stage: Stage,
  kind: 'issuers' | 'verifiers',
  settings: object,
): Promise<{ readonly did: string; readonly token: string }> {
  const body = { name: 'Example', keys: ['dev-ed25519'], ...settings }
  const created = await stage.ask(post(`/admin/${kind}`, stage.adminToken, body), 201)
  return created as { did: string; token: string }
}

/** A body for the issue call; each number is another legal entity. */
export const legalEntity = (n: number) => ({
  credential: {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential', 'LsoLegalEntityCredential'],
    credentialSubject: {
      id: `did:web:buyer-${n}.example`,
      type: 'LegalEntity',
      legalName: 'Example Buyer Ltd',
      registeredAddress: { country: 'DE', locality: 'Musterstadt' },
      identifiers: [{ scheme: 'VAT', value: 'XX000000000' }],
      roles: ['Buyer'],
      lsoInterfaces: ['Sonata'],
      trustDomain: 'example-lso',
    },
  },
})
