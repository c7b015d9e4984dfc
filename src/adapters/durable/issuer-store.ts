import type { IssuerStore } from '../../ports/issuer-store.ts'
import { ask } from './call.ts'
import type { IssuerObject } from './issuer-object.ts'
import type { Rpc } from './rpc.ts'

/** Each issuer is one object, named by its id. */
export function durableIssuerStore(namespace: DurableObjectNamespace<IssuerObject>): IssuerStore {
  const object = (id: string) => namespace.getByName(id) as unknown as Rpc<IssuerObject>
  return {
    create: (issuer, founding, change) => ask(object(issuer.id).create(issuer, founding, change)),
    find: (id) => ask(object(id).find()),
    update: (id, patch, change) => ask(object(id).update(patch, change)),
    replaceToken: (id, tokenHash, change) => ask(object(id).replaceToken(tokenHash, change)),
    audit: (id, page) => ask(object(id).audit(page)),
    reserve: (id, draft, change) => ask(object(id).reserve(draft, change)),
    complete: (id, cid, token) => ask(object(id).complete(cid, token)),
    credential: (id, cid) => ask(object(id).credential(cid)),
    credentials: (id, filter, page) => ask(object(id).credentials(filter, page)),
    changeStatus: (id, credentialId, wanted, change) =>
      ask(object(id).changeStatus(credentialId, wanted, change)),
    statusList: (id, listId) => ask(object(id).statusList(listId)),
    statusAt: (id, listId, index) => ask(object(id).statusAt(listId, index)),
  }
}
