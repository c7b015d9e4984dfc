import { isJsonObject } from '../json/strict-json.ts'
import type { Check } from '../verification/check.ts'
import { STATEMENT } from './software-statement.ts'

/** Rules of checks that name none themselves, since they answer to another in every other place. */
const RULES: Readonly<Record<string, string>> = { client_metadata: 'R16', id: 'R7', trust: 'R6' }

/**
 * The check with the rule that it answers to in a registration: a software statement is that of W128 7.3, a
 * credential links the client to its legal entity (R4), and all else is the presentation's (R9).
 */
export function ofRegistration(check: Check): Check {
  if (check.rule !== undefined) return check
  return { ...check, rule: ruleOf(check) }
}

function ruleOf({ check, evidence }: Check): string {
  if (check.startsWith(STATEMENT)) return '7.3'
  const isOfCredential = isJsonObject(evidence) && Object.hasOwn(evidence, 'credential')
  return RULES[check] ?? (isOfCredential ? 'R4' : 'R9')
}
