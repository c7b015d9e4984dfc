import type { Did } from '../domain/did/did.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import type { Applied, Change } from './change.ts'
import type { Page, PageRequest } from './page.ts'

/** What a verifier's store keeps of the clients that it has accepted. */
export interface VerifierClients {
  /**
   * Stores the client under its DID, in the place of what was there; `registeredAt` of the first time
   * stays. In one transaction with it: an audit record, and a row of the change feed where something
   * changed that an authorization server must know. Answers what is stored.
   */
  putClient(
    id: InstanceId,
    client: RegisteredClient,
    change: Change,
  ): Promise<Applied<RegisteredClient>>
  /** `undefined` for a DID that this verifier never accepted. */
  client(id: InstanceId, clientId: Did): Promise<RegisteredClient | undefined>
  /** In the order in which they were first accepted. */
  clients(id: InstanceId, page: PageRequest): Promise<Page<RegisteredClient>>
}
