import type { ArchiveKind, ArchiveRow } from '../domain/archive/archive-row.ts'
import type { InstanceId, Issuer } from '../domain/instance/instance.ts'
import type { Change } from './change.ts'
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
export interface IssuerArchive {
  /** The state of now, to which all pages of one export keep. */
  exportBounds(id: InstanceId): Promise<ArchiveBounds>
  /** Rows of one kind in a stable order, as they were at the bounds; large rows make short pages. */
  exportPage(
    id: InstanceId,
    kind: ArchiveKind,
    bounds: ArchiveBounds,
    page: PageRequest,
  ): Promise<Page<ArchiveRow>>
  /**
   * Begins an import under a name of its own, and forgets what an earlier one left behind. Nothing is
   * visible until it is finished. `exists` when there is such an issuer.
   */
  beginImport(id: InstanceId, importId: string): Promise<'begun' | 'exists'>
  /**
   * Adds rows, all or none. `conflict` when one is there already, belongs to no credential, or is none
   * that could be; `superseded` when another import or a new issuer came in between.
   */
  importRows(
    id: InstanceId,
    importId: string,
    rows: readonly ArchiveRow[],
  ): Promise<'added' | 'conflict' | 'superseded'>
  /**
   * Makes the imported issuer visible, in one transaction with its audit record `instance.import`, which
   * continues the chain. `conflict` when lists and entries do not agree.
   */
  finishImport(
    issuer: Issuer,
    importId: string,
    tokenHash: string,
    change: Change,
  ): Promise<ImportedCounts | 'conflict' | 'superseded'>
  /** Forgets an import that was not finished. */
  abandonImport(id: InstanceId, importId: string): Promise<void>
}
