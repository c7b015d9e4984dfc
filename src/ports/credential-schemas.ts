import type { Fault } from '../domain/fault.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'

/** The JSON Schemas that credentials of certain types must follow, whichever data model they use. */
export interface CredentialSchemas {
  /**
   * What the schema of `type` finds wrong with the whole credential; empty when it follows the schema,
   * `undefined` when there is no schema for the type. Fetches nothing and never throws on an instance.
   */
  faults(type: string, credential: JsonObject): readonly Fault[] | undefined
  /** True when `faultsUnder` knows the schema of this digest. This isolate forgets the least recently used. */
  isCompiled(digest: string): boolean
  /** Makes a schema that `schemaFaults` found good ready for use under the digest of its text. */
  compile(digest: string, schema: JsonObject): void
  /** What the schema under `digest` would cost by `schemaWork`; throws when there is none. */
  workUnder(digest: string, credential: JsonObject): number
  /** As `faults`, by the schema that was compiled under `digest`; throws when there is none. */
  faultsUnder(digest: string, credential: JsonObject): readonly Fault[]
}
