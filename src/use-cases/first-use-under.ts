import type { EpochSeconds } from '../domain/time.ts'
import type { IdempotencyMark } from '../ports/change.ts'
import type { SpentValues } from '../ports/spent-values.ts'

/**
 * Spends a value for what is stored under `mark`: the same request under the same key may come again, since
 * all that it comes to is one outcome, stored with the mark. So what broke off between the two burns
 * nothing, and who repeats a call that is still under way is not told that its value is used (row H16).
 * Without a mark a value is used once.
 */
export const firstUseUnder = (
  spentValues: SpentValues,
  mark: IdempotencyMark | undefined,
  namespace: string,
  value: string,
  expiresAt: EpochSeconds,
): Promise<boolean> =>
  mark === undefined
    ? spentValues.firstUse(namespace, value, expiresAt)
    : spentValues.firstUseBy(`${mark.request}\n${mark.key}`, namespace, value, expiresAt)
