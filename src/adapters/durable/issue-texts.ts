import { ok } from '../../domain/result.ts'
import type { StatusAllocation } from '../../domain/status-list/status.ts'
import type { Change } from '../../ports/change.ts'
import type { CredentialDraft, IssuerStore } from '../../ports/issuer-store.ts'
import { reservedNow } from './credential-rows.ts'

/*
 * What `issue` is given and what it answers, as texts: the platform copies a tree of objects from one
 * side to the other at several times the cost.
 */

export type IssueAnswer = Awaited<ReturnType<NonNullable<IssuerStore['issue']>>>

interface Given {
  readonly draft: CredentialDraft
  readonly change: Change
}

/** Of a credential that was issued just now, from the draft that was given, the caller has all but this. */
interface Fresh {
  readonly allocations: readonly StatusAllocation[]
  readonly token: string
}

export const givenText = (given: Given): string => JSON.stringify(given)
export const readGiven = (text: string): Given => JSON.parse(text) as Given

export function answerText(answer: IssueAnswer, { cid }: CredentialDraft): string {
  // Under a known mark it is another draft that was reserved, and perhaps signed only now.
  if (!answer.ok || answer.value.replayed || answer.value.stored.cid !== cid)
    return JSON.stringify({ answer })
  const { stored, token } = answer.value
  return JSON.stringify({ fresh: { allocations: stored.allocations, token } satisfies Fresh })
}

export function readAnswer(text: string, draft: CredentialDraft): IssueAnswer {
  const said = JSON.parse(text) as { readonly answer: IssueAnswer } | { readonly fresh: Fresh }
  if ('answer' in said) return said.answer
  const { allocations, token } = said.fresh
  return ok({ stored: { ...reservedNow(draft, allocations), token }, token, replayed: false })
}
