import type { JsonObject } from '../json/strict-json.ts'
import type { EpochSeconds } from '../time.ts'

/** What a change writes down about itself: the verb and what it was done to. Never a token or a credential (H18). */
export interface AuditEntry {
  readonly action: string
  readonly detail: JsonObject
}

/** One link of an instance's audit chain. */
export interface AuditRecord extends AuditEntry {
  /** Counts from 1 without gaps. */
  readonly sequence: number
  readonly at: EpochSeconds
  /** Which token acted: `admin` or the instance's own. */
  readonly actor: string
  /** base64url SHA-256 of the record before; `GENESIS` for the first. */
  readonly previous: string
  /** base64url SHA-256 over `auditInput`. */
  readonly hash: string
}

/** Stands where the first record has no predecessor. */
export const GENESIS = ''

/** The text whose SHA-256 links a record to the one before (row H17). */
export const auditInput = (record: Omit<AuditRecord, 'hash'>): string =>
  JSON.stringify([
    record.sequence,
    record.at,
    record.actor,
    record.action,
    record.detail,
    record.previous,
  ])

/**
 * Walks records in their order, from the link `before` them (0 and `GENESIS` at the start), and names the first that does not continue the chain: a gap in the
 * sequence, a wrong predecessor, or content that does not hash to its `hash`. `undefined`: unbroken.
 */
export function firstBrokenLink(
  records: Iterable<AuditRecord>,
  before: { readonly sequence: number; readonly hash: string },
  hashOf: (text: string) => string,
): number | undefined {
  let { sequence, hash: previous } = before
  for (const record of records) {
    sequence++
    if (record.sequence !== sequence || record.previous !== previous) return sequence
    if (hashOf(auditInput(record)) !== record.hash) return sequence
    previous = record.hash
  }
  return undefined
}
