/** Runs a change together with those that wait for the same commit to end. */
export type Together = <Answer>(change: () => Promise<Answer>) => Promise<Answer>

/**
 * Lets simultaneous changes share a commit, which is one flush to the disk. The platform commits once
 * what is written in one turn of the event loop, and each call comes in a turn of its own: so a call
 * that finds a commit under way waits for its end, and then runs in one turn with all who waited.
 * Nobody waits for company: a lone caller finds no commit under way and runs at once.
 *
 * What an answer means stays the same: the platform lets none out before the commit that its change is
 * part of. A change is atomic by its own transaction, not by the group.
 */
export function commitGroups(storage: Pick<DurableObjectStorage, 'sync'>): Together {
  let underWay = Promise.resolve()
  return async (change) => {
    await underWay
    try {
      return await change()
    } finally {
      // A commit that fails is the fault of those whose changes were in it, and they are told.
      underWay = storage.sync().catch(() => undefined)
    }
  }
}
