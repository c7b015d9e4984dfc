import {
  auditInput,
  GENESIS,
  type AuditEntry,
  type AuditRecord,
} from '../../domain/audit/audit-record.ts'
import { IDEMPOTENCY_SECONDS } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import type { Applied, Change, IdempotencyMark } from '../../ports/change.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { sha256Text } from '../system/sha256.ts'

/** Audit chain and idempotency marks in memory, under the contract of `Applied`. */
export function memoryLedger() {
  const audit: AuditRecord[] = []
  const marks = new Map<string, { request: string; outcome: unknown; expiresAt: number }>()

  /** What a change under this mark came to; undefined where there was none, or it is forgotten. */
  const appliedBefore = <Value>(
    mark: IdempotencyMark,
    at: EpochSeconds,
  ): Applied<Value> | undefined => {
    const known = marks.get(mark.key)
    if (known === undefined || known.expiresAt <= at) return undefined
    if (known.request !== mark.request) return refuse({ reason: 'idempotency_key_reused' })
    return ok({ value: structuredClone(known.outcome) as Value, replayed: true })
  }

  return {
    appliedBefore,
    apply<Value>(
      change: Change,
      run: () => { value: Value; audit?: AuditEntry | readonly AuditEntry[] },
    ): Applied<Value> {
      const { mark, at } = change
      const known = mark && appliedBefore<Value>(mark, at)
      if (known !== undefined) return known
      const { value, audit: entries = [] } = run()
      for (const entry of [entries].flat()) {
        const last = audit.at(-1)
        const link = {
          ...entry,
          sequence: (last?.sequence ?? 0) + 1,
          at,
          actor: change.actor,
          previous: last?.hash ?? GENESIS,
        }
        audit.push({ ...link, hash: sha256Text(auditInput(link)) })
      }
      if (mark !== undefined) {
        const outcome = structuredClone(value)
        marks.set(mark.key, { request: mark.request, outcome, expiresAt: at + IDEMPOTENCY_SECONDS })
      }
      return ok({ value, replayed: false })
    },
    /** Continues a chain that was begun elsewhere. */
    restore: (records: readonly AuditRecord[]): void => {
      audit.push(...records)
    },
    audit: (page: PageRequest): Page<AuditRecord> =>
      pageAfter(audit, page, ({ sequence }) => sequence),
  }
}

/** Rows whose ascending `keyOf` lies behind the cursor. */
export function pageAfter<Row>(
  rows: readonly Row[],
  { cursor, limit }: PageRequest,
  keyOf: (row: Row) => number,
): Page<Row> {
  const after = rows.filter((row) => keyOf(row) > Number(cursor ?? 0))
  const kept = after.slice(0, limit)
  const last = kept.at(-1)
  return after.length > limit && last !== undefined
    ? { rows: kept, cursor: String(keyOf(last)) }
    : { rows: kept }
}
