import type { ClientKey } from '../client/client-view.ts'
import type { Did } from '../did/did.ts'
import type { SignatureAlgorithmName } from '../jwk.ts'
import type { EpochSeconds } from '../time.ts'

/** Which rules a client's requests follow: FAPI 2.0 Message Signing, or the hybrid flow of W128. */
export const CLIENT_PROFILES = ['fapi2', 'meflso'] as const
export type ClientProfile = (typeof CLIENT_PROFILES)[number]

/** How a client may get tokens (RFC 7591 §2). */
export const GRANT_TYPES = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
] as const
export type GrantType = (typeof GRANT_TYPES)[number]

/**
 * `active` alone lets a client in. `degraded` and `unknown` say that something the decision rested on
 * could not be asked, in part or at all: that is no revocation, and no permission either.
 */
export type ClientStatus = 'active' | 'suspended' | 'revoked' | 'degraded' | 'unknown'

/** The company behind a client, as its credential names it. */
export interface LegalEntitySummary {
  readonly legalName: string
  readonly country: string | undefined
  /** `id` of the legal-entity credential. */
  readonly credentialId: string | undefined
  readonly issuer: Did
}

/** What a client is worth now, and since when. */
export interface ClientState {
  readonly status: ClientStatus
  /** Code of the finding behind a status other than `active`. */
  readonly reason: string | undefined
  /** Since when the client has this status. */
  readonly since: EpochSeconds
  /** When the status was last made sure of. */
  readonly evaluatedAt: EpochSeconds
}

/** A client that a verifier has accepted. Its `client_id` is its DID (W128 R16, D4). */
export interface RegisteredClient extends ClientState {
  readonly clientId: Did
  /** Keys that authenticate it, as they were when it was decided; `kid` names each. */
  readonly keys: readonly ClientKey[]
  /** For exact comparison (R18, R19). */
  readonly redirectUris: readonly string[]
  readonly profile: ClientProfile
  /** The one that it asked for, by its name; absent: keys of every algorithm of the profile authenticate it. */
  readonly tokenEndpointAuthSigningAlg?: SignatureAlgorithmName
  /** Those that it asked for; absent: all that its profile and its redirect URIs allow. */
  readonly grantTypes?: readonly GrantType[]
  readonly scopes: readonly string[]
  readonly legalEntity: LegalEntitySummary
  readonly roles: readonly string[]
  readonly interfaces: readonly string[]
  readonly decisionId: string
  /** From then on the decision counts no more. */
  readonly validUntil: EpochSeconds
  /** When the DID was first accepted; it stays through later decisions. */
  readonly registeredAt: EpochSeconds
}
