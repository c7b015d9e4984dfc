import { DEFAULT_PAGE_ROWS, MAX_INSTANCE_PAGE_ROWS, MAX_PAGE_ROWS } from '../../domain/limits.ts'
import type { Fault } from '../../domain/fault.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import type { PageRequest } from '../../ports/page.ts'

/** A cursor that counts rows, and one that is the id of an instance, of which each row asks its own store. */
const CURSORS = {
  number: { pattern: /^\d{1,15}$/, most: MAX_PAGE_ROWS },
  instanceId: { pattern: /^[A-Za-z0-9_-]{1,64}$/, most: MAX_INSTANCE_PAGE_ROWS },
} as const
export type CursorKind = keyof typeof CURSORS

/** `?cursor=&limit=` of a listing; the cursor is what the page before gave. */
export function readPage(
  query: Readonly<Record<string, string>>,
  cursors: CursorKind,
): Result<PageRequest, readonly Fault[]> {
  const { cursor, limit = String(DEFAULT_PAGE_ROWS) } = query
  const { pattern, most } = CURSORS[cursors]
  const faults: Fault[] = []
  if (cursor !== undefined && !pattern.test(cursor)) {
    faults.push({ pointer: '/cursor', detail: 'must be the cursor of the page before' })
  }
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > most) {
    faults.push({
      pointer: '/limit',
      detail: `must be a number from 1 to ${String(most)}`,
    })
  }
  return faults.length === 0 ? ok({ cursor, limit: Number(limit) }) : refuse(faults)
}
