import type { Json } from '../domain/json/strict-json.ts'
import { STATEMENT } from '../domain/registration/software-statement.ts'
import { isEpochSeconds, type EpochSeconds } from '../domain/time.ts'
import {
  failed,
  notApplicable,
  passed,
  verdictOf,
  type Check,
} from '../domain/verification/check.ts'
import { FINDINGS } from '../domain/verification/findings.ts'
import type { JudgedStatement } from './judge-software-statement.ts'
import type { SpendChallenge } from './verify-presentation.ts'

/** What of a registration counts once. */
export interface Spending {
  readonly challenge: SpendChallenge
  readonly statement: SpendChallenge
}

const replay = `${STATEMENT}_replay`
const NONCE = notApplicable('nonce', { rule: 'R9' })

/** Spends what counts once when all else is well: the challenge, then the statement's `jti`. */
export async function spendRegistration(
  spending: Spending,
  checks: readonly Check[],
  {
    challenge,
    statement: { once },
    now,
    presentationEnds,
  }: {
    readonly challenge: string
    readonly statement: JudgedStatement
    readonly now: EpochSeconds
    readonly presentationEnds: Json | undefined
  },
): Promise<readonly Check[]> {
  const withNonce = (nonce: Check): readonly Check[] =>
    checks.map((one) => (one.check === 'nonce' && one.outcome === 'pass' ? nonce : one))
  if (verdictOf(checks) !== 'valid' || !isEpochSeconds(presentationEnds)) return withNonce(NONCE)
  if (!(await spending.challenge(challenge, { now, presentationEnds })))
    return withNonce(failed('nonce', 'nonce_invalid', { rule: 'R9' }))
  if (once === undefined) return checks
  const spent = await spending.statement(once.value, { now, presentationEnds: once.ends })
  return [...checks, spent ? passed(replay) : failed(replay, 'token_replayed')]
}

/** Where nothing is spent a nonce that was not asked for yet is no fault; it is told that one is needed. */
export function unspentRegistration(
  checks: readonly Check[],
  nonce: Json | undefined,
): readonly Check[] {
  const needed = { ...NONCE, code: 'nonce_missing', hint: FINDINGS.nonce_missing } as const
  return checks.map((one) => {
    if (one.check !== 'nonce') return one
    if (nonce === undefined) return needed
    return one.outcome === 'pass' ? NONCE : one
  })
}
