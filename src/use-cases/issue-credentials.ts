import type { Issuer } from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import { BATCH_CONCURRENCY } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import { atMostAtOnce } from './at-most-at-once.ts'
import {
  issueCredential,
  type IssueCredential,
  type IssueCredentialRefusal,
  type IssuedCredential,
} from './issue-credential.ts'

export type IssueOutcome = Result<IssuedCredential, IssueCredentialRefusal>

/**
 * Issues many credentials, each as if it were alone: what one is refused for stops no other. Outcomes
 * are in the order of the commands.
 *
 * The mark covers them all: it is written first, so that the same key with other commands issues
 * nothing, and each command is reserved under a mark of its own that follows from it. So the same
 * batch again, also one that broke off half-way, issues what is missing and nothing twice, and what was
 * refused for its faults stays refused, whatever schemas say by then (row H13).
 */
export async function issueCredentials(
  needs: Parameters<typeof issueCredential>[0],
  issuer: Issuer,
  commands: readonly IssueCredential[],
  change: Change,
): Promise<
  Result<
    readonly IssueOutcome[],
    { readonly reason: 'idempotency_key_reused' | 'signing_key_missing' }
  >
> {
  if (signingKey(issuer, needs.signer.keys, change.at) === undefined)
    return refuse({ reason: 'signing_key_missing' })
  const begun = await needs.issuers.beginBatch(issuer.id, change)
  if (!begun.ok) return begun
  return ok(
    await atMostAtOnce(BATCH_CONCURRENCY, commands, (command, position) =>
      issueItem(needs, issuer, command, changeAt(change, position)),
    ),
  )
}

async function issueItem(
  ...[needs, issuer, command, change]: Parameters<typeof issueCredential>
): Promise<IssueOutcome> {
  const outcome = await issueCredential(needs, issuer, command, change)
  if (outcome.ok || change.mark === undefined) return outcome
  const { refusal } = outcome
  if (refusal.reason !== 'credential_invalid') return outcome
  // Where the same batch came to something meanwhile, that is the answer.
  return (await needs.issuers.refuseUnder(issuer.id, refusal.errors, change))
    ? outcome
    : issueCredential(needs, issuer, command, change)
}

/** No key of a caller has a line break, so that these never meet one of another call (row H13). */
const changeAt = (change: Change, position: number): Change => {
  const { mark } = change
  if (mark === undefined) return change
  const { key, request } = mark
  return { ...change, mark: { key: `${key}\n${request}\n${String(position)}`, request } }
}
