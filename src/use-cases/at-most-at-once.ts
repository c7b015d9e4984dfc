/**
 * Runs `run` over all items, at most `most` of them at the same time, each started in the order of the
 * list; the answers come in that order too. After a fault nothing new is started, what runs is waited
 * for, and the fault is thrown.
 */
export async function atMostAtOnce<Item, Answer>(
  most: number,
  items: readonly Item[],
  run: (item: Item, position: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const faults: unknown[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [position, item] of queue) {
      try {
        answers[position] = await run(item, position)
      } catch (fault) {
        faults.push(fault)
      }
      if (faults.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  if (faults.length > 0) throw faults[0]
  return answers
}
