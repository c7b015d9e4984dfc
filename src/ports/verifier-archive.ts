import type {
  VerifierArchiveKind,
  VerifierArchiveRow,
} from '../domain/archive/verifier-archive-row.ts'
import type { InstanceId, Verifier } from '../domain/instance/instance.ts'
import type { InstanceImports } from './instance-imports.ts'
import type { Page, PageRequest } from './page.ts'

/** Counts of what an import has brought in. */
export interface VerifierCounts {
  readonly policies: number
  readonly clients: number
  readonly decisions: number
  readonly auditRecords: number
}

/** Moves all that a verifier owns out of one store and into another. */
export interface VerifierArchive extends InstanceImports<
  Verifier,
  VerifierArchiveRow,
  VerifierCounts
> {
  /** Rows of one kind as they are now, in a stable order; large rows make short pages. */
  exportPage(
    id: InstanceId,
    kind: VerifierArchiveKind,
    page: PageRequest,
  ): Promise<Page<VerifierArchiveRow>>
}
