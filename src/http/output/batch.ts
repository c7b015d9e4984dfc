import type { Context } from 'hono'
import { credentialUrl } from '../../domain/credential/draft.ts'
import type { Issuer } from '../../domain/instance/instance.ts'
import { MAX_BATCH_ITEMS } from '../../domain/limits.ts'
import type { StatusHit, StatusReport } from '../../ports/status-batch.ts'
import type {
  ChangeStatuses,
  ChangeStatusesRefusal,
} from '../../use-cases/change-credential-statuses.ts'
import type { IssueOutcome } from '../../use-cases/issue-credentials.ts'
import type { AppEnv } from '../app-env.ts'
import { issueProblem, securedCredential } from './credential.ts'
import { problem, problemBody } from './problem.ts'

/** What became of each credential of a batch, in the order of the request. */
export function issueReport(c: Context<AppEnv>, issuer: Issuer, outcomes: readonly IssueOutcome[]) {
  const issued = outcomes.filter((outcome) => outcome.ok).length
  return {
    items: outcomes.map((outcome) => issueItem(c, issuer, outcome)),
    issued,
    refused: outcomes.length - issued,
  }
}

function issueItem(c: Context<AppEnv>, issuer: Issuer, outcome: IssueOutcome) {
  if (!outcome.ok) {
    const { code, more } = issueProblem(outcome.refusal)
    const body = problemBody(c, code, more)
    return { status: body.status, problem: body }
  }
  const { cid } = outcome.value.stored
  return {
    status: 201,
    verifiableCredential: securedCredential(outcome.value),
    url: credentialUrl(c.var.ports.publicUrl, issuer.id, cid),
  }
}

/** What a status call for many did, or would do. */
export function statusReport(
  publicUrl: string,
  issuer: Issuer,
  { select: { credentialIds = [] } }: ChangeStatuses,
  { counts, hits, unknown, next }: StatusReport,
) {
  const refused = counts.revocation_final + counts.status_purpose_not_issued
  const matched = counts.change + counts.already + refused
  return {
    matched,
    changes: counts.change,
    already: counts.already,
    refused,
    items: hits.map((hit) => ({
      url: credentialUrl(publicUrl, issuer.id, hit.cid),
      id: hit.credentialId,
      status: hit.status,
      ...outcomeOf(hit),
    })),
    more: next !== undefined,
    ...(next === undefined ? {} : { cursor: String(next) }),
    unknown: unknown.flatMap((position) => credentialIds[position] ?? []),
  }
}

function outcomeOf({ outcome }: StatusHit) {
  switch (outcome) {
    case 'change':
    case 'already':
      return { outcome }
    case 'revocation_final':
    case 'status_purpose_not_issued':
      return { outcome: 'refused', code: outcome }
  }
}

export function statusesRefusal(c: Context<AppEnv>, refusal: ChangeStatusesRefusal): Response {
  switch (refusal.reason) {
    case 'too_many_matched':
      return problem(c, refusal.reason, {
        detail: `${String(refusal.matched)} credentials match, at most ${String(MAX_BATCH_ITEMS)} are changed at once: narrow the selection, or ask for pages with cursor`,
      })
    case 'idempotency_key_reused':
      return problem(c, refusal.reason)
  }
}
