import {
  readVerifierHeader,
  readVerifierRow,
  type ExportedVerifier,
} from '../domain/archive/read-verifier-line.ts'
import {
  VERIFIER_ARCHIVE_KINDS,
  type VerifierArchiveRow,
} from '../domain/archive/verifier-archive-row.ts'
import { encodeBase64url } from '../domain/base64url.ts'
import { ok, type Result } from '../domain/result.ts'
import type { Ports } from '../ports/index.ts'
import type { VerifierCounts } from '../ports/verifier-archive.ts'
import { SECRET_BYTES } from './create-instance.ts'
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
  | 'publicUrl'
  | 'random'
  | 'signatureVerifier'
  | 'signer'
  | 'verifiers'
>

export interface ImportedVerifier
  extends
    Omit<Imported<VerifierCounts>, 'counts'>,
    Pick<VerifierCounts, 'policies' | 'clients' | 'decisions'> {}

/**
 * Takes a verifier over from its export: policies, clients, holds, decisions, the feed with its cursors
 * and the audit chain as they were; see `importArchive`. Challenges of its former home count no more.
 */
export async function importVerifier(
  needs: Needs,
  lines: AsyncIterable<Line>,
  changeOf: ImportChange,
): Promise<Result<ImportedVerifier, ImportRefusal>> {
  const { verifiers, random } = needs
  const room: ImportRoom<ExportedVerifier, VerifierArchiveRow, VerifierCounts> = {
    kind: 'verifier',
    kinds: VERIFIER_ARCHIVE_KINDS,
    store: {
      beginImport: (id, importId) => verifiers.beginImport(id, importId),
      importRows: (id, importId, rows) => verifiers.importRows(id, importId, rows),
      finishImport: (exported, ...rest) => {
        const challengeSecret = encodeBase64url(random.bytes(SECRET_BYTES))
        return verifiers.finishImport({ ...exported, challengeSecret }, ...rest)
      },
      abandonImport: (id, importId) => verifiers.abandonImport(id, importId),
    },
    readHeader: readVerifierHeader,
    readRow: readVerifierRow,
    rowFault: (row, _, hashOf) =>
      row.kind === 'decision' && hashOf(row.decision.evidence) !== row.decision.digest
        ? 'the evidence is not what its digest says'
        : undefined,
  }
  const imported = await importArchive(needs, room, lines, changeOf)
  if (!imported.ok) return imported
  const { counts, audit, ...rest } = imported.value
  const { policies, clients, decisions } = counts
  return ok({ ...rest, policies, clients, decisions, audit })
}
