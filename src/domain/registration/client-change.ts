import { canonicalJson } from '../json/canonical.ts'
import type { Json } from '../json/strict-json.ts'
import type { Did } from '../did/did.ts'
import type { EpochSeconds } from '../time.ts'
import { clientMetadata } from './client-metadata.ts'
import type { ClientStatus, RegisteredClient } from './registered-client.ts'

/** What an authorization server that follows a client has to look at again. */
export const CLIENT_ASPECTS = [
  'registered',
  'status',
  'keys',
  'token_endpoint_auth_signing_alg',
  'redirect_uris',
  'grant_types',
  'scopes',
  'profile',
  'legal_entity',
  'valid_until',
] as const
export type ClientAspect = (typeof CLIENT_ASPECTS)[number]

/** One row of a verifier's change feed. */
export interface ClientChange {
  /** Counts up without end and is never used again: the cursor of the feed. */
  readonly sequence: number
  readonly clientId: Did
  readonly changed: readonly ClientAspect[]
  /** The status after the change. */
  readonly status: ClientStatus
  readonly reason: string | undefined
  readonly at: EpochSeconds
}

/** What differs for an authorization server; empty when only the moment of evaluation does. */
export function changedAspects(
  before: RegisteredClient | undefined,
  after: RegisteredClient,
): readonly ClientAspect[] {
  if (before === undefined) return ['registered']
  const differs = (of: (client: RegisteredClient) => Json): boolean =>
    canonicalJson(of(before)) !== canonicalJson(of(after))
  const aspects: readonly (readonly [ClientAspect, boolean])[] = [
    ['status', differs(({ status, reason }) => [status, reason ?? null])],
    [
      'keys',
      differs(({ keys }) => keys.map(({ kid, alg, jwk }) => ({ kid, alg, jwk: { ...jwk } }))),
    ],
    [
      'token_endpoint_auth_signing_alg',
      differs(({ tokenEndpointAuthSigningAlg: alg }) => alg ?? null),
    ],
    ['redirect_uris', differs(({ redirectUris }) => redirectUris)],
    // What it has not asked for follows from the others.
    ['grant_types', differs((client) => clientMetadata(client)['grant_types'] ?? null)],
    ['scopes', differs(({ scopes }) => scopes)],
    ['profile', differs(({ profile }) => profile)],
    [
      'legal_entity',
      differs(({ legalEntity: { country, credentialId, ...entity }, roles, interfaces }) => [
        { ...entity, country: country ?? null, credentialId: credentialId ?? null },
        roles,
        interfaces,
      ]),
    ],
    ['valid_until', differs(({ validUntil }) => validUntil)],
  ]
  return aspects.filter(([, different]) => different).map(([aspect]) => aspect)
}

/** The record that is stored for `put`: a DID that was accepted before stays the client it was. */
export const successor = (
  before: RegisteredClient | undefined,
  put: RegisteredClient,
): RegisteredClient => (before === undefined ? put : { ...put, registeredAt: before.registeredAt })

/** A client that was accepted anew: while its status stays what it was, so does the moment since when. */
export const renewed = (
  before: RegisteredClient | undefined,
  put: RegisteredClient,
): RegisteredClient =>
  before?.status === put.status && before.reason === put.reason
    ? { ...put, since: before.since }
    : put
