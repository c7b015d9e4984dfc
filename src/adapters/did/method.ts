import type { DidDocument } from '../../domain/did/did-document.ts'
import type { Did } from '../../domain/did/did.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import type { Result } from '../../domain/result.ts'
import type { ResolutionRefusal } from '../../ports/did-resolver.ts'
import type { FetchBudget } from '../../ports/fetch-budget.ts'

/** What a DID method found, before anybody has judged it. */
export interface FoundDocument {
  readonly source: JsonObject
  /** The same as decisions are made on it, where the method has made the document of its own accord. */
  readonly document?: DidDocument
}

/**
 * One DID method: how a document is obtained, and how long it may be kept. A new method is one new file,
 * a line in create-did-resolver.ts, and what it says of the past in resolve-did.ts.
 */
export interface DidMethod {
  /** How long an answer for `did` may be given again without asking. */
  timeToLiveSeconds(did: Did): number
  /** Looks the document up. Judges what belongs to the method; the document itself is judged by all methods' caller. */
  find(did: Did, budget: FetchBudget | undefined): Promise<Result<FoundDocument, ResolutionRefusal>>
}
