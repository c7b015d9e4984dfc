import type { Issuer } from '../../domain/instance/instance.ts'
import { ok, refuse } from '../../domain/result.ts'
import {
  credentialStatus,
  statusTransition,
  type CredentialStatus,
  type StatusChange,
} from '../../domain/status-list/status.ts'
import { PENDING_SECONDS } from '../../domain/limits.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { ArchiveKind, ArchiveRow } from '../../domain/archive/archive-row.ts'
import type { Change } from '../../ports/change.ts'
import type { ArchiveBounds } from '../../ports/issuer-archive.ts'
import type {
  CredentialDraft,
  CredentialFilter,
  CredentialSummary,
  IssuerStore,
  StatusListState,
  StoredCredential,
} from '../../ports/issuer-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import type { StatusReport, StatusSelection } from '../../ports/status-batch.ts'
import {
  completeRow,
  credentialPage,
  insertDraft,
  rowNamed,
  storedCredential,
  pendingRows,
} from './credential-rows.ts'
import { archiveBounds, archivePage } from './export-rows.ts'
import {
  addRows,
  currentImport,
  endImport,
  forgetImport,
  importedCounts,
  listsAgree,
  noteImport,
} from './import-rows.ts'
import { InstanceObject } from './instance-object.ts'
import { ISSUER_MIGRATIONS } from './issuer-migrations.ts'
import { applyChange, type Effect } from './ledger.ts'
import { insertSchema, newestVersions, schemaPage, schemaText } from './schema-rows.ts'
import { batchReport, changeBatch, previewBatch } from './status-batch.ts'
import {
  allocate,
  allocationsOf,
  entryState,
  listIds,
  listState,
  setStatus,
} from './status-rows.ts'

/** Types of a credential that its audit record names: enough to know it by, few enough to read. */
const MAX_AUDITED_TYPES = 8

/** Outcomes of a reservation that are no `cid`: those are UUIDs. */
const [TAKEN, RETIRED] = ['taken', 'retired']

type Answer<Method extends keyof IssuerStore> = Awaited<ReturnType<IssuerStore[Method]>>

/** Everything that one issuer owns: its record, credentials, status and audit chain. */
export class IssuerObject extends InstanceObject<Issuer> {
  /** An alarm is set that has not gone off; after a restart the platform knows and we do not. */
  #watching = false

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env, ISSUER_MIGRATIONS)
  }

  reserve(draft: CredentialDraft, change: Change): Answer<'reserve'> {
    const applied = applyChange(this.storage, change, () => {
      if (this.find()?.instance.retiredAt !== undefined) return { value: RETIRED }
      const sequence = insertDraft(this.sql, draft, change.at)
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
    this.watchPending(change.at)
    const stored = this.credential(outcome)
    if (stored === undefined) throw new Error('a reserved credential is gone')
    return ok(stored)
  }

  /** An alarm looks after what a crash leaves between reservation and token; one is enough for all. */
  protected watchPending(now: EpochSeconds): void {
    if (this.#watching) return
    this.#watching = true
    void this.storage.setAlarm((now + PENDING_SECONDS + 1) * 1000)
  }

  /** The alarm has gone off: the next reservation sets another. */
  override alarm(): Promise<void> {
    this.#watching = false
    return Promise.resolve()
  }

  pending(before: EpochSeconds, limit: number): readonly StoredCredential[] {
    return pendingRows(this.sql, before, limit)
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

  beginBatch(change: Change): Answer<'beginBatch'> {
    const applied = applyChange(this.storage, change, () => ({ value: null }))
    return applied.ok ? ok(null) : applied
  }

  previewStatuses(selection: StatusSelection, wanted: StatusChange): StatusReport {
    return previewBatch(this.sql, selection, wanted)
  }

  changeStatuses(
    selection: StatusSelection,
    wanted: StatusChange,
    change: Change,
  ): Answer<'changeStatuses'> {
    const applied = applyChange(this.storage, change, () =>
      changeBatch(this.sql, selection, wanted, change),
    )
    if (!applied.ok) return applied
    const { value: outcome, replayed } = applied.value
    return 'tooMany' in outcome
      ? refuse({ reason: 'too_many_matched', matched: outcome.tooMany })
      : ok({ report: batchReport(this.sql, outcome), replayed })
  }

  statusLists(): readonly string[] {
    return listIds(this.sql)
  }

  statusList(listId: string): StatusListState | undefined {
    return listState(this.sql, listId)
  }

  putSchema(type: string, text: string, change: Change): Answer<'putSchema'> {
    return applyChange(this.storage, change, () => insertSchema(this.sql, type, text, change))
  }

  schemaText(type: string, version: number | undefined): string | undefined {
    return schemaText(this.sql, type, version)
  }

  newestSchemas(types: readonly string[]): Answer<'newestSchemas'> {
    return newestVersions(this.sql, types)
  }

  schemas(page: PageRequest): Answer<'schemas'> {
    return schemaPage(this.sql, page)
  }

  exportBounds(): Answer<'exportBounds'> {
    return archiveBounds(this.sql)
  }

  exportPage(kind: ArchiveKind, bounds: ArchiveBounds, page: PageRequest): Answer<'exportPage'> {
    return archivePage(this.sql, kind, bounds, page)
  }

  /** An import that broke off leaves rows behind, which must not become this issuer's. */
  protected override found(): void {
    forgetImport(this.sql)
  }

  beginImport(importId: string): Answer<'beginImport'> {
    return this.storage.transactionSync(() => {
      if (this.find() !== undefined) return 'exists'
      forgetImport(this.sql)
      noteImport(this.sql, importId)
      return 'begun'
    })
  }

  importRows(importId: string, rows: readonly ArchiveRow[]): Answer<'importRows'> {
    if (!this.#isImporting(importId)) return 'superseded'
    return addRows(this.storage, rows) ? 'added' : 'conflict'
  }

  finishImport(
    issuer: Issuer,
    importId: string,
    tokenHash: string,
    change: Change,
  ): Answer<'finishImport'> {
    if (!this.#isImporting(importId)) return 'superseded'
    if (!listsAgree(this.sql)) return 'conflict'
    const counts = importedCounts(this.sql)
    applyChange(this.storage, { ...change, mark: undefined }, () => {
      this.insertInstance(issuer, tokenHash)
      endImport(this.sql)
      return { value: null, audit: { action: 'instance.import', detail: { id: issuer.id } } }
    })
    return counts
  }

  abandonImport(importId: string): void {
    if (this.#isImporting(importId))
      this.storage.transactionSync(() => {
        forgetImport(this.sql)
      })
  }

  #isImporting(importId: string): boolean {
    return this.find() === undefined && currentImport(this.sql) === importId
  }

  statusAt(listId: string, index: number): Answer<'statusAt'> {
    return entryState(this.sql, listId, index)
  }
}
