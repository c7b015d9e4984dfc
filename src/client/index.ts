/*
 * The typed client. Importable on its own: nothing in this folder reaches outside of it, and at run time
 * it needs `fetch` and WebCrypto alone.
 */
export type { AccreditationsClient, PublishedAccreditations } from './accreditations.ts'
export { assertHolderKey } from './assert-holder-key.ts'
export type { AuditClient, AuditRecord, AuditVerification } from './audit.ts'
export type { AdminClient, CreatedInstance, NewIssuer, NewVerifier } from './admin.ts'
export type {
  Check,
  ClientChange,
  ClientState,
  ClientStatus,
  ClientTokenReport,
  ClientView,
  CredentialReport,
  JwkSet,
  Page,
  PresentationReport,
  RegisteredClient,
  RegistrationDecision,
  Trust,
  Verdict,
} from './answers.ts'
export type { HolderAlg } from './algorithms.ts'
export type { CallOptions, PageRequest } from './call-options.ts'
export type {
  ClientHistory,
  ClientHistoryClient,
  GrantedRegistration,
  RedirectHold,
  SeenDocument,
} from './client-history.ts'
export type { Decision, DecisionsClient, DecisionSummary, Replay } from './decisions.ts'
export { isPassing } from './follow-clients.ts'
export type { ClientChanges, FollowOptions } from './follow-clients.ts'
export { signatureFromDer, webCryptoSigner, type HolderSigner } from './holder-signer.ts'
export type {
  CredentialSummary,
  IssuedCredential,
  IssueReport,
  IssuerClient,
  NewCredential,
  StatusChange,
  StatusPurpose,
  StatusSelection,
} from './issuer.ts'
export type {
  IssuerKey,
  IssuerKeys,
  IssuerKeysClient,
  KeyRotation,
  RotatedKeys,
} from './issuer-keys.ts'
export type { Json, JsonObject } from './json.ts'
export type { Fetch } from './platform.ts'
export {
  createPresentation,
  envelopedCredential,
  type NewPresentation,
  type SecuredCredential,
} from './presentation.ts'
export {
  hintOf,
  textOf,
  type ClientReason,
  type FindingCode,
  type ProblemCode,
  type Reason,
  type ResolutionErrorCode,
} from './reasons.ts'
export type { ServiceOptions } from './transport.ts'
export { createTrustClient, type TrustClient } from './trust-client.ts'
export { TrustError, type Fault } from './trust-error.ts'
export type {
  Challenge,
  ClientAssertionQuestion,
  DpopProofQuestion,
  PolicyVersion,
  RegistrationRequest,
  RequestObjectQuestion,
  SoftwareStatement,
  TrustPolicy,
  VerifierClient,
  VerifyOptions,
} from './verifier.ts'
export { verifyDecision, type ExpectedDecision, type VerifiedDecision } from './verify-decision.ts'
export { verifyEvidence, type VerifiedEvidence } from './verify-evidence.ts'
