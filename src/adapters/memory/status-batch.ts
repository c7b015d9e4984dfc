import type { AuditEntry } from '../../domain/audit/audit-record.ts'
import { MAX_BATCH_ITEMS } from '../../domain/limits.ts'
import { credentialStatus, type StatusChange } from '../../domain/status-list/status.ts'
import {
  noOutcomes,
  statusAfter,
  statusOutcome,
  type StatusState,
} from '../../domain/status-list/status-outcome.ts'
import type { StoredCredential } from '../../ports/issuer-store.ts'
import type { StatusReport, StatusSelection } from '../../ports/status-batch.ts'

/** What a change of many needs of a row. */
export interface BatchRow {
  readonly sequence: number
  readonly draft: Pick<StoredCredential, 'cid' | 'credentialId' | 'alias' | 'subject' | 'types'>
  readonly allocations: StoredCredential['allocations']
  revoked: boolean
  suspended: boolean
}

interface TooMany {
  readonly tooMany: number
}

/** What a change of the selected would do. */
export function previewBatch(
  rows: readonly BatchRow[],
  selection: StatusSelection,
  wanted: StatusChange,
): StatusReport | TooMany {
  const page = pageOf(rows, selection)
  if ('tooMany' in page) return page
  const counts = noOutcomes()
  const hits = page.found.map((row) => {
    const { cid, credentialId } = row.draft
    const outcome = statusOutcome(stateOf(row, wanted), wanted)
    counts[outcome]++
    return { cid, credentialId, status: credentialStatus(row), outcome }
  })
  return { counts, hits, unknown: unknownNames(rows, selection), next: page.next }
}

/** Changes the selected, and says what is to be written down. */
export function changeBatch<Row extends BatchRow>(
  rows: readonly Row[],
  selection: StatusSelection,
  wanted: StatusChange,
  changed: (row: Row) => void,
): {
  readonly value: StatusReport | TooMany
  readonly audit: readonly AuditEntry[]
} {
  const page = pageOf(rows, selection)
  const preview = previewBatch(rows, selection, wanted)
  if ('tooMany' in page || 'tooMany' in preview) return { value: preview, audit: [] }
  const audit: AuditEntry[] = []
  const { purpose, status, reason } = wanted
  const hits = page.found.map((row) => {
    const { cid, credentialId } = row.draft
    const state = stateOf(row, wanted)
    const outcome = statusOutcome(state, wanted)
    if (outcome === 'change') {
      row[purpose === 'revocation' ? 'revoked' : 'suspended'] = status
      changed(row)
      const detail = { credentialId, purpose, status, ...(reason === undefined ? {} : { reason }) }
      audit.push({ action: 'credential.status', detail })
    }
    return { cid, credentialId, status: statusAfter(state, wanted, outcome), outcome }
  })
  return { value: { ...preview, hits }, audit }
}

const stateOf = (
  { revoked, suspended, allocations }: BatchRow,
  { purpose }: StatusChange,
): StatusState => ({
  revoked,
  suspended,
  issued: allocations.some((allocation) => allocation.purpose === purpose),
})

const isNamed = ({ draft }: BatchRow, name: string): boolean =>
  [draft.credentialId, draft.alias, draft.cid].includes(name)

/** All that are selected, or a page of them. */
function pageOf<Row extends BatchRow>(
  rows: readonly Row[],
  selection: StatusSelection,
): { readonly found: readonly Row[]; readonly next: number | undefined } | TooMany {
  const { after } = selection
  const all = selected(rows, selection).filter(({ sequence }) => sequence > (after ?? 0))
  if (all.length <= MAX_BATCH_ITEMS) return { found: all, next: undefined }
  if (after === undefined) return { tooMany: all.length }
  const found = all.slice(0, MAX_BATCH_ITEMS)
  return { found, next: found.at(-1)?.sequence }
}

function selected<Row extends BatchRow>(
  rows: readonly Row[],
  { names, subject, type }: StatusSelection,
): readonly Row[] {
  if (names === undefined && subject === undefined && type === undefined) return []
  return rows.filter(
    (row) =>
      (names === undefined || names.some((name) => isNamed(row, name))) &&
      (subject === undefined || row.draft.subject === subject) &&
      (type === undefined || row.draft.types.includes(type)),
  )
}

const unknownNames = (
  rows: readonly BatchRow[],
  { names = [] }: StatusSelection,
): readonly number[] =>
  names.flatMap((name, position) => (rows.some((row) => isNamed(row, name)) ? [] : [position]))
