import type { Did } from '../../domain/did/did.ts'
import {
  CLIENT_CLAIM_SECONDS,
  MAX_CLIENT_HOLDS,
  MAX_CLIENT_SNAPSHOTS,
} from '../../domain/limits.ts'
import type {
  ClientFollowing,
  DocumentSnapshot,
} from '../../domain/registration/client-following.ts'
import {
  approvedClient,
  askedAgain,
  holdsDetail,
  lookDetail,
  storedLook,
} from '../../domain/registration/followed-client.ts'
import { askedHolds, type RedirectHold } from '../../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Change } from '../../ports/change.ts'
import type {
  ClientFollowings,
  ClientLook,
  FollowedClient,
  HoldOutcome,
} from '../../ports/client-following.ts'
import { putEntriesInto, type MemoryEntries } from './client-entries.ts'
import { pageAfter, type memoryLedger } from './ledger.ts'
import { putInto, type MemoryClients } from './verifier-clients.ts'

/** What a memory store keeps of one verifier's clients to look at them again. */
export interface MemoryFollowings {
  readonly rows: Map<
    Did,
    { readonly following: ClientFollowing; readonly revision: number; readonly due: EpochSeconds }
  >
  snapshots: readonly DocumentSnapshot[]
  /** In the order of their opening. */
  readonly holds: Map<string, RedirectHold>
  readonly claims: Map<Did, number>
}

export const noFollowings = (): MemoryFollowings => ({
  rows: new Map(),
  snapshots: [],
  holds: new Map(),
  claims: new Map(),
})

interface Kept {
  readonly clients: MemoryClients
  readonly followings: MemoryFollowings
  readonly entries: MemoryEntries
  /** Version of the policy of a decision. */
  readonly decidedUnder: (decisionId: string) => number | undefined
}

/** The following part of a memory store of verifiers; `of` finds what it keeps of one. */
export const memoryFollowings = (
  of: (id: string) => Kept & { readonly ledger: ReturnType<typeof memoryLedger> },
): ClientFollowings => ({
  followedClient: async (id, clientId) => structuredClone(followed(of(id), clientId)),
  recentClient: async (id, clientId) => structuredClone(followed(of(id), clientId)),
  async claimClient(id, clientId, now) {
    const { claims } = of(id).followings
    if ((claims.get(clientId) ?? 0) > now) return false
    claims.set(clientId, now + CLIENT_CLAIM_SECONDS)
    return true
  },
  async keepLook(id, look, change) {
    const kept = of(id)
    kept.followings.claims.delete(look.client.clientId)
    const applied = kept.ledger.apply({ ...change, mark: undefined }, () =>
      keep(kept, look, change),
    )
    return applied.ok ? applied.value.value : 'superseded'
  },
  async changesSince(id, since, limit) {
    const { changes } = of(id).clients
    const newest = changes.at(-1)?.sequence ?? 0
    const from = since ?? 0
    if (from > newest) return 'unknown'
    if (since !== undefined && since < (changes[0]?.sequence ?? 1) - 1) return 'gone'
    const behind = changes.filter(({ sequence }) => sequence > from)
    return { rows: behind.slice(0, limit), more: behind.length > limit }
  },
  async dueClients(id, now, limit) {
    const { clients, followings } = of(id)
    const dueOf = (clientId: Did) => {
      const row = followings.rows.get(clientId)
      const current = row?.following.decisionId === clients.clients.get(clientId)?.decisionId
      return row !== undefined && current ? row.due : 0
    }
    return [...clients.clients.keys()]
      .filter((clientId) => dueOf(clientId) <= now)
      .sort((a, b) => dueOf(a) - dueOf(b))
      .slice(0, limit)
  },
  snapshots: async (id, clientId) =>
    structuredClone(of(id).followings.snapshots.filter((one) => one.clientId === clientId)),
  async holds(id, clientId, page) {
    const numbered = holdsOf(of(id), clientId).map((hold, at) => ({ hold, at: at + 1 }))
    const { rows, ...rest } = pageAfter(numbered, page, ({ at }) => at)
    return { ...rest, rows: rows.map(({ hold }) => structuredClone(hold)) }
  },
  async openHolds(id, clientId, holds, change) {
    const kept = of(id)
    const client = kept.clients.clients.get(clientId)
    if (client === undefined) return
    kept.ledger.apply({ ...change, mark: undefined }, () => {
      const audit = holdInto(kept, client, holds, change)
      return audit === undefined ? { value: null } : { value: null, audit }
    })
  },
  async decideHold(id, { clientId, holdId }, state, change) {
    const kept = of(id)
    return kept.ledger.apply<HoldOutcome>(change, () => {
      const { at, actor } = change
      const before = followed(kept, clientId)
      const row = kept.followings.rows.get(clientId)
      const hold = before?.holds.find((one) => one.id === holdId)
      if (before === undefined || hold === undefined) return { value: 'not_found' }
      if (hold.state !== 'pending') return { value: 'decided_before' }
      kept.followings.holds.set(holdId, { ...hold, state, decided: { at, actor } })
      const { client, following } =
        state === 'approved' ? approvedClient(before.client, before.following, hold) : before
      putInto(kept.clients, client, change)
      if (row !== undefined && following !== undefined)
        kept.followings.rows.set(clientId, { ...row, following, revision: row.revision + 1 })
      const { host, redirectUris } = hold
      const detail = { clientId, holdId, host, redirectUris: [...redirectUris] }
      return { value: 'decided', audit: { action: `client.hold.${state}`, detail } }
    })
  },
})

