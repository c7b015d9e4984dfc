import type { Did } from '../../domain/did/did.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import type { PublicJwk } from '../../domain/jwk.ts'

const CONTEXTS = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1']

const SIGNING_RELATIONSHIPS = [
  'authentication',
  'assertionMethod',
  'capabilityInvocation',
  'capabilityDelegation',
] as const

/** A key under the id that its DID gives it. */
export interface NamedKey {
  readonly id: string
  readonly jwk: PublicJwk
}

/**
 * The document of a DID that is made of a key, with methods of type `JsonWebKey` (CID 1.0 §2.2.3).
 * `signing` is listed under every relationship but `keyAgreement`, `agreeing` under that one alone.
 */
export function keyDocument(
  did: Did,
  keys: { readonly signing: NamedKey | undefined; readonly agreeing: NamedKey | undefined },
): JsonObject {
  const { signing, agreeing } = keys
  const named = [signing, agreeing].filter((key) => key !== undefined)
  const methods = new Map(named.map((key) => [key.id, key.jwk]))
  return {
    '@context': CONTEXTS,
    id: did,
    verificationMethod: [...methods].map(([id, jwk]) => ({
      id,
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk: { ...jwk },
    })),
    ...(signing === undefined
      ? {}
      : Object.fromEntries(SIGNING_RELATIONSHIPS.map((name) => [name, [signing.id]]))),
    ...(agreeing === undefined ? {} : { keyAgreement: [agreeing.id] }),
  }
}
