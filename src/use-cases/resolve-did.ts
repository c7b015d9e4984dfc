import { methodOf, parseDid } from '../domain/did/did.ts'
import { refuse, type Result } from '../domain/result.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { ResolutionRefusal, ResolvedDid } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import { fetchBudget } from './fetch-budget.ts'

type Needs = Pick<Ports, 'didResolver'>

/** What a caller may ask for beyond the document as it is now (DID Resolution §3, §4.1). */
export interface ResolutionWish {
  readonly versionId: string | undefined
  readonly versionTime: EpochSeconds | undefined
  /** The first of the wished features that nothing here can do. */
  readonly unsupported: string | undefined
  /** Asks for a document that is not from memory (§13.2). */
  readonly noCache: boolean
}

export type ResolveDidRefusal =
  | ResolutionRefusal
  /** The DID is fine, and the caller must not be given less than was asked for. */
  | { readonly reason: 'feature_not_supported'; readonly feature: string }

/** What each method can say of the past. Other methods are refused. */
const VERSIONS: ReadonlyMap<string, 'never_changes' | 'latest_only'> = new Map([
  ['key', 'never_changes'],
  ['jwk', 'never_changes'],
  ['web', 'latest_only'],
])

/**
 * Resolves a DID (DID Resolution §4.4).
 *   parse -> can the method do what is wished? -> resolve
 * A point in time is no wish at all where the document never changes; no method here numbers versions.
 */
export async function resolveDid(
  { didResolver }: Needs,
  identifier: string,
  wish: ResolutionWish,
  caller: string,
): Promise<Result<ResolvedDid, ResolveDidRefusal>> {
  const did = parseDid(identifier)
  if (!did.ok) return did
  const versions = VERSIONS.get(methodOf(did.value))
  if (versions === undefined) return refuse({ reason: 'did_method_not_supported' })
  const feature = unsupportedFeature(wish, versions)
  if (feature !== undefined) return refuse({ reason: 'feature_not_supported', feature })
  return didResolver.resolve(did.value, { noCache: wish.noCache, budget: fetchBudget(caller) })
}

function unsupportedFeature(
  { versionId, versionTime, unsupported }: ResolutionWish,
  versions: 'never_changes' | 'latest_only',
): string | undefined {
  if (unsupported !== undefined) return unsupported
  if (versionId !== undefined) return 'versionId'
  return versionTime !== undefined && versions === 'latest_only' ? 'versionTime' : undefined
}
