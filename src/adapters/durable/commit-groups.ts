/** Runs a change together with those that come at the same time. It waits for nobody outside the object. */
export type Together = <Answer>(change: () => Promise<Answer>) => Promise<Answer>

/**
 * Lets simultaneous changes share a commit, which is one flush to the disk. The platform commits once
 * what is written in one turn of the event loop, and each call comes in a turn of its own: so calls
 * wait until as many are here as the last commit had and found waiting at its end, or `patience` is
 * over, and then run in one turn. Who was alone last time waits for nobody.
 *
 * What an answer means stays the same: the platform lets none out before the commit that its change is
 * part of. A change is atomic by its own transaction, not by the group.
 */
export function commitGroups(
  storage: Pick<DurableObjectStorage, 'sync'>,
  patience: () => Promise<unknown>,
): Together {
  let waiting: (() => Promise<void>)[] = []
  let expected = 1
  let isUnderWay = false

  const commit = async () => {
    const group = waiting
    waiting = []
    isUnderWay = true
    await Promise.all(group.map((change) => change()))
    // A commit that fails is the fault of those whose changes were in it, and they are told.
    await storage.sync().catch(() => undefined)
    isUnderWay = false
    expected = group.length + waiting.length
    if (waiting.length > 0) void commitWhenAllAreHere()
  }
  const commitWhenAllAreHere = async () => {
    const group = waiting
    if (group.length < expected) await patience()
    // By now they may have gone: then who waits has patience of its own.
    if (group === waiting && !isUnderWay) await commit()
  }
  return (change) =>
    new Promise((resolve, reject) => {
      waiting.push(() => change().then(resolve, reject))
      const isFirstOrLast = waiting.length === 1 || waiting.length >= expected
      if (!isUnderWay && isFirstOrLast) void commitWhenAllAreHere()
    })
}
