import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { ClientChange } from '../../src/domain/registration/client-change.ts'
import type { ClientFollowings } from '../../src/ports/client-following.ts'

/** The whole change feed of a verifier. */
export async function changesIn(
  store: Pick<ClientFollowings, 'changesSince'>,
  id: InstanceId,
): Promise<readonly ClientChange[]> {
  const found = await store.changesSince(id, undefined, 100)
  if (typeof found === 'string') throw new Error(found)
  return found.rows
}
