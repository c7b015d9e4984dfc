import type { Fault } from '../../domain/fault.ts'
import type { Issuer } from '../../domain/instance/instance.ts'
import {
  rotateKeys,
  rotationAudit,
  type KeyRotation,
  type RotatedKeys,
  type RotationFacts,
  type RotationRefusal,
} from '../../domain/instance/key-rotation.ts'
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
import type { Change, IdempotencyMark } from '../../ports/change.ts'
import type { ArchiveBounds } from '../../ports/issuer-archive.ts'
import type {
  CredentialDraft,
  CredentialFilter,
  CredentialSummary,
  IssuerStore,
  StatusListHead,
  StatusListState,
  StoredCredential,
} from '../../ports/issuer-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import type { StatusSelection } from '../../ports/status-batch.ts'
import { accreditationTokens, replaceAccreditations } from './accreditation-rows.ts'
import {
  completeRow,
  credentialPage,
  insertDraft,
  rowNamed,
  storedCredential,
  pendingRows,
  hasPending,
  reservedNow,
} from './credential-rows.ts'
import { systemClock } from '../system/clock.ts'
import { sha256Text } from '../system/sha256.ts'
import { commitGroups } from './commit-groups.ts'
import { archiveBounds, archivePage } from './export-rows.ts'
import { importDesk } from './import-desk.ts'
import { endImport, IMPORTED, importedCounts, insertRow, listsAgree } from './import-rows.ts'
import { InstanceObject } from './instance-object.ts'
import { answerText, readGiven } from './issue-texts.ts'
import { ISSUER_MIGRATIONS } from './issuer-migrations.ts'
import { hasIssued, keyHoldings, liveCredentials } from './key-rows.ts'
import { appliedBefore, applyChange, type Effect } from './ledger.ts'
import { insertSchema, newestVersions, schemaPage, schemaText } from './schema-rows.ts'
import { batchReport, changeBatch, previewBatch } from './status-batch.ts'
import { lastStatusChange, statusChangesSince } from './status-change-rows.ts'
import {
  allocate,
  allocationsOf,
  entryCode,
  listHead,
  listIds,
  listState,
  pastListState,
  setStatus,
} from './status-rows.ts'

/** Types of a credential that its audit record names: enough to know it by, few enough to read. */
const MAX_AUDITED_TYPES = 8

/** How long a change waits for those that came with it last time; a commit takes about as long. */
const PATIENCE_MILLISECONDS = 3

/** Outcomes of a reservation that are no `cid`: those are UUIDs. */
const [TAKEN, RETIRED] = ['taken', 'retired']
type Reservation = string | { readonly errors: readonly Fault[] }

type Answer<Method extends keyof IssuerStore> = Awaited<
  ReturnType<NonNullable<IssuerStore[Method]>>
>

/** Everything that one issuer owns: its record, credentials, status and audit chain. */
export abstract class IssuerObject extends InstanceObject<Issuer> {
  /** An alarm is set that has not gone off; after a restart the platform knows and we do not. */
  #watching = false

  /** Entries of a status list that may be taken before the next list is opened. */
  protected readonly listThreshold: number

