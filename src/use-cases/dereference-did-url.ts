import {
  dereference,
  type Dereferenced,
  type DereferencingRefusal,
} from '../domain/did/dereference.ts'
import type { DidUrl } from '../domain/did/did-url.ts'
import { ok, type Result } from '../domain/result.ts'
import type { ResolvedDid } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import { resolveDid, type ResolutionWish, type ResolveDidRefusal } from './resolve-did.ts'

type Needs = Pick<Ports, 'didResolver'>

export type DereferenceDidUrlRefusal = ResolveDidRefusal | DereferencingRefusal

/** What a DID URL leads to, and the document on the way there (DID Resolution §5.4). */
export async function dereferenceDidUrl(
  ports: Needs,
  didUrl: DidUrl,
  wish: ResolutionWish,
  caller: string,
): Promise<
  Result<
    { readonly resolved: ResolvedDid; readonly target: Dereferenced },
    DereferenceDidUrlRefusal
  >
> {
  const resolved = await resolveDid(ports, didUrl.did, wish, caller)
  if (!resolved.ok) return resolved
  const target = dereference(resolved.value.document, didUrl)
  return target.ok ? ok({ resolved: resolved.value, target: target.value }) : target
}
