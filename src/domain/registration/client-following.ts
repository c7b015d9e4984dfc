import type { Did } from '../did/did.ts'
import type { Observation } from '../evidence/observation.ts'
import type { Json } from '../json/strict-json.ts'
import type { EpochSeconds } from '../time.ts'
import type { SettledState } from './client-standing.ts'
import type { DocumentChange, DocumentFacts } from './document-changes.ts'
import type { RedirectTerms } from './redirect-holds.ts'

/** What is kept of a client so that its decision can be looked at again. */
export interface ClientFollowing {
  readonly clientId: Did
  /** The decision that it is about; another one begins anew. */
  readonly decisionId: string
  /** The credentials that were presented, secured as they came. */
  readonly credentials: readonly Json[]
  readonly settled: SettledState
  /** The policy of the last full answer. */
  readonly policyVersion: number
  /** What this deployment's own issuers said then: asked again for each answer. */
  readonly own: readonly Observation[]
  /** When the oldest of what came from elsewhere was obtained. */
  readonly evidenceAt: EpochSeconds
  /** Until then the status is answered without asking elsewhere. */
  readonly freshUntil: EpochSeconds
  /** `undefined` until a document was seen. */
  readonly terms: RedirectTerms | undefined
  /** Of the newest document that was seen. */
  readonly digest: string | undefined
  /** What that document says; `undefined` until one was seen. */
  readonly facts: DocumentFacts | undefined
}

/** A document of a client, as it was first seen. */
export interface DocumentSnapshot {
  readonly clientId: Did
  /** base64url SHA-256 of `document`. */
  readonly digest: string
  readonly seenAt: EpochSeconds
  /** The source, as it came. */
  readonly document: string
  /** Against the one before; empty for the first. */
  readonly changes: readonly DocumentChange[]
}