  readonly #desk = importDesk<ArchiveRow>(this.storage, {
    tables: IMPORTED,
    insert: (row) => insertRow(this.sql, row),
    exists: () => this.find() !== undefined,
  })

  /** Changes that come at the same time share a commit. */
  protected readonly together = commitGroups(this.storage, () =>
    scheduler.wait(PATIENCE_MILLISECONDS),
  )

  /** The port as somebody uses it who is here already. */
  protected readonly rows: Pick<IssuerStore, 'reserve' | 'complete'> = {
    reserve: async (_, draft, change) => this.reserve(draft, change),
    complete: async (_, cid, token, kid) => this.complete(cid, token, kid),
  }

  constructor(state: DurableObjectState, env: unknown, listThreshold: number) {
    super(state, env, ISSUER_MIGRATIONS)
    this.listThreshold = listThreshold
    if (hasPending(this.sql)) void this.#watchWhatIsLeft()
  }

  /** The platform tries an alarm again, but not for ever: after that nothing else would look. */
  async #watchWhatIsLeft(): Promise<void> {
    // One that is set already is not put off by each start.
    if ((await this.storage.getAlarm()) === null) this.watchPending(systemClock.now())
  }

  protected abstract issue(draft: CredentialDraft, change: Change): Promise<Answer<'issue'>>

  /** `issue`, with what it is given and what it answers as texts. */
  async issueWritten(given: string): Promise<string> {
    const { draft, change } = readGiven(given)
    return answerText(await this.issue(draft, change), draft)
  }

  reserve(draft: CredentialDraft, change: Change): Answer<'reserve'> {
    let fresh: StoredCredential | undefined
    const applied = applyChange<Reservation>(this.storage, change, () => {
      if (this.find()?.instance.retiredAt !== undefined) return { value: RETIRED }
      const sequence = insertDraft(this.sql, draft, change.at)
      if (sequence === undefined) return { value: TAKEN }
      const allocations = draft.purposes.map((purpose) =>
        allocate(this.sql, sequence, purpose, this.listThreshold),
      )
      fresh = reservedNow(draft, allocations)
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
    this.watchPending(change.at)
    return fresh === undefined ? this.#reservation(applied.value.value) : ok(fresh)
  }

  refuseUnder(errors: readonly Fault[], change: Change): boolean {
    const applied = applyChange<Reservation>(this.storage, change, () => ({ value: { errors } }))
    return applied.ok && !applied.value.replayed
  }

  reserved(mark: IdempotencyMark, at: EpochSeconds): Answer<'reserved'> {
    const known = appliedBefore<Reservation>(this.sql, mark, at)
    return known?.ok ? this.#reservation(known.value.value) : known
  }

  #reservation(outcome: Reservation): Answer<'reserve'> {
    if (typeof outcome !== 'string') return refuse({ reason: 'credential_invalid', ...outcome })
    if (outcome === TAKEN) return refuse({ reason: 'id_taken' })
    if (outcome === RETIRED) return refuse({ reason: 'instance_retired' })
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

  complete(cid: string, token: string, kid: string): Answer<'complete'> {
    const digest = sha256Text(token)
    const { keys } = this.record()
    if (!keys.some((key) => key.kid === kid && key.withdrawn === undefined))
      return refuse({ reason: 'key_withdrawn', keys })
    if (completeRow(this.sql, cid, { token, digest, kid })) return ok(token)
    const stored = this.credential(cid)?.token
    if (stored === undefined) throw new Error('a token was completed that was never reserved')
    return ok(stored)
  }

  credential(cid: string): StoredCredential | undefined {
    return storedCredential(this.sql, cid)
  }

  credentialNamed(name: string): StoredCredential | undefined {
    const row = rowNamed(this.sql, name)
    return row && this.credential(row.cid)
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

  previewStatuses(selection: StatusSelection, wanted: StatusChange): Answer<'previewStatuses'> {
    const preview = previewBatch(this.sql, selection, wanted)
    return 'tooMany' in preview
      ? refuse({ reason: 'too_many_matched', matched: preview.tooMany })
      : ok(preview)
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

  statusListHead(listId: string): StatusListHead | undefined {
    const head = listHead(this.sql, listId)
    return head && { ...head, keys: this.record().keys }
  }

  statusList(listId: string, at?: EpochSeconds): StatusListState | undefined {
    const state =
      at === undefined ? listState(this.sql, listId) : pastListState(this.sql, listId, at)
    return state && { ...state, keys: this.record().keys }
  }

  rotateKeys(
    wanted: KeyRotation,
    facts: Omit<RotationFacts, 'now'>,
    change: Change,
  ): Answer<'rotateKeys'> {
    type Outcome = { readonly rotated: RotatedKeys } | { readonly refusal: RotationRefusal }
    const applied = applyChange(this.storage, change, (): Effect<Outcome> => {
      const { keys } = this.record()
      const issued = {
        ...keyHoldings(this.sql, keys),
        hasIssued: hasIssued(this.sql),
        liveCredentials: (kid: string) => this.liveCredentials(kid, change.at),
      }
      const rotated = rotateKeys(issued, wanted, { ...facts, now: change.at })
      if (!rotated.ok) return { value: { refusal: rotated.refusal } }
      this.replaceRecord({ ...this.record(), keys: rotated.value.keys })
      return { value: { rotated: rotated.value }, audit: rotationAudit(rotated.value) }
    })
    if (!applied.ok) return applied
    const { value } = applied.value
    return 'rotated' in value ? ok(value.rotated) : refuse(value.refusal)
  }

  keyHoldings(): Answer<'keyHoldings'> {
    return keyHoldings(this.sql, this.record().keys)
  }

  liveCredentials(kid: string, now: EpochSeconds): number {
    const key = this.record().keys.find((one) => one.kid === kid)
    return key === undefined ? 0 : liveCredentials(this.sql, key, now)
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

  putAccreditations(tokens: readonly string[], change: Change): Answer<'putAccreditations'> {
    return applyChange(this.storage, change, () => replaceAccreditations(this.sql, tokens))
  }

  accreditations(): readonly string[] {
    return accreditationTokens(this.sql)
  }

  exportBounds(): Answer<'exportBounds'> {
    return archiveBounds(this.sql)
  }

  exportPage(kind: ArchiveKind, bounds: ArchiveBounds, page: PageRequest): Answer<'exportPage'> {
    return archivePage(this.sql, kind, bounds, page)
  }

  protected override found(): void {
    this.#desk.forget()
  }

  beginImport(importId: string): Answer<'beginImport'> {
    return this.#desk.begin(importId)
  }

  importRows(importId: string, rows: readonly ArchiveRow[]): Answer<'importRows'> {
    return this.#desk.add(importId, rows)
  }

  finishImport(
    issuer: Issuer,
    importId: string,
    tokenHash: string,
    change: Change,
  ): Answer<'finishImport'> {
    if (!this.#desk.isImporting(importId)) return 'superseded'
    if (!listsAgree(this.sql)) return 'conflict'
    const counts = importedCounts(this.sql)
    applyChange(this.storage, { ...change, mark: undefined }, () => {
      this.insertInstance(issuer, tokenHash)
      endImport(this.sql)
      return { value: null, audit: { action: 'instance.import', detail: { id: issuer.id } } }
    })
    // Where it came from, something may have been reserved and not signed.
    this.watchPending(change.at)
    return counts
  }

  abandonImport(importId: string): void {
    this.#desk.abandon(importId)
  }

  /** `statusAt` as a number. */
  statusCodeAt(listId: string, index: number): number {
    return entryCode(this.sql, listId, index)
  }

  lastStatusChange(): number {
    return lastStatusChange(this.sql)
  }

  statusChangesSince(since: number, limit: number): Answer<'statusChangesSince'> {
    return statusChangesSince(this.sql, since, limit)
  }
}
