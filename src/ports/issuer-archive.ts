import type { ArchiveKind, ArchiveRow } from '../domain/archive/archive-row.ts'
import type { InstanceId, Issuer } from '../domain/instance/instance.ts'
import type { InstanceImports } from './instance-imports.ts'
import type { Page, PageRequest } from './page.ts'

/** The last row of each kind when an export began: what comes later is no part of it. */
export interface ArchiveBounds {
  readonly credential: number
  readonly statusChange: number
  readonly schema: number
  readonly audit: number
}

/** Counts of what an import has brought in. */
export interface ImportedCounts {
  readonly credentials: number
  readonly statusLists: number
  readonly auditRecords: number
}

/** Moves all that an issuer owns out of one store and into another. */
export interface IssuerArchive extends InstanceImports<Issuer, ArchiveRow, ImportedCounts> {
  /** The state of now, to which all pages of one export keep. */
  exportBounds(id: InstanceId): Promise<ArchiveBounds>
  /** Rows of one kind in a stable order, as they were at the bounds; large rows make short pages. */
  exportPage(
    id: InstanceId,
    kind: ArchiveKind,
    bounds: ArchiveBounds,
    page: PageRequest,
  ): Promise<Page<ArchiveRow>>
}
