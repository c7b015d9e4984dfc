import type { Did } from '../domain/did/did.ts'
import type { Result } from '../domain/result.ts'
import type { ResolutionRefusal, ResolvedDid } from '../ports/did-resolver.ts'
import type { FetchBudget } from '../ports/fetch-budget.ts'
import type { Ports } from '../ports/index.ts'

/** The document of `did`; where the cached one lacks the method `kid`, a fresh one, once (row D25). */
export async function resolveForKey(
  { didResolver }: Pick<Ports, 'didResolver'>,
  did: Did,
  kid: string,
  budget: FetchBudget,
): Promise<Result<ResolvedDid, ResolutionRefusal>> {
  const cached = await didResolver.resolve(did, { budget })
  return cached.ok && !cached.value.document.verificationMethods.has(kid)
    ? didResolver.resolve(did, { budget, fresh: true })
    : cached
}
