import { methodOf } from '../../domain/did/did.ts'
import { DID_REFRESH_COOL_DOWN_SECONDS } from '../../domain/limits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DidResolver } from '../../ports/did-resolver.ts'
import type { GuardedFetch } from '../../ports/guarded-fetch.ts'
import type { HostedDocuments } from '../../ports/hosted-documents.ts'
import { createCachedResolver } from './cached.ts'
import { createCompositeResolver } from './composite.ts'
import { createDidJwk } from './did-jwk.ts'
import { createDidKey } from './did-key.ts'
import { createDidWeb } from './did-web.ts'
import { createKeyArithmetic } from './key-arithmetic.ts'
import type { DidMethod } from './method.ts'

export interface DidResolverOptions {
  readonly clock: Clock
  /** The only way to a did:web host. */
  readonly fetch: GuardedFetch
  /** Documents of this deployment's own DIDs. */
  readonly hosted: HostedDocuments
}

/** The house's resolver: every method that is supported, checked in one place, behind one cache. */
export function createDidResolver({ clock, fetch, hosted }: DidResolverOptions): DidResolver {
  const arithmetic = createKeyArithmetic()
  const methods: ReadonlyMap<string, DidMethod> = new Map([
    ['key', createDidKey(arithmetic)],
    ['jwk', createDidJwk(arithmetic)],
    ['web', createDidWeb(fetch, hosted)],
  ])
  return createCachedResolver(createCompositeResolver(methods, arithmetic, clock), clock, {
    timeToLiveSeconds: (did) => methods.get(methodOf(did))?.timeToLiveSeconds(did) ?? 0,
    // A document of our own is one read away: a key that is new is found in it at once (row K4).
    coolDownSeconds: (did) => (hosted.hosts(did) ? 0 : DID_REFRESH_COOL_DOWN_SECONDS),
  })
}
