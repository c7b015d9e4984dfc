import { MAX_BATCH_ITEMS } from '../../domain/limits.ts'
import type { AuditEntry } from '../../domain/audit/audit-record.ts'
import {
  credentialStatus,
  type CredentialStatus,
  type StatusChange,
} from '../../domain/status-list/status.ts'
import {
  noOutcomes,
  statusAfter,
  statusOutcome,
  type StatusOutcome,
} from '../../domain/status-list/status-outcome.ts'
import type { Change } from '../../ports/change.ts'
import type { StatusReport, StatusSelection } from '../../ports/status-batch.ts'
import { isNamed } from './credential-names.ts'
import type { Effect } from './ledger.ts'
import { setStatus } from './status-rows.ts'

/** What became of a change of many, as its mark keeps it: names are read from the rows again. */
export type BatchOutcome = TooMany | BatchHits
interface TooMany {
  readonly tooMany: number
}
interface BatchHits {
  readonly hits: readonly (readonly [
    sequence: number,
    outcome: StatusOutcome,
    status: CredentialStatus,
  ])[]
  readonly unknown: readonly number[]
  readonly next?: number | undefined
}

type State = { readonly revoked: number; readonly suspended: number; readonly issued: number }
type HitRow = State & {
  readonly sequence: number
  readonly cid: string
  readonly credential_id: string
}

/** What a change of the selected would do. */
export function previewBatch(
  sql: SqlStorage,
  selection: StatusSelection,
  wanted: StatusChange,
): StatusReport | TooMany {
  const page = selectedPage(sql, selection, wanted)
  if ('tooMany' in page) return page
  const counts = noOutcomes()
  const hits = page.rows.map((row) => {
    const state = stateOf(row)
    const outcome = statusOutcome(state, wanted)
    const status = credentialStatus(state)
    counts[outcome]++
    return { cid: row.cid, credentialId: row.credential_id, status, outcome }
  })
  return { counts, hits, unknown: unknownNames(sql, selection), next: page.next }
}

/** Changes the selected. Call it only inside a transaction. */
export function changeBatch(
  sql: SqlStorage,
  selection: StatusSelection,
  wanted: StatusChange,
  change: Change,
): Effect<BatchOutcome> {
  const page = selectedPage(sql, selection, wanted)
  if ('tooMany' in page) return { value: page }
  const audit: AuditEntry[] = []
  const hits = page.rows.map((row) => {
    const state = stateOf(row)
    const outcome = statusOutcome(state, wanted)
    if (outcome === 'change')
      audit.push(...[setStatus(sql, row, wanted, change).audit ?? []].flat())
    return [row.sequence, outcome, statusAfter(state, wanted, outcome)] as const
  })
  const unknown = unknownNames(sql, selection)
  return { value: { hits, unknown, next: page.next }, audit }
}

/** The report of a change that was made, now or under the same mark before. */
export function batchReport(sql: SqlStorage, { hits, unknown, next }: BatchHits): StatusReport {
  const names = new Map(
    sql
      .exec<Pick<HitRow, 'sequence' | 'cid' | 'credential_id'>>(
        `SELECT sequence, cid, credential_id FROM credential
         WHERE sequence IN (SELECT value FROM json_each(?))`,
        JSON.stringify(hits.map(([sequence]) => sequence)),
      )
      .toArray()
      .map(({ sequence, cid, credential_id }) => [sequence, { cid, credentialId: credential_id }]),
  )
  const counts = noOutcomes()
  for (const [, outcome] of hits) counts[outcome]++
  return {
    counts,
    hits: hits.map(([sequence, outcome, status]) => {
      const name = names.get(sequence)
      if (name === undefined) throw new Error('a credential of a remembered change is gone')
      return { ...name, status, outcome }
    }),
    unknown,
    next,
  }
}

const stateOf = ({ revoked, suspended, issued }: State) => ({
  revoked: revoked === 1,
  suspended: suspended === 1,
  issued: issued === 1,
})

/**
 * The query for the selected and its bindings. Only what is given becomes a condition, so that names
 * and subjects are found by their indexes, in an issuer of any size; without one, nothing is selected.
 */
function selected(
  { names, subject, type, after }: StatusSelection,
  { purpose }: StatusChange,
): { readonly query: string; readonly bindings: readonly (string | number)[] } {
  const conditions = [
    {
      text: `c.sequence IN (SELECT n.sequence FROM json_each(?) AS j
               JOIN credential n ON ${isNamed('n', 'j.value')})`,
      binding: names === undefined ? undefined : JSON.stringify(names),
    },
    { text: 'c.subject = ?', binding: subject },
    { text: 'EXISTS (SELECT 1 FROM json_each(c.types) AS t WHERE t.value = ?)', binding: type },
  ].flatMap(({ text, binding }) => (binding === undefined ? [] : [{ text, binding }]))
  return {
    query: `SELECT c.sequence, c.cid, c.credential_id, c.revoked, c.suspended,
              EXISTS (SELECT 1 FROM status_entry e WHERE e.credential = c.sequence AND e.purpose = ?) AS issued
            FROM credential c WHERE ${conditions.map(({ text }) => text).join(' AND ') || 'FALSE'}
              AND c.sequence > ?`,
    bindings: [purpose, ...conditions.map(({ binding }) => binding), after ?? 0],
  }
}

/** All that are selected, or a page of them, in the order of issue. */
function selectedPage(
  sql: SqlStorage,
  selection: StatusSelection,
  wanted: StatusChange,
): { readonly rows: readonly HitRow[]; readonly next: number | undefined } | TooMany {
  const { query, bindings } = selected(selection, wanted)
  const rows = sql
    .exec<HitRow>(`${query} ORDER BY c.sequence LIMIT ?`, ...bindings, MAX_BATCH_ITEMS + 1)
    .toArray()
  if (rows.length <= MAX_BATCH_ITEMS) return { rows, next: undefined }
  if (selection.after === undefined) {
    const counted = sql.exec<{ tooMany: number }>(
      `SELECT count(*) AS tooMany FROM (${query})`,
      ...bindings,
    )
    return counted.one()
  }
  const page = rows.slice(0, MAX_BATCH_ITEMS)
  return { rows: page, next: page.at(-1)?.sequence }
}

const unknownNames = (sql: SqlStorage, { names = [] }: StatusSelection): readonly number[] =>
  sql
    .exec<{ position: number }>(
      `SELECT j.key AS position FROM json_each(?) AS j WHERE NOT EXISTS (
         SELECT 1 FROM credential c WHERE ${isNamed('c', 'j.value')})
       ORDER BY j.key`,
      JSON.stringify(names),
    )
    .toArray()
    .map(({ position }) => position)
