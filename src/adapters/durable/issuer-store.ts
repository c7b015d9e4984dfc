import type { IssuerStore } from '../../ports/issuer-store.ts'
import { ask } from './call.ts'
import { givenText, readAnswer } from './issue-texts.ts'
import type { IssuerObject } from './issuer-object.ts'
import type { Rpc } from './rpc.ts'
import { readEntryCode } from './status-rows.ts'

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
    issue: async (id, draft, change) =>
      readAnswer(await ask(object(id).issueWritten(givenText({ draft, change }))), draft),
    refuseUnder: (id, errors, change) => ask(object(id).refuseUnder(errors, change)),
    reserved: (id, mark, at) => ask(object(id).reserved(mark, at)),
    complete: (id, cid, token, kid) => ask(object(id).complete(cid, token, kid)),
    pending: (id, before, limit) => ask(object(id).pending(before, limit)),
    credential: (id, cid) => ask(object(id).credential(cid)),
    credentialNamed: (id, name) => ask(object(id).credentialNamed(name)),
    credentials: (id, filter, page) => ask(object(id).credentials(filter, page)),
    changeStatus: (id, credentialId, wanted, change) =>
      ask(object(id).changeStatus(credentialId, wanted, change)),
    beginBatch: (id, change) => ask(object(id).beginBatch(change)),
    previewStatuses: (id, selection, wanted) => ask(object(id).previewStatuses(selection, wanted)),
    changeStatuses: (id, selection, wanted, change) =>
      ask(object(id).changeStatuses(selection, wanted, change)),
    statusLists: (id) => ask(object(id).statusLists()),
    statusListHead: (id, listId) => ask(object(id).statusListHead(listId)),
    statusList: (id, listId, at) => ask(object(id).statusList(listId, at)),
    rotateKeys: (id, wanted, facts, change) => ask(object(id).rotateKeys(wanted, facts, change)),
    keyHoldings: (id) => ask(object(id).keyHoldings()),
    liveCredentials: (id, kid, now) => ask(object(id).liveCredentials(kid, now)),
    putSchema: (id, type, text, change) => ask(object(id).putSchema(type, text, change)),
    schemaText: (id, type, version) => ask(object(id).schemaText(type, version)),
    newestSchemas: (id, types) => ask(object(id).newestSchemas(types)),
    schemas: (id, page) => ask(object(id).schemas(page)),
    putAccreditations: (id, tokens, change) => ask(object(id).putAccreditations(tokens, change)),
    accreditations: (id) => ask(object(id).accreditations()),
    exportBounds: (id) => ask(object(id).exportBounds()),
    exportPage: (id, kind, bounds, page) => ask(object(id).exportPage(kind, bounds, page)),
    beginImport: (id, importId) => ask(object(id).beginImport(importId)),
    importRows: (id, importId, rows) => ask(object(id).importRows(importId, rows)),
    finishImport: (issuer, importId, tokenHash, change) =>
      ask(object(issuer.id).finishImport(issuer, importId, tokenHash, change)),
    abandonImport: (id, importId) => ask(object(id).abandonImport(importId)),
    lastStatusChange: (id) => ask(object(id).lastStatusChange()),
    statusChangesSince: (id, since, limit) => ask(object(id).statusChangesSince(since, limit)),
    statusAt: async (id, listId, index) =>
      readEntryCode(await ask(object(id).statusCodeAt(listId, index))),
  }
}
