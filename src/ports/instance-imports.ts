import type { InstanceId } from '../domain/instance/instance.ts'
import type { Change } from './change.ts'

/** Takes an instance over from another store. */
export interface InstanceImports<Instance, Row, Counts> {
  /**
   * Begins an import under a name of its own, and forgets what an earlier one left behind. Nothing is
   * visible until it is finished. `exists` when there is such an instance.
   */
  beginImport(id: InstanceId, importId: string): Promise<'begun' | 'exists'>
  /**
   * Adds rows, all or none. `conflict` when one is there already, belongs to nothing, or is none that
   * could be; `superseded` when another import or a new instance came in between.
   */
  importRows(
    id: InstanceId,
    importId: string,
    rows: readonly Row[],
  ): Promise<'added' | 'conflict' | 'superseded'>
  /**
   * Makes the imported instance visible, in one transaction with its audit record `instance.import`, which
   * continues the chain. `conflict` when what came in does not agree with itself.
   */
  finishImport(
    instance: Instance,
    importId: string,
    tokenHash: string,
    change: Change,
  ): Promise<Counts | 'conflict' | 'superseded'>
  /** Forgets an import that was not finished. */
  abandonImport(id: InstanceId, importId: string): Promise<void>
}
