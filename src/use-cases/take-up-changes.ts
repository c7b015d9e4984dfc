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

/**
 * Looks at the clients whose credentials, or accreditations above them, an issuer of this deployment has
 * revoked, suspended or reinstated since they were looked at: so that the change feed shows it at once.
 *
 *   own issuers → their changes of status → the clients that rest on these entries → look
 *
 * Asks no issuer about anything but what changed, and looks at no client of which nothing did. True when
 * nothing that was found is left for the next time.
 */
export async function takeUpChanges(needs: Needs, verifier: Verifier): Promise<boolean> {
  const issuers = someOf(await needs.verifiers.ownIssuers(verifier.id), needs)
  const asked = await atMostAtOnce(FEED_CONCURRENCY, issuers, async ({ issuer, since }) => ({
    issuer,
    changed: await needs.issuers.statusChangesSince(issuer, since, MAX_FEED_STATUS_CHANGES),
  }))
  let [room, done] = [MAX_FEED_LOOKS, true]
  for (const one of asked.filter(({ changed }) => changed.length > 0)) {
    const { looks, all } = await takeUp(needs, verifier, one, room)
    room -= looks
    done &&= all && one.changed.length < MAX_FEED_STATUS_CHANGES
  }
  return done
}

async function takeUp(
  needs: Needs,
  verifier: Verifier,
  { issuer, changed }: IssuerChanges,
  room: number,
): Promise<{ readonly looks: number; readonly all: boolean }> {
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
  return { looks: clients.length, all }
}

/** As many as one reading asks, whichever: those left out have their turn in another, or with the alarm. */
function someOf<Issuer>(
  issuers: readonly Issuer[],
  { random }: Pick<Needs, 'random'>,
): readonly Issuer[] {
  const windows = Math.ceil(issuers.length / MAX_FEED_ISSUERS)
  if (windows <= 1) return issuers
  const [byte = 0] = random.bytes(1)
  const first = (byte % windows) * MAX_FEED_ISSUERS
  return issuers.slice(first, first + MAX_FEED_ISSUERS)
}
