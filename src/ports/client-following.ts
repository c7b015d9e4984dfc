import type { Did } from '../domain/did/did.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import type { ClientChange } from '../domain/registration/client-change.ts'
import type { ClientFollowing, DocumentSnapshot } from '../domain/registration/client-following.ts'
import type { OwnEntry } from '../domain/registration/own-entry.ts'
import type { RedirectHold } from '../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Applied, Change } from './change.ts'
import type { Page, PageRequest } from './page.ts'

/** A client with what is kept to look at it again. */
export interface FollowedClient {
  readonly client: RegisteredClient
  /** `undefined` until it was looked at for the first time. */
  readonly following: ClientFollowing | undefined
  readonly holds: readonly RedirectHold[]
  /** Grows with every change of these three. */
  readonly revision: number
  /** All that the client rests on at issuers of this deployment, by its registration or the last look. */
  readonly entries: readonly OwnEntry[]
  /** Version of the policy that its decision was made under; `undefined` where that is not kept. */
  readonly decidedUnder: number | undefined
}

/** What one look at a client came to. */
export interface ClientLook {
  /** The `revision` that it started from. */
  readonly basedOn: number
  readonly client: RegisteredClient
  readonly following: ClientFollowing
  /** When to look again without being asked. */
  readonly dueAt: EpochSeconds
  /** Documents that are new, oldest first. */
  readonly snapshots: readonly DocumentSnapshot[]
  /** Those that changed. */
  readonly holds: readonly RedirectHold[]
  /** All that the client rests on at issuers of this deployment. */
  readonly entries: readonly OwnEntry[]
}

/** Part of the change feed. */
export interface ChangesSince {
  readonly rows: readonly ClientChange[]
  /** True when there are rows behind the last of these. */
  readonly more: boolean
}

export type HoldOutcome = 'decided' | 'not_found' | 'decided_before'

export interface ClientFollowings {
  /** `undefined` for a DID that this verifier never accepted. */
  followedClient(id: InstanceId, clientId: Did): Promise<FollowedClient | undefined>
  /** The same, but for answers only: what others changed meanwhile may take seconds to show. */
  recentClient(id: InstanceId, clientId: Did): Promise<FollowedClient | undefined>
  /**
   * True for one caller until it has kept its look, or `CLIENT_CLAIM_SECONDS` have passed: of many that
   * find the same client due, one looks.
   */
  claimClient(id: InstanceId, clientId: Did, now: EpochSeconds): Promise<boolean>
  /**
   * Stores a look in one transaction with its audit record and its row of the change feed, where
   * something changed that anybody must know; without them where only moments did. `superseded`: the
   * client was changed since, and nothing is stored.
   */
  keepLook(id: InstanceId, look: ClientLook, change: Change): Promise<'kept' | 'superseded'>
  /** Those that are due, the longest due first; a client is due from the moment it was put. */
  dueClients(id: InstanceId, now: EpochSeconds, limit: number): Promise<readonly Did[]>
  /**
   * Rows of the change feed behind `since`, oldest first.
   * `gone`: rows behind it are no longer kept; `unknown`: there never was such a row.
   */
  changesSince(
    id: InstanceId,
    since: number | undefined,
    limit: number,
  ): Promise<ChangesSince | 'gone' | 'unknown'>
  /** Oldest first. */
  snapshots(id: InstanceId, clientId: Did): Promise<readonly DocumentSnapshot[]>
  /** In pages, oldest first. */
  holds(id: InstanceId, clientId: Did, page: PageRequest): Promise<Page<RedirectHold>>
  /**
   * Holds hosts that a client asked for and was refused; one that is held under its decision already stays
   * as it is. With an audit record where anything changed; nothing for a DID that was never accepted.
   */
  openHolds(
    id: InstanceId,
    clientId: Did,
    holds: readonly RedirectHold[],
    change: Change,
  ): Promise<void>
  /**
   * Lets the URIs of a held host count, or never. In one transaction: the hold, the client, its row of
   * the change feed, the audit record.
   */
  decideHold(
    id: InstanceId,
    hold: { readonly clientId: Did; readonly holdId: string },
    state: 'approved' | 'rejected',
    change: Change,
  ): Promise<Applied<HoldOutcome>>
}
