import type { InstanceId } from '../domain/instance/instance.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Applied, Change } from './change.ts'
import type { Page, PageRequest } from './page.ts'

/** One version of the schema that an issuer registered for a credential type. */
export interface SchemaVersion {
  readonly type: string
  /** Counts from 1 for each type. */
  readonly version: number
  /** base64url SHA-256 of the canonical text. */
  readonly digest: string
  readonly at: EpochSeconds
}

/** What an issuer's store keeps of JSON Schemas. A version is never changed or deleted. */
export interface IssuerSchemas {
  /**
   * Adds the next version of a type; `text` is canonical and stays byte for byte. The text of the
   * newest version again adds nothing and answers that version.
   */
  putSchema(
    id: InstanceId,
    type: string,
    text: string,
    change: Change,
  ): Promise<Applied<SchemaVersion>>
  /** The text of a version, or of the newest one. */
  schemaText(id: InstanceId, type: string, version: number | undefined): Promise<string | undefined>
  /** The newest version of each of `types` that has one. */
  newestSchemas(id: InstanceId, types: readonly string[]): Promise<readonly SchemaVersion[]>
  /** All versions in the order in which they were put. */
  schemas(id: InstanceId, page: PageRequest): Promise<Page<SchemaVersion>>
}
