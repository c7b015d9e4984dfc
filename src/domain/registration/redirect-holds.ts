import type { Did } from '../did/did.ts'
import { MAX_CLIENT_HOLDS } from '../limits.ts'
import type { EpochSeconds } from '../time.ts'
import { hostsOf, redirectHost } from './document-changes.ts'

export const HOLD_STATES = ['pending', 'approved', 'rejected', 'withdrawn'] as const
export type HoldState = (typeof HOLD_STATES)[number]

/** A redirect host that is new in a client's document, and counts only once the operator says so. */
export interface RedirectHold {
  readonly id: string
  readonly clientId: Did
  readonly decisionId: string
  /** Host and port, in small letters. */
  readonly host: string
  /** The URIs of that host in the document. */
  readonly redirectUris: readonly string[]
  /** Of the document in which it was first seen. */
  readonly digest: string
  readonly state: HoldState
  readonly seenAt: EpochSeconds
  /** When it left the state `pending`, and by whom. */
  readonly decided: { readonly at: EpochSeconds; readonly actor: string } | undefined
}

/** Which redirect URIs of a client's document count, by what was decided about them. */
export interface RedirectTerms {
  /** Hosts that were accepted with the registration, or approved since. */
  readonly hosts: readonly string[]
  /** In the document when the client was accepted, and not registered: they stay out. */
  readonly leftOut: readonly string[]
}

/**
 * The terms of a client that was accepted with `decided` of the URIs in `document`. Those on a host that
 * is held were asked for: they are not left out.
 */
export const redirectTerms = (
  decided: readonly string[],
  document: readonly string[],
  held: readonly string[],
): RedirectTerms => ({
  hosts: hostsOf({ redirectUris: decided }),
  leftOut: document.filter((uri) => !decided.includes(uri) && !held.includes(redirectHost(uri))),
})

/** The holds that a client asks for with `redirectUris`, one for each host. */
export const wantedHolds = (
  redirectUris: readonly string[],
  seen: Pick<RedirectHold, 'clientId' | 'decisionId' | 'digest' | 'seenAt'>,
  newId: () => string,
): readonly RedirectHold[] =>
  hostsOf({ redirectUris }).map((host) => ({
    ...seen,
    id: newId(),
    host,
    redirectUris: redirectUris.filter((uri) => redirectHost(uri) === host),
    state: 'pending',
    decided: undefined,
  }))

/**
 * The holds that change when a client asks under the decision `decisionId` for those that it `wants`: one
 * that is pending stays the one it is, and one that was decided under this decision stays decided. What
 * is pending of an earlier decision and not asked for any more is withdrawn. Asking once more for what
 * is pending already changes nothing.
 */
export function askedHolds(
  holds: readonly RedirectHold[],
  wants: readonly RedirectHold[],
  { decisionId, at }: { readonly decisionId: string; readonly at: EpochSeconds },
): readonly RedirectHold[] {
  const isWanted = ({ host }: RedirectHold): boolean => wants.some((one) => one.host === host)
  const current = holds.filter((one) => one.decisionId === decisionId && one.state !== 'withdrawn')
  const superseded = holds
    .filter((one) => one.state === 'pending' && one.decisionId !== decisionId && !isWanted(one))
    .map((one): RedirectHold => ({
      ...one,
      state: 'withdrawn',
      decided: { at, actor: 'registration' },
    }))
  const room = Math.max(0, MAX_CLIENT_HOLDS - current.filter((one) => !isWanted(one)).length)
  const taken = wants.slice(0, room).flatMap((wanted): readonly RedirectHold[] => {
    const pending = holds.find(({ host, state }) => host === wanted.host && state === 'pending')
    if (pending !== undefined) {
      const same =
        pending.decisionId === decisionId &&
        pending.redirectUris.join(' ') === wanted.redirectUris.join(' ')
      return same ? [] : [{ ...pending, decisionId, redirectUris: wanted.redirectUris }]
    }
    return current.some(({ host }) => host === wanted.host) ? [] : [wanted]
  })
  return [...superseded, ...taken]
}

/**
 * The URIs that count now (rule R19, row V16): in the document, on an accepted host, and not left out.
 * Another path of an accepted host follows the document; one that leaves the document ends at once.
 */
export const countedRedirectUris = (
  document: readonly string[],
  { hosts, leftOut }: RedirectTerms,
): readonly string[] =>
  document.filter((uri) => hosts.includes(redirectHost(uri)) && !leftOut.includes(uri))

/**
 * The holds of a decision as they are after its document was seen: a new one for each new host, as far as
 * there is room; a pending one whose host has left the document is withdrawn. Those that do not
 * change are not among them.
 */
export function changedHolds(
  holds: readonly RedirectHold[],
  document: readonly string[],
  terms: RedirectTerms,
  seen: Pick<RedirectHold, 'clientId' | 'decisionId' | 'digest' | 'seenAt'>,
  newId: () => string,
): readonly RedirectHold[] {
  const current = holds.filter(({ decisionId }) => decisionId === seen.decisionId)
  const unheld = document.filter(
    (uri) => !terms.hosts.includes(redirectHost(uri)) && !terms.leftOut.includes(uri),
  )
  const urisOf = (host: string) => unheld.filter((uri) => redirectHost(uri) === host)
  const moved = current.flatMap((hold): readonly RedirectHold[] => {
    if (hold.state !== 'pending') return []
    const redirectUris = urisOf(hold.host)
    if (redirectUris.length === 0)
      return [{ ...hold, state: 'withdrawn', decided: { at: seen.seenAt, actor: 'document' } }]
    const same = redirectUris.join(' ') === hold.redirectUris.join(' ')
    return same ? [] : [{ ...hold, redirectUris }]
  })
  const superseded = holds
    .filter(({ decisionId, state }) => decisionId !== seen.decisionId && state === 'pending')
    .map((hold): RedirectHold => ({
      ...hold,
      state: 'withdrawn',
      decided: { at: seen.seenAt, actor: 'registration' },
    }))
  const standing = current.filter(({ state }) => state !== 'withdrawn').map(({ host }) => host)
  const room = Math.max(0, MAX_CLIENT_HOLDS - standing.length)
  const opened = hostsOf({ redirectUris: unheld })
    .filter((host) => !standing.includes(host))
    .slice(0, room)
    .map((host): RedirectHold => ({
      ...seen,
      id: newId(),
      host,
      redirectUris: urisOf(host),
      state: 'pending',
      decided: undefined,
    }))
  return [...superseded, ...moved, ...opened]
}
