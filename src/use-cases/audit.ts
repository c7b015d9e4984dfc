import { firstBrokenLink, GENESIS, type AuditRecord } from '../domain/audit/audit-record.ts'
import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import { MAX_PAGE_ROWS } from '../domain/limits.ts'
import { dateTimeStamp } from '../domain/time.ts'
import type { Ports } from '../ports/index.ts'
import type { Page, PageRequest } from '../ports/page.ts'

export type AuditVerification =
  | { readonly intact: true; readonly records: number; readonly head: string }
  | { readonly intact: false; readonly brokenAt: number }

/**
 * Walks an audit chain from its first record and names the first link that does not hold (row H17).
 * `head` is the hash of the last record: whoever keeps it can later prove that nothing was rewritten.
 */
export async function verifyAudit(
  { digest }: Pick<Ports, 'digest'>,
  read: (page: PageRequest) => Promise<Page<AuditRecord>>,
): Promise<AuditVerification> {
  const hashOf = (text: string) => encodeBase64url(digest.sha256(utf8(text)))
  let [records, head] = [0, GENESIS]
  let cursor: string | undefined
  do {
    const page = await read({ cursor, limit: MAX_PAGE_ROWS })
    const broken = firstBrokenLink(page.rows, { sequence: records, hash: head }, hashOf)
    if (broken !== undefined) return { intact: false, brokenAt: broken }
    records += page.rows.length
    head = page.rows.at(-1)?.hash ?? head
    cursor = page.cursor
  } while (cursor !== undefined)
  return { intact: true, records, head }
}

/** A record as its owner sees it. */
export const auditView = ({ at, ...record }: AuditRecord) => ({
  ...record,
  at: dateTimeStamp(at),
  epoch: at,
})
