import { verifyCredential } from 'did-jwt-vc'
import { publicJwkIn } from './public-key.ts'

/**
 * What did-jwt-vc says of the credential in a body as `credentials/verify` takes it. Its resolver has
 * the document at hand, with the key of `keySegment` for whatever DID is asked for: nothing is
 * fetched, and nothing computed. Status, schema and trust are not looked at by that library.
 */
export async function didJwtVcAnswer(body: string, keySegment: string): Promise<string> {
  const { verifiableCredential } = JSON.parse(body) as { verifiableCredential: string }
  const { verified, verifiableCredential: credential } = await verifyCredential(
    verifiableCredential,
    { resolve: async (did) => resolution(did, keySegment) },
  )
  return JSON.stringify({ verified, credential })
}

function resolution(did: string, keySegment: string) {
  const method = {
    id: `${did}#key-1`,
    type: 'JsonWebKey2020',
    controller: did,
    publicKeyJwk: publicJwkIn(keySegment),
  }
  const didDocument = { id: did, verificationMethod: [method], assertionMethod: [method.id] }
  return { didDocument, didDocumentMetadata: {}, didResolutionMetadata: {} }
}
