import type { JsonObject } from '../json/strict-json.ts'
import type { PublicJwk } from '../jwk.ts'
import type { EpochSeconds } from '../time.ts'
import type { Did } from './did.ts'

/** Verification relationships (DID Core §5.3) that this service looks at. */
export const RELATIONSHIPS = [
  'authentication',
  'assertionMethod',
  'keyAgreement',
  'capabilityInvocation',
  'capabilityDelegation',
] as const
export type VerificationRelationship = (typeof RELATIONSHIPS)[number]

/** Contexts of a document of ours, whose methods are `JsonWebKey` (CID 1.0 §2.2.3). */
export const KEY_DOCUMENT_CONTEXTS: readonly string[] = [
  'https://www.w3.org/ns/did/v1',
  'https://w3id.org/security/jwk/v1',
]

/** A verification method (CID 1.0 §2.2) after validation: absolute id, public members only. */
export interface VerificationMethod {
  /** Absolute DID URL; the only form of `kid` in this service. */
  readonly id: string
  readonly type: string
  readonly controller: string
  /** Absent for a key that is unsound or of a type that we do not know how to use: the method then serves no purpose here. */
  readonly publicKeyJwk?: PublicJwk
  /** The key is of small or mixed order, and absent for that (row J26). */
  readonly smallOrder?: true
  /** The document says two things of this id, so that it names no key at all (row D19). */
  readonly ambiguous?: true
  /** From then on the method counts as absent (CID 1.0 §2.2, row D22). */
  readonly expires?: EpochSeconds
  /** From then on the method counts as absent (CID 1.0 §2.2, row D22). */
  readonly revoked?: EpochSeconds
}

/** A service (DID Core §5.4) after validation: absolute id, endpoint as the document has it. */
export interface DidService {
  readonly id: string
  readonly types: readonly string[]
  readonly serviceEndpoint: string | JsonObject | readonly (string | JsonObject)[]
}

/**
 * A DID document that passed validation, in the form that decisions are made on.
 * `source` is the document as resolved: it goes to callers, never into a decision.
 */
export interface DidDocument {
  readonly id: Did
  readonly verificationMethods: ReadonlyMap<string, VerificationMethod>
  /** Absolute ids of the methods listed under each relationship. */
  readonly relationships: Readonly<Record<VerificationRelationship, readonly string[]>>
  readonly services: readonly DidService[]
  readonly source: JsonObject
}
