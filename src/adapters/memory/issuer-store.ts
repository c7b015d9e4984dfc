import type { Fault } from '../../domain/fault.ts'
import type { Issuer } from '../../domain/instance/instance.ts'
import { STATUS_LIST_ENTRIES } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import {
  credentialStatus,
  STATUS_PURPOSES,
  statusTransition,
  type CredentialStatus,
  type StatusChange,
  type StatusPurpose,
} from '../../domain/status-list/status.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Change } from '../../ports/change.ts'
import type { CredentialSummary, IssuerStore, StoredCredential } from '../../ports/issuer-store.ts'
import { sha256Text } from '../system/sha256.ts'
import { cryptoRandom } from '../system/random.ts'
import { memoryAccreditations } from './issuer-accreditations.ts'
import { memoryArchive } from './issuer-archive.ts'
import { memoryKeys } from './issuer-keys.ts'
import { memorySchemas } from './issuer-schemas.ts'
import { memoryInstances } from './instance-store.ts'
import { listId, noCredentials, type Credentials, type Row } from './issuer-state.ts'
import { pageAfter } from './ledger.ts'
import { changeBatch, previewBatch } from './status-batch.ts'

/** Outcomes of a reservation that are no `cid`: those are UUIDs. */
const [TAKEN, RETIRED] = ['taken', 'retired']
type Outcome = string | { readonly errors: readonly Fault[] }

const stored = (row: Row): StoredCredential => ({
  ...row.draft,
  allocations: row.allocations,
  token: row.token,
  status: credentialStatus(row),
  digest: row.token === undefined ? undefined : sha256Text(row.token),
})

function summary(row: Row): CredentialSummary {
  const { alias: _alias, credential: _credential, purposes: _purposes, ...draft } = row.draft
  const { status, digest } = stored(row)
  return { ...draft, status, digest }
}

function noteChange(
  { changes }: Credentials,
  { sequence }: Pick<Row, 'sequence'>,
  { purpose, status, reason = null }: Omit<StatusChange, 'reason'> & { reason?: string | null },
  { at, actor }: Change,
): void {
  const kind = 'status_change'
  const next = changes.length + 1
  changes.push({ kind, sequence: next, credential: sequence, purpose, status, at, actor, reason })
}

/** What a credential was at a moment; without a change on record, what it is. */
function pastStatus({ changes }: Credentials, row: Row, at: EpochSeconds) {
  const was = (purpose: StatusPurpose, now: boolean): boolean => {
    const all = changes.filter((one) => one.credential === row.sequence && one.purpose === purpose)
    return all.length === 0 ? now : (all.findLast((one) => one.at <= at)?.status ?? false)
  }
  return {
    revoked: was('revocation', row.revoked),
    suspended: was('suspension', row.suspended),
  }
}

