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
  }
}
