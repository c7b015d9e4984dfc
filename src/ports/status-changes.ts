import type { InstanceId } from '../domain/instance/instance.ts'
import type { ChangedEntry } from '../domain/registration/own-entry.ts'

/** How an issuer's changes of status are followed, by their sequence, which only grows. */
export interface StatusChanges {
  /** Sequence of the newest change of status; 0 before the first. */
  lastStatusChange(id: InstanceId): Promise<number>
  /** The entries that were changed behind the change `since`, oldest first, at most `limit` of them. */
  statusChangesSince(id: InstanceId, since: number, limit: number): Promise<readonly ChangedEntry[]>
}
