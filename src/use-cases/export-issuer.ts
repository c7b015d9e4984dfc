import { ARCHIVE_KINDS } from '../domain/archive/archive-row.ts'
import { ARCHIVE_FORMAT } from '../domain/archive/read-archive-line.ts'
import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { listedKeys } from '../domain/instance/key-schedule.ts'
import { MAX_PAGE_ROWS } from '../domain/limits.ts'
import type { Ports } from '../ports/index.ts'

type Needs = Pick<Ports, 'clock' | 'digest' | 'issuers' | 'signer'>

/**
 * Everything an issuer owns as NDJSON, page by page: a header, each row on a line, and an end with the
 * number of lines before it and the base64url SHA-256 of their text. It is the state at the first page;
 * what changes meanwhile is left out. No token hash, no mark and no private key is in it. An export
 * that breaks off has no end line, and no import takes it.
 */
export async function* exportIssuer(
  { clock, digest, issuers, signer }: Needs,
  issuer: Issuer,
): AsyncGenerator<Uint8Array, void> {
  const running = digest.running()
  let lines = 0
  const written = (rows: readonly object[]): Uint8Array => {
    const bytes = utf8(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    running.add(bytes)
    lines += rows.length
    return bytes
  }
  const bounds = await issuers.exportBounds(issuer.id)
  const at = clock.now()
  const holdings = await issuers.keyHoldings(issuer.id)
  const listed = listedKeys(holdings, at)
  const publicKeys = Object.fromEntries(
    signer.keys
      .filter(({ kid }) => listed.some((key) => key.kid === kid))
      .map(({ kid, publicKeyJwk }) => [kid, publicKeyJwk]),
  )
  const exported = { ...issuer, keys: holdings.keys }
  yield written([{ kind: 'header', format: ARCHIVE_FORMAT, issuer: exported, publicKeys, at }])
  for (const kind of ARCHIVE_KINDS) {
    let cursor: string | undefined
    do {
      const page = await issuers.exportPage(issuer.id, kind, bounds, {
        cursor,
        limit: MAX_PAGE_ROWS,
      })
      if (page.rows.length > 0) yield written(page.rows)
      cursor = page.cursor
    } while (cursor !== undefined)
  }
  yield utf8(
    `${JSON.stringify({ kind: 'end', lines, sha256: encodeBase64url(running.soFar()) })}\n`,
  )
}
