/** What says whether indexes could be guessed from those before them. Each has its limit beside it. */
export interface Regularities {
  /** Three in a row with the same step, and how many chance alone makes. */
  readonly stepsOfThree: number
  readonly stepsOfThreeByChance: number
  /** Four in a row with the same step: chance makes one in a hundred thousand runs. */
  readonly stepsOfFour: number
  /** Batches of ten that are a progression once they are sorted. */
  readonly sortedBatches: number
  /** How often the commonest step from one index to the next occurs. */
  readonly commonestStep: number
  /** Correlation of an index with the next one, in standard deviations. */
  readonly correlation: number
  /** How unevenly the indexes lie in 64 parts of a list: chi-square with 63 degrees of freedom. */
  readonly unevenness: number
}

const BATCH = 10
const PARTS = 64

/** Looks at indexes in the order in which they were drawn. Each list is a sequence of its own. */
export function regularities(lists: readonly (readonly number[])[], length: number): Regularities {
  const steps = lists.map((list) => list.slice(1).map((index, at) => index - (list[at] ?? 0)))
  const equal = (run: number): number =>
    count(steps, (list, at) => {
      const part = list.slice(at, at + run)
      return part.length === run && part.every((step) => step === part[0])
    })
  const all = lists.flat()
  return {
    stepsOfThree: equal(2),
    // Of all pairs of steps, three in four could be continued by the same one without leaving the list.
    stepsOfThreeByChance: Number(((0.75 * all.length) / length).toFixed(3)),
    stepsOfFour: equal(3),
    sortedBatches: count(lists, (list, at) => at % BATCH === 0 && isProgression(list, at)),
    commonestStep: Math.max(0, ...tally(steps.flat()).values()),
    correlation: Number(correlation(lists).toFixed(2)),
    unevenness: Number(unevenness(all, length).toFixed(1)),
  }
}

/** 1 where chance does not explain it: each limit lies beyond one in a million. */
export const regular = (found: Regularities): number =>
  found.stepsOfThree > 6 ||
  found.stepsOfFour > 0 ||
  found.sortedBatches > 0 ||
  found.commonestStep > 10 ||
  Math.abs(found.correlation) > 5 ||
  found.unevenness > 130
    ? 1
    : 0

const count = (
  lists: readonly (readonly number[])[],
  holds: (list: readonly number[], at: number) => boolean,
): number =>
  lists.reduce((sum, list) => sum + list.filter((_, position) => holds(list, position)).length, 0)

function isProgression(list: readonly number[], from: number): boolean {
  const batch = list.slice(from, from + BATCH).toSorted((a, b) => a - b)
  const steps = batch.slice(1).map((index, at) => index - (batch[at] ?? 0))
  return batch.length === BATCH && steps.every((step) => step === steps[0])
}

function tally(values: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function correlation(lists: readonly (readonly number[])[]): number {
  const pairs = lists.flatMap((list) =>
    list.slice(1).map((next, at) => [list[at] ?? 0, next] as const),
  )
  const [x, y] = [mean(pairs.map(([first]) => first)), mean(pairs.map(([, second]) => second))]
  const sum = (of: (a: number, b: number) => number): number =>
    pairs.reduce((total, [a, b]) => total + of(a - x, b - y), 0)
  const r = sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b))
  return r * Math.sqrt(pairs.length)
}

function unevenness(indexes: readonly number[], length: number): number {
  const parts = tally(indexes.map((index) => Math.floor((index * PARTS) / length)))
  const expected = indexes.length / PARTS
  return Array.from({ length: PARTS }, (_, part) => (parts.get(part) ?? 0) - expected).reduce(
    (sum, off) => sum + (off * off) / expected,
    0,
  )
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
