import { ARCHIVE_KINDS, type ArchiveRow } from '../domain/archive/archive-row.ts'
import { readHeader, readRow } from '../domain/archive/read-archive-line.ts'
import { schemaUrl } from '../domain/credential/schema-entry.ts'
import { isReservedType, isTypeName, schemaFaults } from '../domain/credential/schema-rules.ts'
import type { InstanceId, Issuer } from '../domain/instance/instance.ts'
import { isJsonObject, parseStrictJsonText } from '../domain/json/strict-json.ts'
import { ok, type Result } from '../domain/result.ts'
import type { Ports } from '../ports/index.ts'
import type { ImportedCounts } from '../ports/issuer-archive.ts'
import {
  importArchive,
  type ImportChange,
  type Imported,
  type ImportRefusal,
  type ImportRoom,
  type Line,
} from './import-archive.ts'

type Needs = Pick<
  Ports,
  | 'digest'
  | 'directory'
  | 'events'
  | 'issuers'
  | 'publicUrl'
  | 'random'
  | 'signatureVerifier'
  | 'signer'
>

export interface ImportedIssuer
  extends
    Omit<Imported<ImportedCounts>, 'counts'>,
    Pick<ImportedCounts, 'credentials' | 'statusLists'> {}

/**
 * Takes an issuer over from its export: ids, indexes, statuses and audit chain as they were; see
 * `importArchive`. That tokens and drafts belong together is not checked: who has the admin token could
 * issue them anyway.
 */
export async function importIssuer(
  needs: Needs,
  lines: AsyncIterable<Line>,
  changeOf: ImportChange,
): Promise<Result<ImportedIssuer, ImportRefusal>> {
  const room: ImportRoom<Issuer, ArchiveRow, ImportedCounts> = {
    kind: 'issuer',
    kinds: ARCHIVE_KINDS,
    store: needs.issuers,
    readHeader,
    readRow,
    rowFault: (row, { id }, hashOf) =>
      row.kind === 'schema' && !isSound(needs, id, row, hashOf)
        ? 'the schema is none that could be registered'
        : undefined,
  }
  const imported = await importArchive(needs, room, lines, changeOf)
  if (!imported.ok) return imported
  const { counts, audit, ...rest } = imported.value
  const { credentials, statusLists } = counts
  return ok({ ...rest, credentials, statusLists, audit })
}

/** True for a schema as it would be registered here, but for an `$id`, which names its former home. */
function isSound(
  { publicUrl }: Needs,
  id: InstanceId,
  { type, text, digest }: Extract<ArchiveRow, { kind: 'schema' }>,
  hashOf: (text: string) => string,
): boolean {
  const schema = parseStrictJsonText(text)
  if (!schema.ok || !isJsonObject(schema.value)) return false
  const { $id } = schema.value
  const home = typeof $id === 'string' && URL.canParse($id) ? $id : schemaUrl(publicUrl, id, type)
  return (
    isTypeName(type) &&
    !isReservedType(type) &&
    hashOf(text) === digest &&
    schemaFaults(schema.value, home).length === 0
  )
}
