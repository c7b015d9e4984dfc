import { canonicalJson } from '../json/canonical.ts'
import type { Json } from '../json/strict-json.ts'
import type { Did } from '../did/did.ts'
import type { EpochSeconds } from '../time.ts'
import type { ClientStatus, RegisteredClient } from './registered-client.ts'

/** What an authorization server that follows a client has to look at again. */
export type ClientAspect = 'registered' | 'status' | 'keys' | 'redirect_uris' | 'scopes' | 'profile'

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
    ['redirect_uris', differs(({ redirectUris }) => redirectUris)],
    ['scopes', differs(({ scopes }) => scopes)],
    ['profile', differs(({ profile }) => profile)],
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
