import type { Did } from '../domain/did/did.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import type { ChangedEntry } from '../domain/registration/own-entry.ts'

/** Which clients rest on which status entries of this deployment's own issuers. */
export interface ClientEntries {
  /** The issuers of all these entries, each with the change of status behind which something may be left. */
  ownIssuers(
    id: InstanceId,
  ): Promise<readonly { readonly issuer: InstanceId; readonly since: number }[]>
  /**
   * Clients that rest on one of these entries of the issuer and were last looked at before it changed, those
   * of older changes first.
   */
  clientsAt(
    id: InstanceId,
    issuer: InstanceId,
    changed: readonly ChangedEntry[],
    limit: number,
  ): Promise<readonly Did[]>
  /**
   * Notes that these clients were looked at after `changed` had been read. True when none is left that has
   * to be: the next question begins behind these changes then.
   */
  tookUp(
    id: InstanceId,
    issuer: InstanceId,
    changed: readonly ChangedEntry[],
    clients: readonly Did[],
  ): Promise<boolean>
}
