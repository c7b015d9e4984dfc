import { archiveKey, ARCHIVE_TYP, sealClaimsOf } from '../domain/archive/archive-seal.ts'
import { ARCHIVE_FORMAT } from '../domain/archive/read-archive-line.ts'
import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import type { InstanceKey, InstanceKind, Issuer } from '../domain/instance/instance.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { MAX_PAGE_ROWS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Ports } from '../ports/index.ts'
import type { Page, PageRequest } from '../ports/page.ts'

type Needs = Pick<Ports, 'digest' | 'signer'>

/** What an export writes: one header, and the rows of each kind in their order. */
export interface ArchiveContent<Kind extends string> {
  readonly kind: InstanceKind
  readonly instance: Pick<Issuer, 'id' | 'did' | 'keys'>
  readonly publicKeys: JsonObject
  readonly at: EpochSeconds
  readonly kinds: readonly Kind[]
  readonly page: (kind: Kind, page: PageRequest) => Promise<Page<object>>
}

/**
 * An instance as NDJSON, page by page: a header, each row on a line, and an end with the number of lines
 * before it, the base64url SHA-256 of their text, and a signature of the instance over both. An export
 * that breaks off has no end line, and no import takes it. Refused where nothing can be signed.
 */
export function exportArchive<Kind extends string>(
  needs: Needs,
  content: ArchiveContent<Kind>,
): Result<AsyncGenerator<Uint8Array, void>, { readonly reason: 'signing_key_missing' }> {
  const { instance, at } = content
  const kid = archiveKey(instance.keys, needs.signer.keys, at)
  return kid === undefined
    ? refuse({ reason: 'signing_key_missing' })
    : ok(written(needs, content, kid))
}

async function* written<Kind extends string>(
  { digest, signer }: Needs,
  { kind: of, instance, publicKeys, at, kinds, page }: ArchiveContent<Kind>,
  kid: string,
): AsyncGenerator<Uint8Array, void> {
  const running = digest.running()
  let lines = 0
  const text = (rows: readonly object[]): Uint8Array => {
    const bytes = utf8(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    running.add(bytes)
    lines += rows.length
    return bytes
  }
  yield text([{ kind: 'header', format: ARCHIVE_FORMAT, [of]: instance, publicKeys, at }])
  for (const kind of kinds) {
    let cursor: string | undefined
    do {
      const found = await page(kind, { cursor, limit: MAX_PAGE_ROWS })
      if (found.rows.length > 0) yield text(found.rows)
      cursor = found.cursor
    } while (cursor !== undefined)
  }
  const sha256 = encodeBase64url(running.soFar())
  const claims = sealClaimsOf({ kind: of, instance, at, lines, sha256 })
  const seal = await signer.sign(kid, { typ: ARCHIVE_TYP, kid }, claims)
  yield utf8(`${JSON.stringify({ kind: 'end', lines, sha256, seal })}\n`)
}

/** Public halves of those keys that the operator has, by `kid`. */
export const publicKeysOf = (
  { signer }: Pick<Ports, 'signer'>,
  keys: readonly InstanceKey[],
): JsonObject =>
  Object.fromEntries(
    signer.keys
      .filter(({ kid }) => keys.some((key) => key.kid === kid))
      .map(({ kid, publicKeyJwk }) => [kid, { ...publicKeyJwk }]),
  )
