import { parseDid } from '../domain/did/did.ts'
import { ok, type Result } from '../domain/result.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { ResolutionRefusal, ResolvedDid } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import { fetchBudget } from './fetch-budget.ts'

type Needs = Pick<Ports, 'clock' | 'didResolver'>

/** The document behind a `client_id`, and the moment at which it is looked at. */
export interface ResolvedClient {
  readonly resolved: ResolvedDid
  readonly now: EpochSeconds
}

/**
 * Resolves the document of a client whose `client_id` is a DID (W128 R16). A `client_id` that is no
 * DID is refused: such clients are the authorization server's own business.
 */
export async function resolveClient(
  { clock, didResolver }: Needs,
  clientId: string,
  caller: string,
): Promise<Result<ResolvedClient, ResolutionRefusal>> {
  const did = parseDid(clientId)
  if (!did.ok) return did
  const resolved = await didResolver.resolve(did.value, { budget: fetchBudget(caller) })
  return resolved.ok ? ok({ resolved: resolved.value, now: clock.now() }) : resolved
}
