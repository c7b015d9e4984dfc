import type { AuditRecord } from '../domain/audit/audit-record.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Applied, Change } from './change.ts'
import type { Page, PageRequest } from './page.ts'

export interface StoredInstance<Instance> {
  readonly instance: Instance
  /** base64url SHA-256 of the instance's bearer token; the token itself is never stored (row H8). */
  readonly tokenHash: string
}

/** Members of an instance that may change after creation. */
export interface InstancePatch {
  readonly name?: string
  readonly audience?: string
  readonly retiredAt?: EpochSeconds
}

/** What is stored beside the instance's record when it is created. */
export interface Founding {
  readonly tokenHash: string
}

/** What every kind of instance keeps. Each instance is one single writer of its own. */
export interface InstanceStore<Instance, With extends Founding = Founding> {
  /** Writes the instance once; of simultaneous calls exactly one gets `created`. */
  create(instance: Instance, founding: With, change: Change): Promise<'created' | 'exists'>
  /** `undefined` when it was never created. */
  find(id: InstanceId): Promise<StoredInstance<Instance> | undefined>
  /** Lays `patch` over the instance's record; the instance must exist. */
  update(id: InstanceId, patch: InstancePatch, change: Change): Promise<Applied<Instance>>
  /** The old token ends with this call. */
  replaceToken(id: InstanceId, tokenHash: string, change: Change): Promise<Applied<null>>
  /** Audit records in their order. */
  audit(id: InstanceId, page: PageRequest): Promise<Page<AuditRecord>>
}
