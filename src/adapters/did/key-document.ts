import {
  KEY_DOCUMENT_CONTEXTS,
  type DidDocument,
  type VerificationMethod,
} from '../../domain/did/did-document.ts'
import type { Did } from '../../domain/did/did.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import type { PublicJwk } from '../../domain/jwk.ts'
import type { FoundDocument } from './method.ts'

/** A key under the id that its DID gives it. */
export interface NamedKey {
  readonly id: string
  readonly jwk: PublicJwk
}

/**
 * The document of a DID that is made of a key, with methods of type `JsonWebKey` (CID 1.0 §2.2.3).
 * `signing` is listed under every relationship but `keyAgreement`, `agreeing` under that one alone.
 * The keys are taken to be sound. Read already: there is nothing of anybody else's in it to judge.
 */
export function keyDocument(
  did: Did,
  keys: { readonly signing: NamedKey | undefined; readonly agreeing: NamedKey | undefined },
): FoundDocument {
  const { signing, agreeing } = keys
  const methods = [signing, agreeing?.id === signing?.id ? undefined : agreeing]
    .filter((key) => key !== undefined)
    .map(({ id, jwk }) => ({ id, type: 'JsonWebKey', controller: did, publicKeyJwk: jwk }))
  const [signingIds, agreeingIds] = [idsOf(signing), idsOf(agreeing)]
  const relationships = {
    authentication: signingIds,
    assertionMethod: signingIds,
    capabilityInvocation: signingIds,
    capabilityDelegation: signingIds,
    keyAgreement: agreeingIds,
  }
  const source = sourceOf(did, methods, relationships)
  const verificationMethods = new Map(methods.map((method) => [method.id, method]))
  const document = { id: did, verificationMethods, relationships, services: [], source }
  return { source, document }
}

const idsOf = (key: NamedKey | undefined): readonly string[] => (key === undefined ? [] : [key.id])

function sourceOf(
  did: Did,
  methods: readonly (VerificationMethod & { readonly publicKeyJwk: PublicJwk })[],
  { keyAgreement, ...signing }: DidDocument['relationships'],
): JsonObject {
  return {
    '@context': KEY_DOCUMENT_CONTEXTS,
    id: did,
    verificationMethod: methods.map(({ publicKeyJwk, ...method }) => ({
      ...method,
      publicKeyJwk: { ...publicKeyJwk },
    })),
    ...(signing.authentication.length === 0 ? {} : signing),
    ...(keyAgreement.length === 0 ? {} : { keyAgreement }),
  }
}
