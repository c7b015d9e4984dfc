import { methodOf, type Did } from '../../domain/did/did.ts'
import { MAX_CACHED_DOCUMENT_CHARACTERS, MAX_CACHED_ENTRIES } from '../../domain/limits.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { ResolutionRefusal, ResolvedDid } from '../../ports/did-resolver.ts'
import {
  leastRecentlyUsedByWeight,
  leastRecentlyUsed,
  type LeastRecentlyUsed,
} from '../cache/least-recently-used.ts'

export interface KeptDocument {
  readonly resolved: ResolvedDid
  /** When its source was last asked, whatever came of it. */
  readonly asked: EpochSeconds
  readonly expires: EpochSeconds
}

export interface KeptRefusal {
  readonly refusal: ResolutionRefusal
  readonly asked: EpochSeconds
  readonly expires: EpochSeconds
}

/** What an isolate remembers of DIDs. */
export interface DocumentStore {
  document(did: Did): KeptDocument | undefined
  refusal(did: Did): KeptRefusal | undefined
  /** Keeps a document and forgets what was refused before. */
  keepDocument(did: Did, document: KeptDocument): void
  keepRefusal(did: Did, refusal: KeptRefusal): void
  /** Notes that the source was asked in vain; the document stays as it was, and `asked` never goes back. */
  markAsked(did: Did, asked: EpochSeconds): void
  dropDocument(did: Did): void
}

/**
 * Keeps documents of each method apart, and refusals apart from documents, so that a flood of one
 * kind cannot push out the other (rows D23, D25).
 */
export function createDocumentStore(): DocumentStore {
  const ofMethod = new Map<string, LeastRecentlyUsed<KeptDocument>>()
  const refusals = leastRecentlyUsed<KeptRefusal>(MAX_CACHED_ENTRIES)
  return {
    document: (did) => ofMethod.get(methodOf(did))?.get(did),
    refusal: (did) => refusals.get(did),
    keepDocument(did, document) {
      documentsOf(did).set(did, document)
      refusals.delete(did)
    },
    keepRefusal(did, refusal) {
      refusals.set(did, refusal)
    },
    markAsked(did, asked) {
      const documents = documentsOf(did)
      const known = documents.get(did)
      if (known !== undefined && known.asked < asked) documents.set(did, { ...known, asked })
    },
    dropDocument(did) {
      documentsOf(did).delete(did)
    },
  }

  /** NOTE: only methods that resolve get here, so that there are few stores. */
  function documentsOf(did: Did): LeastRecentlyUsed<KeptDocument> {
    const known = ofMethod.get(methodOf(did))
    if (known !== undefined) return known
    const created = leastRecentlyUsedByWeight(
      { entries: MAX_CACHED_ENTRIES, weight: MAX_CACHED_DOCUMENT_CHARACTERS },
      ({ resolved }: KeptDocument) => resolved.json.length,
    )
    ofMethod.set(methodOf(did), created)
    return created
  }
}
