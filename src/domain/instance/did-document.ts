import { KEY_DOCUMENT_CONTEXTS } from '../did/did-document.ts'
import type { JsonObject } from '../json/strict-json.ts'
import type { PublicJwk } from '../jwk.ts'
import type { Issuer, Verifier } from './instance.ts'

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
    '@context': KEY_DOCUMENT_CONTEXTS,
    id: instance.did,
    verificationMethod,
    authentication: ids,
    assertionMethod: ids,
  }
}
