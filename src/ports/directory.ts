import type { InstanceId, InstanceKind } from '../domain/instance/instance.ts'
import type { Result } from '../domain/result.ts'
import type { Change } from './change.ts'
import type { Page, PageRequest } from './page.ts'

/**
 * The names of all instances. A name is the intent to create an instance: whether it exists is what
 * the instance's own store says. Asked before an instance's store is touched, so that a made-up name
 * leaves no trace on disk.
 */
export interface Directory {
  /**
   * Notes the name; `replayed` when this very request noted it before. `isNew`
   * when it was not known before. Noting a known name is no fault.
   */
  register(
    kind: InstanceKind,
    id: InstanceId,
    change: Change,
  ): Promise<
    Result<
      { readonly replayed: boolean; readonly isNew: boolean },
      { reason: 'idempotency_key_reused' }
    >
  >
  has(kind: InstanceKind, id: InstanceId): Promise<boolean>
  /** In alphabetical order. */
  ids(kind: InstanceKind, page: PageRequest): Promise<Page<InstanceId>>
}
