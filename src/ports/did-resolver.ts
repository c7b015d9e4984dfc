import type { Did } from '../domain/did/did.ts'
import type { DidDocument } from '../domain/did/did-document.ts'
import type { KeyFault } from '../domain/did/method-key.ts'
import type { Result } from '../domain/result.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { FetchBudget } from './fetch-budget.ts'

/** A document with what is known about it (DID Resolution §4). Validated, not deactivated. */
export interface ResolvedDid {
  readonly document: DidDocument
  /** The source of the document as compact JSON, members in the order in which they came. */
  readonly json: string
  /** base64url SHA-256 of `json` in UTF-8. */
  readonly digest: string
  /** When it was obtained from its source; for did:key and did:jwk, when it was computed. */
  readonly retrieved: EpochSeconds
}

export type ResolutionRefusal =
  /** `fault`: of the key that a did:key or did:jwk is (rows J26–J29). */
  | { readonly reason: 'did_invalid'; readonly fault?: KeyFault }
  | { readonly reason: 'did_method_not_supported' }
  /** A did:key or did:jwk with a key type that this service has no use for (row D16). */
  | { readonly reason: 'key_type_not_supported' }
  | { readonly reason: 'did_not_found' }
  | { readonly reason: 'did_deactivated' }
  /** `fault` is a fixed phrase of ours, never text of the host (row D26). */
  | { readonly reason: 'did_document_invalid'; readonly fault: string }
  | { readonly reason: 'destination_not_allowed' }
  | { readonly reason: 'redirect_not_followed' }
  | { readonly reason: 'did_host_failed' }
  | { readonly reason: 'did_host_timeout' }
  | { readonly reason: 'fetch_budget_spent' }

export interface ResolutionOptions {
  /** Pass over a cached copy, for a `kid` that the copy lacks; the cache may still refuse to ask again too soon. */
  readonly fresh?: boolean
  /**
   * Always asks the source, for a caller who says so (DID Resolution §4.1, §13.2): nothing from memory is
   * answered, neither a document nor a refusal. Only the budgets bound it.
   */
  readonly noCache?: boolean
  /** Outbound fetches left to this request; each fetch takes one. Absent: no limit but the fetch's own. */
  readonly budget?: FetchBudget
}

export interface DidResolver {
  /**
   * The document of `did`, whose `id` is `did` byte for byte. A refusal is about the DID, its host or
   * its document; a fault of ours is thrown. Nothing that failed validation is ever returned.
   */
  resolve(did: Did, options?: ResolutionOptions): Promise<Result<ResolvedDid, ResolutionRefusal>>
}
