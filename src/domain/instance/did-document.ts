import type { JsonObject } from '../json/strict-json.ts'
import type { PublicJwk } from '../jwk.ts'
import type { Issuer, Verifier } from './instance.ts'

/** Contexts of a document whose methods are `JsonWebKey` (CID 1.0 §2.2.3). */
const CONTEXTS = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1']

/**
 * The document of an instance that this deployment hosts (DID Core §5): its keys, for assertion (what
 * it issues) and authentication (what it presents). `publicKeys` is by `kid` of `SIGNING_KEYS`.
 */
export function instanceDocument(
  instance: Issuer | Verifier,
  publicKeys: ReadonlyMap<string, PublicJwk>,
): JsonObject {
  const verificationMethod = instance.keys.flatMap(({ kid, verificationMethod: id }) => {
    const publicKeyJwk = publicKeys.get(kid)
    return publicKeyJwk === undefined
      ? []
      : [{ id, type: 'JsonWebKey', controller: instance.did, publicKeyJwk: { ...publicKeyJwk } }]
  })
  const ids = verificationMethod.map(({ id }) => id)
  return {
    '@context': CONTEXTS,
    id: instance.did,
    verificationMethod,
    authentication: ids,
    assertionMethod: ids,
  }
}