const holdsOf = ({ followings }: Kept, clientId: Did): readonly RedirectHold[] =>
  [...followings.holds.values()].filter((hold) => hold.clientId === clientId)

export function followed(kept: Kept, clientId: Did): FollowedClient | undefined {
  const client = kept.clients.clients.get(clientId)
  if (client === undefined) return undefined
  const row = kept.followings.rows.get(clientId)
  const { following, revision = 0 } = row ?? {}
  return {
    client,
    following,
    holds: holdsOf(kept, clientId),
    revision,
    entries: kept.entries.of.get(clientId) ?? [],
    decidedUnder: kept.decidedUnder(client.decisionId),
  }
}

/** Holds what a client asks for; answers with the audit record, where anything changed. */
export function holdInto(
  kept: Kept,
  { clientId, decisionId }: RegisteredClient,
  wants: readonly RedirectHold[],
  { at }: Change,
) {
  const { followings } = kept
  const changed = askedHolds(holdsOf(kept, clientId), wants, { decisionId, at })
  const row = followings.rows.get(clientId)
  if (changed.length === 0) return undefined
  for (const hold of structuredClone(changed)) followings.holds.set(hold.id, hold)
  dropWithdrawn(kept, clientId)
  if (row !== undefined) {
    const following = askedAgain(row.following, wants)
    followings.rows.set(clientId, { ...row, following, revision: row.revision + 1 })
  }
  return { action: 'client.hold', detail: { clientId, ...holdsDetail(changed) } }
}

function dropWithdrawn(kept: Kept, clientId: Did): void {
  const withdrawn = holdsOf(kept, clientId).filter(({ state }) => state === 'withdrawn')
  for (const { id } of withdrawn.slice(0, -MAX_CLIENT_HOLDS)) kept.followings.holds.delete(id)
}

function keep(kept: Kept, given: ClientLook, change: Parameters<typeof putInto>[2]) {
  const { followings } = kept
  const look = structuredClone(given)
  const before = followed(kept, look.client.clientId)
  const stored = before && storedLook(before, look)
  if (before === undefined || stored === undefined) return { value: 'superseded' as const }
  const { clientId } = stored.client
  const put = putInto(kept.clients, stored.client, change)
  putEntriesInto(kept.entries, clientId, look.entries)
  const { following } = stored
  followings.rows.set(clientId, { following, revision: look.basedOn + 1, due: look.dueAt })
  const others = followings.snapshots.filter((one) => one.clientId !== clientId)
  const own = followings.snapshots.filter((one) => one.clientId === clientId)
  followings.snapshots = [...others, ...[...own, ...look.snapshots].slice(-MAX_CLIENT_SNAPSHOTS)]
  for (const hold of look.holds) followings.holds.set(hold.id, hold)
  dropWithdrawn(kept, clientId)
  const detail = lookDetail(before.client, put.value, look)
  return detail === undefined
    ? { value: 'kept' as const }
    : {
        value: 'kept' as const,
        audit: { action: 'client.follow', detail: { clientId, ...detail } },
      }
}