/** Holds one list of each purpose: it is for tests, and those that fill a list use the durable store. */
export function memoryIssuerStore(): IssuerStore {
  const instances = memoryInstances<Issuer, Credentials>(noCredentials)
  const { store, known } = instances

  const named = ({ rows }: Credentials, name: string | undefined) =>
    name === undefined
      ? undefined
      : rows.find(({ draft }) => [draft.credentialId, draft.alias, draft.cid].includes(name))

  const list = ({ lists }: Credentials, id: string) =>
    id === listId('revocation')
      ? { purpose: 'revocation' as const, ...lists.revocation }
      : id === listId('suspension')
        ? { purpose: 'suspension' as const, ...lists.suspension }
        : undefined

  const reservation = (
    { rows }: Credentials,
    outcome: Outcome,
  ): Awaited<ReturnType<IssuerStore['reserve']>> => {
    if (typeof outcome !== 'string') return refuse({ reason: 'credential_invalid', ...outcome })
    if (outcome === RETIRED) return refuse({ reason: 'instance_retired' })
    const row = rows.find(({ draft: { cid } }) => cid === outcome)
    return row === undefined ? refuse({ reason: 'id_taken' }) : ok(stored(row))
  }

  return {
    ...store,
    ...memoryAccreditations((id) => known(id)),
    ...memorySchemas((id) => known(id)),
    ...memoryArchive(instances),
    ...memoryKeys((id) => known(id)),
    async reserve(id, draft, change) {
      const { rest, ledger, instance } = known(id)
      const applied = ledger.apply<Outcome>(change, () => {
        if (instance.retiredAt !== undefined) return { value: RETIRED }
        const taken = [draft.credentialId, draft.alias].some(
          (name) => named(rest, name) !== undefined,
        )
        if (taken) return { value: TAKEN }
        const allocations = draft.purposes.map((purpose) => {
          let index = cryptoRandom.below(STATUS_LIST_ENTRIES)
          while (rest.lists[purpose].taken.has(index))
            index = cryptoRandom.below(STATUS_LIST_ENTRIES)
          return { purpose, listId: listId(purpose), index }
        })
        const row = {
          sequence: rest.rows.length + 1,
          draft,
          reservedAt: change.at,
          allocations: allocations.toSorted((a, b) => (a.purpose < b.purpose ? -1 : 1)),
          token: undefined,
          signedBy: undefined,
          revoked: false,
          suspended: false,
        }
        for (const { purpose, index } of allocations) rest.lists[purpose].taken.set(index, row)
        rest.rows.push(row)
        const { credentialId, subject = null, types } = draft
        return {
          value: draft.cid,
          audit: { action: 'credential.reserve', detail: { credentialId, subject, types } },
        }
      })
      return applied.ok ? reservation(rest, applied.value.value) : applied
    },
    async refuseUnder(id, errors, change) {
      const applied = known(id).ledger.apply<Outcome>(change, () => ({ value: { errors } }))
      return applied.ok && !applied.value.replayed
    },
    async reserved(id, mark, at) {
      const { rest, ledger } = known(id)
      const before = ledger.appliedBefore<Outcome>(mark, at)
      return before?.ok ? reservation(rest, before.value.value) : before
    },
    async complete(id, cid, token, kid) {
      const { rest, instance } = known(id)
      const { keys } = instance
      if (!keys.some((key) => key.kid === kid && key.withdrawn === undefined))
        return refuse({ reason: 'key_withdrawn', keys })
      const row = rest.rows.find(({ draft }) => draft.cid === cid)
      if (row === undefined) throw new Error('a token was completed that was never reserved')
      if (row.token !== undefined) return ok(row.token)
      row.draft = { ...row.draft, credential: {} }
      row.token = token
      row.signedBy = kid
      return ok(token)
    },
    async pending(id, before, limit) {
      return known(id)
        .rest.rows.filter(({ token, reservedAt }) => token === undefined && reservedAt < before)
        .slice(0, limit)
        .map(stored)
    },
    async credential(id, cid) {
      const row = known(id).rest.rows.find(({ draft }) => draft.cid === cid)
      return row && stored(row)
    },
    async credentialNamed(id, name) {
      const row = named(known(id).rest, name)
      return row && stored(row)
    },
    async credentials(id, filter, page) {
      const rows = known(id).rest.rows.filter((row) => {
        const { subject, types } = row.draft
        return (
          row.token !== undefined &&
          (filter.subject ?? subject) === subject &&
          (filter.type === undefined || types.includes(filter.type)) &&
          (filter.status ?? credentialStatus(row)) === credentialStatus(row) &&
          (filter.key ?? row.signedBy) === row.signedBy
        )
      })
      const found = pageAfter(rows, page, ({ sequence }) => sequence)
      return { ...found, rows: found.rows.map(summary) }
    },
    async changeStatus(id, credentialId, wanted, change) {
      const { rest, ledger } = known(id)
      const row = named(rest, credentialId)
      if (row === undefined) return refuse({ reason: 'credential_not_found' })
      if (!row.allocations.some(({ purpose }) => purpose === wanted.purpose)) {
        return refuse({ reason: 'status_purpose_not_issued' })
      }
      const flag = wanted.purpose === 'revocation' ? 'revoked' : 'suspended'
      const applied = ledger.apply<CredentialStatus | 'revocation_final'>(change, () => {
        const transition = statusTransition(row[flag], wanted)
        if (transition === 'revocation_final') return { value: transition }
        if (transition === 'no_change') return { value: credentialStatus(row) }
        row[flag] = wanted.status
        for (const { purpose } of row.allocations) rest.lists[purpose].version++
        noteChange(rest, row, wanted, change)
        const { purpose, status, reason } = wanted
        const detail = {
          credentialId,
          purpose,
          status,
          ...(reason === undefined ? {} : { reason }),
        }
        return { value: credentialStatus(row), audit: { action: 'credential.status', detail } }
      })
      if (!applied.ok) return applied
      const { value, replayed } = applied.value
      return value === 'revocation_final'
        ? refuse({ reason: value })
        : ok({ status: value, replayed })
    },
    async beginBatch(id, change) {
      const applied = known(id).ledger.apply(change, () => ({ value: null }))
      return applied.ok ? ok(null) : applied
    },
    async previewStatuses(id, selection, wanted) {
      const preview = previewBatch(known(id).rest.rows, selection, wanted)
      return 'tooMany' in preview
        ? refuse({ reason: 'too_many_matched', matched: preview.tooMany })
        : ok(preview)
    },
    async changeStatuses(id, selection, wanted, change) {
      const { rest, ledger } = known(id)
      const applied = ledger.apply(change, () =>
        changeBatch(rest.rows, selection, wanted, (row) => {
          for (const { purpose } of row.allocations) rest.lists[purpose].version++
          noteChange(rest, row, wanted, change)
        }),
      )
      if (!applied.ok) return applied
      const { value, replayed } = applied.value
      return 'tooMany' in value
        ? refuse({ reason: 'too_many_matched', matched: value.tooMany })
        : ok({ report: value, replayed })
    },
    async statusLists(id) {
      const { lists } = known(id).rest
      return STATUS_PURPOSES.filter((purpose) => lists[purpose].taken.size > 0).map(listId)
    },
    async statusListHead(id, name) {
      const { rest, instance } = known(id)
      const found = list(rest, name)
      if (found === undefined || found.taken.size === 0) return undefined
      const { purpose, version } = found
      return { purpose, version, length: STATUS_LIST_ENTRIES, keys: instance.keys }
    },
    async statusList(id, name, at) {
      const { rest, instance } = known(id)
      const found = list(rest, name)
      const rows = [...(found?.taken ?? [])]
      const wasOpen = rows.some(([, { reservedAt }]) => at === undefined || reservedAt <= at)
      if (found === undefined || !wasOpen) return undefined
      const entries = rows
        .map(([index, row]) => ({ index, ...(at === undefined ? row : pastStatus(rest, row, at)) }))
        .filter(({ revoked, suspended }) => revoked || suspended)
        .map(({ index, revoked, suspended }) => ({ index, revoked, suspended }))
      return {
        purpose: found.purpose,
        length: STATUS_LIST_ENTRIES,
        version: found.version,
        entries,
        keys: instance.keys,
      }
    },
    lastStatusChange: async (id) => known(id).rest.changes.at(-1)?.sequence ?? 0,
    async statusChangesSince(id, since, limit) {
      const { rows, changes } = known(id).rest
      const changed = changes.flatMap(({ sequence, credential, purpose }) => {
        const row = rows.find((one) => one.sequence === credential)
        const entry = row?.allocations.find((one) => one.purpose === purpose)
        if (sequence <= since || entry === undefined) return []
        return [{ listId: entry.listId, index: entry.index, sequence }]
      })
      return changed.slice(0, limit)
    },
    async statusAt(id, name, index) {
      const found = list(known(id).rest, name)
      const row = found?.taken.get(index)
      if (row === undefined || found === undefined) return undefined
      return {
        purpose: found.purpose,
        set: found.purpose === 'revocation' ? row.revoked : row.suspended,
      }
    },
  }
}
