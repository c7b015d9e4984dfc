import type { Json } from '../json/strict-json.ts'
import { FINDINGS, type FindingCode } from './findings.ts'

/** The rule set that `rule` ids belong to: MEF W128 R1 as read in docs/rules.md. */
export const RULE_PROFILE = 'mef-w128-r1'

export type Outcome = 'pass' | 'fail' | 'indeterminate' | 'not_applicable'

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly check: string
  readonly outcome: Outcome
  /** Stable code of a finding; a passed check has none. */
  readonly code?: FindingCode
  /** W128 rule that the check answers to. */
  readonly rule?: string
  /** What the finding rests on: single values of the token, never the token. */
  readonly evidence?: Json
  /** How to mend it. */
  readonly hint?: string
}

export type Verdict = 'valid' | 'invalid' | 'indeterminate'
export type Trust = 'trusted' | 'untrusted' | 'not_evaluated'
/** Whether all that was needed from elsewhere could be had, and how fresh. */
export type Availability = 'fresh' | 'stale' | 'unavailable'

/** The availability of a whole is that of its worst part. */
export function worstAvailability(all: readonly Availability[]): Availability {
  if (all.includes('unavailable')) return 'unavailable'
  return all.includes('stale') ? 'stale' : 'fresh'
}

/** A failed check makes it invalid; else one that could not be answered makes it indeterminate. */
export function verdictOf(checks: readonly Check[]): Verdict {
  if (checks.some(({ outcome }) => outcome === 'fail')) return 'invalid'
  if (checks.some(({ outcome }) => outcome === 'indeterminate')) return 'indeterminate'
  return 'valid'
}

/** Without the passes of a check that fails in another respect. */
export function withoutContradiction(checks: readonly Check[]): readonly Check[] {
  const failures = new Set(
    checks.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check),
  )
  return checks.filter(({ check, outcome }) => outcome !== 'pass' || !failures.has(check))
}

/** The codes of all findings, in their order. */
export function codesOf(checks: readonly Check[]): readonly FindingCode[] {
  const codes: FindingCode[] = []
  for (const { code } of checks) if (code !== undefined) codes.push(code)
  return codes
}

type More = Pick<Check, 'rule' | 'evidence'>

export const passed = (check: string, more: More = {}): Check => ({
  check,
  outcome: 'pass',
  ...more,
})

export const failed = (check: string, code: FindingCode, more: More = {}): Check => ({
  check,
  outcome: 'fail',
  code,
  ...more,
  hint: FINDINGS[code],
})

/** The question could not be answered now; it authorises nothing. */
export const unanswered = (check: string, code: FindingCode, more: More = {}): Check => ({
  check,
  outcome: 'indeterminate',
  code,
  ...more,
  hint: FINDINGS[code],
})

export const notApplicable = (check: string, more: More = {}): Check => ({
  check,
  outcome: 'not_applicable',
  ...more,
})
