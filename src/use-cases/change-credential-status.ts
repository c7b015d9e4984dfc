import { cidInUrl } from '../domain/credential/draft.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { ok, type Result } from '../domain/result.ts'
import type { CredentialStatus, StatusChange } from '../domain/status-list/status.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type { IssuerStore } from '../ports/issuer-store.ts'

type Needs = Pick<Ports, 'events' | 'issuers' | 'publicUrl'>

type StoreAnswer = Awaited<ReturnType<IssuerStore['changeStatus']>>
export type ChangeStatusRefusal = Extract<StoreAnswer, { ok: false }>['refusal']

/**
 * Revokes, suspends or lifts a suspension (VCALM `POST /credentials/status`). Retired issuers may
 * still do so: what they issued must stay revocable (R4).
 */
export async function changeCredentialStatus(
  { events, issuers, publicUrl }: Needs,
  issuer: Issuer,
  wanted: StatusChange & { readonly credentialId: string },
  change: Change,
): Promise<Result<CredentialStatus, ChangeStatusRefusal>> {
  const { credentialId, ...status } = wanted
  const name = cidInUrl(publicUrl, issuer.id, credentialId) ?? credentialId
  const changed = await issuers.changeStatus(issuer.id, name, status, change)
  if (!changed.ok) return changed
  if (!changed.value.replayed) {
    events.statusChanged({ issuer: issuer.id, status: changed.value.status })
  }
  return ok(changed.value.status)
}
