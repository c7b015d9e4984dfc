import { cidInUrl } from '../domain/credential/draft.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import {
  bitstringEntry,
  isNamedEntry,
  statusListUrl,
  type NamedEntry,
} from '../domain/status-list/status-entry.ts'
import type { CredentialStatus, StatusChange } from '../domain/status-list/status.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type { IssuerStore } from '../ports/issuer-store.ts'

type Needs = Pick<Ports, 'events' | 'issuers' | 'publicUrl'>

type StoreAnswer = Awaited<ReturnType<IssuerStore['changeStatus']>>
export type ChangeStatusRefusal =
  | Extract<StoreAnswer, { ok: false }>['refusal']
  /** The entry that was named is none that the credential has for this purpose. */
  | { readonly reason: 'status_entry_mismatch' }

/**
 * Revokes, suspends or lifts a suspension (VCALM `POST /credentials/status`). Retired issuers may
 * still do so: what they issued must stay revocable (R4). An entry that the caller names must be the
 * credential's own: two names that disagree mean somebody errs (row S16).
 */
export async function changeCredentialStatus(
  { events, issuers, publicUrl }: Needs,
  issuer: Issuer,
  wanted: StatusChange & { readonly credentialId: string; readonly entry?: NamedEntry },
  change: Change,
): Promise<Result<CredentialStatus, ChangeStatusRefusal>> {
  const { credentialId, entry, ...status } = wanted
  const name = cidInUrl(publicUrl, issuer.id, credentialId) ?? credentialId
  if (entry !== undefined && Object.values(entry).some((member) => member !== undefined)) {
    // Entries are drawn once and for ever: what is read here still holds when the status is set.
    const stored = await issuers.credentialNamed(issuer.id, name)
    const own = stored?.allocations.find(({ purpose }) => purpose === status.purpose)
    if (own !== undefined) {
      const listUrl = statusListUrl(publicUrl, issuer.id, own.listId)
      if (!isNamedEntry(bitstringEntry(listUrl, own), entry))
        return refuse({ reason: 'status_entry_mismatch' })
    }
  }
  const changed = await issuers.changeStatus(issuer.id, name, status, change)
  if (!changed.ok) return changed
  if (!changed.value.replayed) {
    events.statusChanged({ issuer: issuer.id, status: changed.value.status })
  }
  return ok(changed.value.status)
}
