import type { ClientChange } from '../../domain/registration/client-change.ts'
import type { Json } from '../../domain/json/strict-json.ts'
import type { DocumentSnapshot } from '../../domain/registration/client-following.ts'
import type { DocumentChange } from '../../domain/registration/document-changes.ts'
import {
  termChanges,
  type Granted,
  type TermChange,
} from '../../domain/registration/granted-terms.ts'
import type { RedirectHold } from '../../domain/registration/redirect-holds.ts'
import { dateTimeStamp, isEpochSeconds } from '../../domain/time.ts'
import { FINDINGS } from '../../domain/verification/findings.ts'
import type { ClientStatusNow } from '../../use-cases/follow-clients.ts'

const HINTS: Readonly<Record<string, string | undefined>> = FINDINGS

/** A reason with what to do about it; nothing where there is none. */
const because = (reason: string | undefined) => {
  const hint = HINTS[reason ?? '']
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** How a client stands. The last full answer is beside a status that is none. */
export function clientStatusView({ client, following }: ClientStatusNow) {
  const { clientId, status, reason, since, evaluatedAt, decisionId } = client
  const { settled, evidenceAt } = following
  const isOpen = status === 'degraded' || status === 'unknown'
  return {
    client_id: clientId,
    status,
    ...because(reason),
    since: dateTimeStamp(since),
    evaluatedAt: dateTimeStamp(evaluatedAt),
    evidenceAge: Math.max(0, evaluatedAt - evidenceAt),
    decisionId,
    ...(isOpen
      ? {
          lastKnown: {
            status: settled.status,
            ...because(settled.reason),
            since: dateTimeStamp(settled.since),
            at: dateTimeStamp(settled.at),
          },
        }
      : {}),
  }
}

/** One row of the change feed. */
export const clientChangeView = ({ clientId, changed, status, reason, at }: ClientChange) => ({
  client_id: clientId,
  changed,
  status,
  ...because(reason),
  at: dateTimeStamp(at),
})

/** A document that was seen, and what was new in it. */
export const snapshotView = ({ digest, seenAt, changes }: DocumentSnapshot) => ({
  digest,
  seenAt: dateTimeStamp(seenAt),
  changes: changes.map((one) => ({ ...one, text: sentence(one) })),
})

const WHAT: { readonly [Change in DocumentChange['change']]: (subject: string) => string } = {
  key_added: (key) => `The key ${key} was added.`,
  key_removed: (key) => `The key ${key} was removed.`,
  key_replaced: (key) => `The key ${key} was replaced by another of the same name.`,
  redirect_host_added: (host) => `The redirect host ${host} is new.`,
  redirect_host_removed: (host) => `The redirect host ${host} is gone.`,
  redirect_uri_added: (uri) => `The redirect URI ${uri} was added.`,
  redirect_uri_removed: (uri) => `The redirect URI ${uri} was removed.`,
  service_added: (service) => `The service ${service} was added.`,
  service_removed: (service) => `The service ${service} was removed.`,
  service_changed: (service) => `The endpoint of the service ${service} changed.`,
  document_changed: () => 'Something changed that no registration rests on.',
}

const sentence = ({ change, subject }: DocumentChange): string => WHAT[change](subject)

/** The registrations of a client, oldest first, and what each granted otherwise than the one before. */
export const registrationHistory = (granted: readonly Granted[]) =>
  granted.map(({ decisionId, at, grant }, position) => {
    const before = granted[position - 1]
    const changes = before === undefined ? [] : termChanges(before.grant, grant)
    return { decisionId, at: dateTimeStamp(at), changes: changes.map(termView) }
  })

const termView = ({ member, before, after }: TermChange) => ({
  member,
  before: momentIn(member, before),
  after: momentIn(member, after),
})

const momentIn = (member: string, value: Json): Json =>
  member === 'valid_until' && isEpochSeconds(value) ? dateTimeStamp(value) : value

export const holdView = (hold: RedirectHold) => {
  const { id, clientId, decisionId, host, redirectUris, digest, state, seenAt, decided } = hold
  return {
    id,
    client_id: clientId,
    decisionId,
    host,
    redirect_uris: redirectUris,
    digest,
    state,
    seenAt: dateTimeStamp(seenAt),
    ...(decided === undefined
      ? {}
      : { decidedAt: dateTimeStamp(decided.at), decidedBy: decided.actor }),
  }
}
