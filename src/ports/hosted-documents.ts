import type { Did } from '../domain/did/did.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'

/** Documents of the DIDs that this deployment itself serves, so that it need not ask itself over the network. */
export interface HostedDocuments {
  /** True for a DID under this deployment's own name, whether or not there is such an instance. */
  hosts(did: Did): boolean
  /** The document as it is served; `undefined` when there is none. Throws when the store cannot answer. */
  documentOf(did: Did): Promise<JsonObject | undefined>
}
