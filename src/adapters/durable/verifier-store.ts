import type { VerifierStore } from '../../ports/verifier-store.ts'
import { ask } from './call.ts'
import type { Rpc } from './rpc.ts'
import type { VerifierObject } from './verifier-object.ts'

/** Each verifier is one object, named by its id. */
export function durableVerifierStore(
  namespace: DurableObjectNamespace<VerifierObject>,
): VerifierStore {
  const object = (id: string) => namespace.getByName(id) as unknown as Rpc<VerifierObject>
  return {
    create: (verifier, founding, change) =>
      ask(object(verifier.id).create(verifier, founding, change)),
    find: (id) => ask(object(id).find()),
    update: (id, patch, change) => ask(object(id).update(patch, change)),
    replaceToken: (id, tokenHash, change) => ask(object(id).replaceToken(tokenHash, change)),
    audit: (id, page) => ask(object(id).audit(page)),
    policy: (id) => ask(object(id).policy()),
    putPolicy: (id, policy, change) => ask(object(id).putPolicy(policy, change)),
    policyVersions: (id, page) => ask(object(id).policyVersions(page)),
    keepDecision: (id, decision, retention, change) =>
      ask(object(id).keepDecision(decision, retention, change)),
    register: (id, registration, retention, change) =>
      ask(object(id).register(registration, retention, change)),
    decisionUnder: (id, change) => ask(object(id).decisionUnder(change)),
    decision: (id, decisionId) => ask(object(id).decision(decisionId)),
    decisions: (id, page) => ask(object(id).decisions(page)),
    latestDecisions: (id, page) => ask(object(id).latestDecisions(page)),
    grants: (id, clientId, limit) => ask(object(id).grants(clientId, limit)),
    deleteDecision: (id, decisionId, change) => ask(object(id).deleteDecision(decisionId, change)),
    client: (id, clientId) => ask(object(id).client(clientId)),
    clients: (id, page) => ask(object(id).clients(page)),
    exportPage: (id, kind, page) => ask(object(id).exportPage(kind, page)),
    beginImport: (id, importId) => ask(object(id).beginImport(importId)),
    importRows: (id, importId, rows) => ask(object(id).importRows(importId, rows)),
    finishImport: (verifier, importId, tokenHash, change) =>
      ask(object(verifier.id).finishImport(verifier, importId, tokenHash, change)),
    abandonImport: (id, importId) => ask(object(id).abandonImport(importId)),
    followedClient: (id, clientId) => ask(object(id).followedClient(clientId)),
    recentClient: (id, clientId) => ask(object(id).followedClient(clientId)),
    claimClient: (id, clientId, now) => ask(object(id).claimClient(clientId, now)),
    keepLook: (id, look, change) => ask(object(id).keepLook(look, change)),
    dueClients: (id, now, limit) => ask(object(id).dueClients(now, limit)),
    changesSince: (id, since, limit) => ask(object(id).changesSince(since, limit)),
    snapshots: (id, clientId) => ask(object(id).snapshots(clientId)),
    holds: (id, clientId, page) => ask(object(id).holds(clientId, page)),
    openHolds: (id, clientId, holds, change) => ask(object(id).openHolds(clientId, holds, change)),
    decideHold: (id, hold, state, change) => ask(object(id).decideHold(hold, state, change)),
    ownIssuers: (id) => ask(object(id).ownIssuers()),
    clientsAt: (id, issuer, changed, limit) => ask(object(id).clientsAt(issuer, changed, limit)),
    tookUp: (id, issuer, changed, clients) => ask(object(id).tookUp(issuer, changed, clients)),
    keepStatement: (id, statement, change) => ask(object(id).keepStatement(statement, change)),
    statement: (id, jti) => ask(object(id).statement(jti)),
    revokeStatement: (id, jti, change) => ask(object(id).revokeStatement(jti, change)),
  }
}
