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
    decisionUnder: (id, change) => ask(object(id).decisionUnder(change)),
    decision: (id, decisionId) => ask(object(id).decision(decisionId)),
    decisions: (id, page) => ask(object(id).decisions(page)),
    latestDecisions: (id, page) => ask(object(id).latestDecisions(page)),
    deleteDecision: (id, decisionId, change) => ask(object(id).deleteDecision(decisionId, change)),
    putClient: (id, client, change) => ask(object(id).putClient(client, change)),
    client: (id, clientId) => ask(object(id).client(clientId)),
    clients: (id, page) => ask(object(id).clients(page)),
    clientChanges: (id, page) => ask(object(id).clientChanges(page)),
  }
}
