import type { EpochSeconds } from '../domain/time.ts'

export interface SpentValues {
  /**
   * Spends `value` within `namespace` and says whether this was its first use. Remembered until
   * `expiresAt`; a value that has ended already is never in first use. Atomic: of simultaneous calls with the same pair exactly one gets `true`.
   * Throws when the store cannot answer; the caller must then refuse (row A12).
   */
  firstUse(namespace: string, value: string, expiresAt: EpochSeconds): Promise<boolean>
  /**
   * As `firstUse`, but the spender whose use was the first one gets `true` again, whenever it asks: of
   * simultaneous spenders exactly one does. For a caller that comes to one outcome however often it
   * asks, and may break off between the use and the outcome (row H16).
   */
  firstUseBy(
    spender: string,
    namespace: string,
    value: string,
    expiresAt: EpochSeconds,
  ): Promise<boolean>
}
