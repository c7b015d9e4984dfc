import type { SeenStatusLists } from '../../ports/seen-status-lists.ts'
import { sha256Text } from '../system/sha256.ts'
import { ask } from './call.ts'
import { shardOf } from './spent-values.ts'
import type { SpentValuesObject } from './spent-values-object.ts'

/** Kept beside the single-use values, whose shards share the load. */
export const durableSeenStatusLists = (
  namespace: DurableObjectNamespace<SpentValuesObject>,
): SeenStatusLists => ({
  newest: (key, signedAt) =>
    ask(shardOf(namespace, 'seen-list', key).newestList(sha256Text(key), signedAt)),
})
