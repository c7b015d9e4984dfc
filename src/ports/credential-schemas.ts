import type { Fault } from '../domain/fault.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'

/** The JSON Schemas that credentials of certain types must follow, whichever data model they use. */
export interface CredentialSchemas {
  /**
   * What the schema of `type` finds wrong with the whole credential; empty when it follows the schema,
   * `undefined` when there is no schema for the type. Fetches nothing and never throws on an instance.
   */
  faults(type: string, credential: JsonObject): readonly Fault[] | undefined
}
