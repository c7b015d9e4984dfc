import type { Did } from '../domain/did/did.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import type { Page, PageRequest } from './page.ts'

/** What a verifier's store keeps of the clients that it has accepted. */
export interface VerifierClients {
  /** `undefined` for a DID that this verifier never accepted. */
  client(id: InstanceId, clientId: Did): Promise<RegisteredClient | undefined>
  /** In the order in which they were first accepted. */
  clients(id: InstanceId, page: PageRequest): Promise<Page<RegisteredClient>>
}
