import type { checkJwtTimes } from '../jwt-times.ts'
import { failed, passed, type Check } from '../verification/check.ts'

/** What was found about the times of a token, as checks; one passed check when nothing was. */
export const timeChecks = (
  times: ReturnType<typeof checkJwtTimes>,
  rule: string,
): readonly Check[] =>
  times.ok
    ? [passed('validity_period', { rule })]
    : times.refusal.map(({ reason, ...evidence }) =>
        failed('validity_period', reason, { rule, evidence }),
      )
