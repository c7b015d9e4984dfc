import type { JsonObject } from '../json/strict-json.ts'
import type { RegisteredClient } from '../registration/registered-client.ts'
import { failed, passed, type Check } from '../verification/check.ts'
import type { FindingCode } from '../verification/findings.ts'

/** One rule as a check: passed where there is nothing to say against it. */
export const finding = (check: string, rule: string, code: FindingCode | undefined): Check =>
  code === undefined ? passed(check, { rule }) : failed(check, code, { rule })

/** The base64url of a SHA-256 (RFC 7636 §4.2). */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/

/** PKCE by S256 and nothing weaker (rule F7, row A6). */
export function challengeFault(claims: JsonObject): FindingCode | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = claims
  const good = typeof challenge === 'string' && S256_CHALLENGE.test(challenge) && method === 'S256'
  return good ? undefined : 'code_challenge_invalid'
}

/** RFC 6749 §3.3: tokens of printable ASCII but for the quotation mark and the backslash. */
const SCOPE = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/

/** Rule R22: within what was registered. */
export function scopeFault(scope: unknown, { scopes }: RegisteredClient): FindingCode | undefined {
  if (typeof scope !== 'string' || !SCOPE.test(scope)) return 'scope_invalid'
  return scope.split(' ').every((one) => scopes.includes(one)) ? undefined : 'scope_not_registered'
}
