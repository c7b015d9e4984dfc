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
import type { Effect } from './ledger.ts'
import { setStatus } from './status-rows.ts'

/** What became of a change of many, as its mark keeps it: names are read from the rows again. */
export type BatchOutcome =
  | { readonly tooMany: number }
  | {
      readonly hits: readonly (readonly [
        sequence: number,
        outcome: StatusOutcome,
        status: CredentialStatus,
      ])[]
      readonly unknown: readonly number[]
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
): StatusReport {
  const hits = selectedRows(sql, selection, wanted).map((row) => {
    const state = stateOf(row)
    const outcome = statusOutcome(state, wanted)
    const status = credentialStatus(state)
    return { cid: row.cid, credentialId: row.credential_id, status, outcome }
  })
  return {
    counts: countOutcomes(sql, selection, wanted),
    hits,
    unknown: unknownNames(sql, selection),
  }
}

/** Changes the selected. Call it only inside a transaction. */
export function changeBatch(
  sql: SqlStorage,
  selection: StatusSelection,
  wanted: StatusChange,
  change: Change,
): Effect<BatchOutcome> {
  const counts = countOutcomes(sql, selection, wanted)
  const matched = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (matched > MAX_BATCH_ITEMS) return { value: { tooMany: matched } }
  const audit: AuditEntry[] = []
  const hits = selectedRows(sql, selection, wanted).map((row) => {
    const state = stateOf(row)
    const outcome = statusOutcome(state, wanted)
    if (outcome === 'change')
      audit.push(...[setStatus(sql, row, wanted, change).audit ?? []].flat())
    return [row.sequence, outcome, statusAfter(state, wanted, outcome)] as const
  })
  return { value: { hits, unknown: unknownNames(sql, selection) }, audit }
}

/** The report of a change that was made, now or under the same mark before. */
export function batchReport(
  sql: SqlStorage,
  { hits, unknown }: Exclude<BatchOutcome, { readonly tooMany: number }>,
): StatusReport {
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
  { names, subject, type }: StatusSelection,
  { purpose }: StatusChange,
): { readonly query: string; readonly bindings: readonly string[] } {
  const conditions = [
    {
      text: `c.sequence IN (SELECT n.sequence FROM json_each(?) AS j
               JOIN credential n ON n.credential_id = j.value OR n.alias = j.value OR n.cid = j.value)`,
      binding: names === undefined ? undefined : JSON.stringify(names),
    },
    { text: 'c.subject = ?', binding: subject },
    { text: 'EXISTS (SELECT 1 FROM json_each(c.types) AS t WHERE t.value = ?)', binding: type },
  ].flatMap(({ text, binding }) => (binding === undefined ? [] : [{ text, binding }]))
  return {
    query: `SELECT c.sequence, c.cid, c.credential_id, c.revoked, c.suspended,
              EXISTS (SELECT 1 FROM status_entry e WHERE e.credential = c.sequence AND e.purpose = ?) AS issued
            FROM credential c WHERE ${conditions.map(({ text }) => text).join(' AND ') || 'FALSE'}`,
    bindings: [purpose, ...conditions.map(({ binding }) => binding)],
  }
}

function selectedRows(
  sql: SqlStorage,
  selection: StatusSelection,
  wanted: StatusChange,
): readonly HitRow[] {
  const { query, bindings } = selected(selection, wanted)
  return sql
    .exec<HitRow>(`${query} ORDER BY c.sequence LIMIT ?`, ...bindings, MAX_BATCH_ITEMS)
    .toArray()
}

function countOutcomes(
  sql: SqlStorage,
  selection: StatusSelection,
  wanted: StatusChange,
): StatusReport['counts'] {
  const { query, bindings } = selected(selection, wanted)
  const counts = noOutcomes()
  for (const row of sql.exec<State & { readonly count: number }>(
    `SELECT revoked, suspended, issued, count(*) AS count FROM (${query}) GROUP BY 1, 2, 3`,
    ...bindings,
  )) {
    counts[statusOutcome(stateOf(row), wanted)] += row.count
  }
  return counts
}

const unknownNames = (sql: SqlStorage, { names = [] }: StatusSelection): readonly number[] =>
  sql
    .exec<{ position: number }>(
      `SELECT j.key AS position FROM json_each(?) AS j WHERE NOT EXISTS (
         SELECT 1 FROM credential WHERE credential_id = j.value OR alias = j.value OR cid = j.value)
       ORDER BY j.key`,
      JSON.stringify(names),
    )
    .toArray()
    .map(({ position }) => position)
