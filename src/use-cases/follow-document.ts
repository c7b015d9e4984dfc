import type { ClientFollowing, DocumentSnapshot } from '../domain/registration/client-following.ts'
import {
  documentChanges,
  documentFacts,
  type DocumentFacts,
} from '../domain/registration/document-changes.ts'
import { approvedHosts } from '../domain/registration/followed-client.ts'
import {
  changedHolds,
  countedRedirectUris,
  redirectTerms,
  type RedirectHold,
} from '../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { ResolvedDid } from '../ports/did-resolver.ts'

/** A client, and what came of its documents so far. */
interface Followed {
  readonly client: RegisteredClient
  readonly following: ClientFollowing
  readonly holds: readonly RedirectHold[]
}

export interface FollowedDocument {
  readonly client: RegisteredClient
  readonly following: Pick<ClientFollowing, 'terms' | 'digest' | 'facts'>
  readonly snapshots: readonly DocumentSnapshot[]
  /** Those that changed. */
  readonly holds: readonly RedirectHold[]
}

/**
 * Takes up the documents of a client in the order in which they were seen. Keys follow the document;
 * redirect URIs do within hosts that were accepted, and a new host is held (row V16).
 */
export function followDocument(
  { client, following, holds }: Followed,
  documents: readonly ResolvedDid[],
  { now, newId }: { readonly now: EpochSeconds; readonly newId: () => string },
): FollowedDocument {
  const { clientId, decisionId } = client
  let { terms, digest, facts } = following
  let [keys, redirectUris] = [client.keys, client.redirectUris]
  const approved = approvedHosts(holds, decisionId)
  const held = holds
    .filter((hold) => hold.decisionId === decisionId && hold.state !== 'withdrawn')
    .map(({ host }) => host)
  const snapshots: DocumentSnapshot[] = []
  let changed: readonly RedirectHold[] = []
  for (const resolved of documents) {
    const seen = documentFacts(resolved.document, now, client.tokenEndpointAuthSigningAlg)
    terms ??= redirectTerms(client.redirectUris, seen.redirectUris, held)
    terms = { ...terms, hosts: [...new Set([...terms.hosts, ...approved])] }
    if (resolved.digest !== digest) {
      const seenAt = snapshots.length === 0 && digest === undefined ? resolved.retrieved : now
      snapshots.push({
        clientId,
        digest: resolved.digest,
        seenAt,
        document: resolved.json,
        changes: facts === undefined ? [] : documentChanges(facts, seen, resolved.digest),
      })
    }
    changed = changedHolds(
      holds,
      seen.redirectUris,
      terms,
      { clientId, decisionId, digest: resolved.digest, seenAt: now },
      newId,
    )
    ;[digest, facts] = [resolved.digest, seen]
    keys = keysOf(seen, client)
    redirectUris = countedRedirectUris(seen.redirectUris, terms)
  }
  return {
    client: { ...client, keys, redirectUris },
    following: { terms, digest, facts },
    snapshots,
    holds: changed,
  }
}

/** A document without keys suspends the client; what was pinned stays on record meanwhile. */
const keysOf = ({ keys }: DocumentFacts, client: RegisteredClient): RegisteredClient['keys'] =>
  keys.length === 0 ? client.keys : keys
