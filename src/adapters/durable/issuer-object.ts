import type { Issuer } from '../../domain/instance/instance.ts'
import { ok, refuse } from '../../domain/result.ts'
import {
  credentialStatus,
  statusTransition,
  type CredentialStatus,
  type StatusChange,
} from '../../domain/status-list/status.ts'
import type { Change } from '../../ports/change.ts'
import type {
  CredentialDraft,
  CredentialFilter,
  CredentialSummary,
  IssuerStore,
  StatusListState,
  StoredCredential,
} from '../../ports/issuer-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import {
  completeRow,
  credentialPage,
  insertDraft,
  rowNamed,
  storedCredential,
} from './credential-rows.ts'
import { InstanceObject } from './instance-object.ts'
import { ISSUER_MIGRATIONS } from './issuer-migrations.ts'
import { applyChange, type Effect } from './ledger.ts'
import { allocate, allocationsOf, entryState, listState, setStatus } from './status-rows.ts'

/** Types of a credential that its audit record names: enough to know it by, few enough to read. */
const MAX_AUDITED_TYPES = 8

/** Outcomes of a reservation that are no `cid`: those are UUIDs. */
const [TAKEN, RETIRED] = ['taken', 'retired']

type Answer<Method extends keyof IssuerStore> = Awaited<ReturnType<IssuerStore[Method]>>

/** Everything that one issuer owns: its record, credentials, status and audit chain. */
export class IssuerObject extends InstanceObject<Issuer> {
  constructor(state: DurableObjectState, env: unknown) {
    super(state, env, ISSUER_MIGRATIONS)
  }

  reserve(draft: CredentialDraft, change: Change): Answer<'reserve'> {
    const applied = applyChange(this.storage, change, () => {
      if (this.find()?.instance.retiredAt !== undefined) return { value: RETIRED }
      const sequence = insertDraft(this.sql, draft)
      if (sequence === undefined) return { value: TAKEN }
      for (const purpose of draft.purposes) allocate(this.sql, sequence, purpose)
      return {
        value: draft.cid,
        audit: {
          action: 'credential.reserve',
          detail: {
            credentialId: draft.credentialId,
            subject: draft.subject ?? null,
            types: draft.types.slice(0, MAX_AUDITED_TYPES),
          },
        },
      }
    })
    if (!applied.ok) return applied
    const { value: outcome } = applied.value
    if (outcome === TAKEN) return refuse({ reason: 'id_taken' })
    if (outcome === RETIRED) return refuse({ reason: 'instance_retired' })
    const stored = this.credential(outcome)
    if (stored === undefined) throw new Error('a reserved credential is gone')
    return ok(stored)
  }

  complete(cid: string, token: string): string {
    completeRow(this.sql, cid, token)
    const stored = this.credential(cid)?.token
    if (stored === undefined) throw new Error('a token was completed that was never reserved')
    return stored
  }

  credential(cid: string): StoredCredential | undefined {
    return storedCredential(this.sql, cid)
  }

  credentials(filter: CredentialFilter, page: PageRequest): Page<CredentialSummary> {
    return credentialPage(this.sql, filter, page)
  }

  changeStatus(credentialId: string, wanted: StatusChange, change: Change): Answer<'changeStatus'> {
    type Outcome =
      Exclude<Answer<'changeStatus'>, { ok: true }>['refusal']['reason'] | CredentialStatus
    const applied = applyChange(this.storage, change, (): Effect<Outcome> => {
      const row = rowNamed(this.sql, credentialId)
      if (row === undefined) return { value: 'credential_not_found' }
      if (
        !allocationsOf(this.sql, row.sequence).some(({ purpose }) => purpose === wanted.purpose)
      ) {
        return { value: 'status_purpose_not_issued' }
      }
      const before = { revoked: row.revoked === 1, suspended: row.suspended === 1 }
      const current = wanted.purpose === 'revocation' ? before.revoked : before.suspended
      switch (statusTransition(current, wanted)) {
        case 'revocation_final':
          return { value: 'revocation_final' }
        case 'no_change':
          return { value: credentialStatus(before) }
        case 'change':
          return setStatus(this.sql, row, wanted, change)
      }
    })
    if (!applied.ok) return applied
    const { value, replayed } = applied.value
    switch (value) {
      case 'active':
      case 'suspended':
      case 'revoked':
        return ok({ status: value, replayed })
      default:
        return refuse({ reason: value })
    }
  }

  statusList(listId: string): StatusListState | undefined {
    return listState(this.sql, listId)
  }

  statusAt(listId: string, index: number): Answer<'statusAt'> {
    return entryState(this.sql, listId, index)
  }
}
