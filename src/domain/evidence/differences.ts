import { canonicalJson } from '../json/canonical.ts'
import type { Availability, Check, Trust, Verdict } from '../verification/check.ts'
import { asJson } from './evidence.ts'

/** A report, as far as two of them can differ. */
export interface Comparable {
  readonly verdict: Verdict
  readonly trust: Trust
  readonly availability: Availability
  readonly checks: readonly Check[]
  /** Those of a presentation, in their order. */
  readonly credentials?: readonly Comparable[]
}

/** A finding that only one of two reports has, or that the other has otherwise. */
export interface Difference {
  /** Which credential of a presentation; absent where it is about the whole. */
  readonly credential?: number
  readonly before?: Check
  readonly after?: Check
}

/**
 * The findings in which two reports of one token differ; empty when they say the same. Findings are
 * paired by what was checked, in their order.
 */
export const differences = (before: Comparable, after: Comparable): readonly Difference[] => [
  ...pairs(before.checks, after.checks),
  ...Array.from(
    { length: Math.max(before.credentials?.length ?? 0, after.credentials?.length ?? 0) },
    (_, credential) =>
      pairs(
        before.credentials?.[credential]?.checks ?? [],
        after.credentials?.[credential]?.checks ?? [],
      ).map((difference) => ({ credential, ...difference })),
  ).flat(),
]

/** True when both say the same, in every part of them. */
export const sameReport = (before: Comparable, after: Comparable): boolean =>
  before.verdict === after.verdict &&
  before.trust === after.trust &&
  before.availability === after.availability &&
  differences(before, after).length === 0

function pairs(before: readonly Check[], after: readonly Check[]): readonly Difference[] {
  const [gone, come] = [without(before, after), without(after, before)]
  const found: Difference[] = []
  const unpaired = [...come]
  for (const one of gone) {
    const at = unpaired.findIndex(({ check }) => check === one.check)
    const [other] = at === -1 ? [] : unpaired.splice(at, 1)
    found.push({ before: one, ...(other === undefined ? {} : { after: other }) })
  }
  return [...found, ...unpaired.map((one) => ({ after: one }))]
}

/** The findings of one list that the other lacks, counting those that it has several times. */
function without(list: readonly Check[], other: readonly Check[]): readonly Check[] {
  const left = other.map(textOf)
  return list.filter((one) => {
    const at = left.indexOf(textOf(one))
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}

const textOf = (check: Check): string => canonicalJson(asJson(check))
