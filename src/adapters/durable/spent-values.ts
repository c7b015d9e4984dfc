import { utf8 } from '../../domain/base64url.ts'
import type { SpentValues } from '../../ports/spent-values.ts'
import { sha256, sha256Text } from '../system/sha256.ts'
import { ask } from './call.ts'
import type { Rpc } from './rpc.ts'
import type { SpentValuesObject } from './spent-values-object.ts'

/** Objects that share the load. A value always falls to the same one; changing the number forgets what is remembered. */
const SHARDS = 16

export function shardOf(
  namespace: DurableObjectNamespace<SpentValuesObject>,
  space: string,
  value: string,
): Rpc<SpentValuesObject> {
  const [first = 0] = sha256.sha256(utf8(JSON.stringify([space, value])))
  const name = `shard-${String(first % SHARDS)}`
  return namespace.getByName(name) as unknown as Rpc<SpentValuesObject>
}

export function durableSpentValues(
  namespace: DurableObjectNamespace<SpentValuesObject>,
): SpentValues {
  const of = (space: string, value: string) => shardOf(namespace, space, value)
  return {
    firstUse: (space, value, expiresAt) =>
      ask(of(space, value).use(null, space, sha256Text(value), expiresAt)),
    firstUseBy: (spender, space, value, expiresAt) =>
      ask(of(space, value).use(sha256Text(spender), space, sha256Text(value), expiresAt)),
  }
}
