import { cidInUrl } from '../domain/credential/draft.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { ok, type Result } from '../domain/result.ts'
import type { StatusChange } from '../domain/status-list/status.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type {
  StatusesChanged,
  StatusesPreviewed,
  StatusReport,
  StatusSelection,
} from '../ports/status-batch.ts'

type Needs = Pick<Ports, 'events' | 'issuers' | 'publicUrl'>

/** Selected by what a status call accepts as `credentialId`, by subject, by type; several narrow. */
export interface ChangeStatuses extends StatusChange {
  readonly select: Omit<StatusSelection, 'names'> & {
    readonly credentialIds: readonly string[] | undefined
  }
}

export type ChangeStatusesRefusal = Extract<StatusesChanged, { ok: false }>['refusal']

/** What `changeCredentialStatuses` would hit now, or refuse. Changes nothing. */
export function previewCredentialStatuses(
  { issuers, publicUrl }: Pick<Needs, 'issuers' | 'publicUrl'>,
  issuer: Issuer,
  { select, ...wanted }: ChangeStatuses,
): Promise<StatusesPreviewed> {
  return issuers.previewStatuses(issuer.id, selection(publicUrl, issuer, select), wanted)
}

/**
 * Revokes, suspends or lifts the suspension of all selected credentials, at once. What is final stays
 * so and is reported (row S16). Retired issuers may still do so: what they issued must stay revocable
 * (R4).
 */
export async function changeCredentialStatuses(
  { events, issuers, publicUrl }: Needs,
  issuer: Issuer,
  { select, ...wanted }: ChangeStatuses,
  change: Change,
): Promise<Result<StatusReport, ChangeStatusesRefusal>> {
  const selected = selection(publicUrl, issuer, select)
  const changed = await issuers.changeStatuses(issuer.id, selected, wanted, change)
  if (!changed.ok) return changed
  const { report, replayed } = changed.value
  if (!replayed) {
    for (const { outcome, status } of report.hits) {
      if (outcome === 'change') events.statusChanged({ issuer: issuer.id, status })
    }
  }
  return ok(report)
}

const selection = (
  publicUrl: string,
  issuer: Issuer,
  { credentialIds, subject, type, after }: ChangeStatuses['select'],
): StatusSelection => ({
  names: credentialIds?.map((name) => cidInUrl(publicUrl, issuer.id, name) ?? name),
  subject,
  type,
  after,
})
