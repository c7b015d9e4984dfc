import type { InstanceId, Verifier } from '../domain/instance/instance.ts'
import {
  FEED_CONCURRENCY,
  MAX_FEED_ISSUERS,
  MAX_FEED_LOOKS,
  MAX_FEED_STATUS_CHANGES,
} from '../domain/limits.ts'
import type { ChangedEntry } from '../domain/registration/own-entry.ts'
import { StorageUnavailable } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import { atMostAtOnce } from './at-most-at-once.ts'
import { clientStatusNow } from './follow-clients.ts'
import type { LookNeeds } from './look-at-client.ts'

type Needs = LookNeeds & Pick<Ports, 'events'>

interface IssuerChanges {
  readonly issuer: InstanceId
  readonly changed: readonly ChangedEntry[]
}

/** How far the readings of one caller have come in their round, which asks every own issuer. */
export interface TakenUp {
  /** True with the last reading of a round: no issuer is left out, and nothing that it changed before it was asked. */
  readonly done: boolean
  /** Behind which issuer the next reading goes on; `undefined`: a round begins. */
  readonly behind: InstanceId | undefined
}

/**
 * Looks at the clients whose credentials, or accreditations above them, an issuer of this deployment has
 * revoked, suspended or reinstated since they were looked at: so that the change feed shows it at once.
 *
 *   own issuers → their changes of status → the clients that rest on these entries → look
 *
 * Asks no issuer about anything but what changed, and looks at no client of which nothing did. One reading
 * asks a bounded number of issuers, in the order of their ids, from `behind` on: where the reading before
 * has come to, which its caller keeps.
 */
export async function takeUpChanges(
  needs: Needs,
  verifier: Verifier,
  behind: InstanceId | undefined,
): Promise<TakenUp> {
  const left = inOrderBehind(behind, await needs.verifiers.ownIssuers(verifier.id))
  const now = left.slice(0, MAX_FEED_ISSUERS)
  const asked = await atMostAtOnce(FEED_CONCURRENCY, now, async ({ issuer, since }) => ({
    issuer,
    changed: await needs.issuers.statusChangesSince(issuer, since, MAX_FEED_STATUS_CHANGES),
  }))
  let room = MAX_FEED_LOOKS
  let finished = true
  let next = behind
  for (const one of asked) {
    const { looks, all } = await takeUp(needs, verifier, one, room)
    room -= looks
    finished &&= all
    if (finished) next = one.issuer
  }
  const done = finished && now.length === left.length
  return { done, behind: done ? undefined : next }
}

async function takeUp(
  needs: Needs,
  verifier: Verifier,
  { issuer, changed }: IssuerChanges,
  room: number,
): Promise<{ readonly looks: number; readonly all: boolean }> {
  if (changed.length === 0) return { looks: 0, all: true }
  const clients = await needs.verifiers.clientsAt(verifier.id, issuer, changed, room)
  await atMostAtOnce(FEED_CONCURRENCY, clients, async (client) => {
    try {
      await clientStatusNow(needs, verifier, client)
    } catch (cause) {
      if (cause instanceof StorageUnavailable) throw cause
      // It keeps nobody else waiting: the alarm looks at it again.
      const fault = cause instanceof Error ? cause.name : 'unknown'
      needs.events.clientNotFollowed({ verifier: verifier.id, client, fault })
    }
  })
  const all = await needs.verifiers.tookUp(verifier.id, issuer, changed, clients)
  return { looks: clients.length, all: all && changed.length < MAX_FEED_STATUS_CHANGES }
}

/** One order for all rounds, whoever comes or goes meanwhile. */
const inOrderBehind = <Own extends { readonly issuer: InstanceId }>(
  behind: InstanceId | undefined,
  issuers: readonly Own[],
): readonly Own[] =>
  issuers
    .filter(({ issuer }) => behind === undefined || issuer > behind)
    .toSorted((a, b) => (a.issuer < b.issuer ? -1 : 1))
