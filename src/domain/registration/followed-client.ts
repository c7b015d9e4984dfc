import type { JsonObject } from '../json/strict-json.ts'
import { changedAspects } from './client-change.ts'
import type { ClientFollowing, DocumentSnapshot } from './client-following.ts'
import { hostsOf, redirectHost } from './document-changes.ts'
import { countedRedirectUris, type RedirectHold } from './redirect-holds.ts'
import type { RegisteredClient } from './registered-client.ts'

interface Look {
  readonly basedOn: number
  readonly client: RegisteredClient
  readonly following: ClientFollowing
  readonly snapshots: readonly DocumentSnapshot[]
  readonly holds: readonly RedirectHold[]
}

/**
 * What is stored of a look at a client that is now `before`; `undefined` when another look, a hold that was
 * decided or another decision came in between.
 */
export function storedLook(
  before: { readonly client: RegisteredClient; readonly revision: number },
  { basedOn, client, following }: Look,
): Pick<Look, 'client' | 'following'> | undefined {
  return before.revision === basedOn && before.client.decisionId === client.decisionId
    ? { client, following }
    : undefined
}

/** What the audit record says of a look; `undefined` where nothing but moments changed. */
export function lookDetail(
  before: RegisteredClient,
  after: RegisteredClient,
  { snapshots, holds }: Pick<Look, 'snapshots' | 'holds'>,
): JsonObject | undefined {
  const changed = changedAspects(before, after)
  if (changed.length + snapshots.length + holds.length === 0) return undefined
  return {
    status: after.status,
    reason: after.reason ?? null,
    changed: [...changed],
    documents: snapshots.map(({ digest }) => digest),
    ...holdsDetail(holds),
  }
}

/** What an audit record says of holds. */
export const holdsDetail = (holds: readonly RedirectHold[]): JsonObject => ({
  holds: holds.map(({ id, host, state }) => ({ id, host, state })),
})

/** A client as it is known, with what came of it so far. */
interface Known {
  readonly client: RegisteredClient
  readonly following: ClientFollowing | undefined
  readonly holds: readonly RedirectHold[]
}

/** Redirect hosts that count for a client: accepted with its registration, or approved since (row V16). */
export function acceptedHosts({ client, following, holds }: Known): readonly string[] {
  const { decisionId } = client
  const terms = following?.decisionId === decisionId ? following.terms : undefined
  return [...new Set([...(terms?.hosts ?? hostsOf(client)), ...approvedHosts(holds, decisionId)])]
}

/** Hosts that were held under a decision, and approved. */
export const approvedHosts = (
  holds: readonly RedirectHold[],
  decisionId: string,
): readonly string[] =>
  holds
    .filter((hold) => hold.decisionId === decisionId && hold.state === 'approved')
    .map(({ host }) => host)

/**
 * May `client` take the place of what is known under its DID? A first registration is the approval of
 * its own hosts; a later one has no host that was not accepted before.
 */
export function mayFollow(before: Known | undefined, client: RegisteredClient): boolean {
  if (before === undefined) return true
  const accepted = acceptedHosts(before)
  return client.redirectUris.every((uri) => accepted.includes(redirectHost(uri)))
}

/** What is kept of a client once it asked for URIs that it had left out. */
export function askedAgain(
  following: ClientFollowing,
  holds: readonly RedirectHold[],
): ClientFollowing {
  const asked = holds.flatMap(({ redirectUris }) => redirectUris)
  const { terms } = following
  if (terms === undefined) return following
  const leftOut = terms.leftOut.filter((uri) => !asked.includes(uri))
  return { ...following, terms: { ...terms, leftOut } }
}

/** The client once the URIs of a held host count. */
export function approvedClient(
  client: RegisteredClient,
  following: ClientFollowing | undefined,
  { host, redirectUris }: RedirectHold,
): { readonly client: RegisteredClient; readonly following: ClientFollowing | undefined } {
  const { terms, facts } =
    following?.decisionId === client.decisionId ? following : { terms: undefined, facts: undefined }
  // Until it is looked at under its decision, the client is what was decided.
  if (following === undefined || terms === undefined || facts === undefined) {
    const all = [...new Set([...client.redirectUris, ...redirectUris])]
    return { client: { ...client, redirectUris: all }, following }
  }
  const widened = { ...terms, hosts: [...terms.hosts, host] }
  return {
    client: { ...client, redirectUris: countedRedirectUris(facts.redirectUris, widened) },
    following: { ...following, terms: widened },
  }
}
