import {
  cachedIssuers,
  cachedVerifiers,
  namedInstances,
} from './adapters/cache/cached-instances.ts'
import { leastRecentlyUsed } from './adapters/cache/least-recently-used.ts'
import { createStatusListCache } from './adapters/cache/status-lists.ts'
import { createDidResolver } from './adapters/did/create-did-resolver.ts'
import { didKeyOf } from './adapters/did/did-key-of.ts'
import { hostedDocuments } from './adapters/did/hosted-documents.ts'
import { createKeyArithmetic } from './adapters/did/key-arithmetic.ts'
import { createVcdm1Shaper } from './adapters/did-jwt-vc/vcdm1-shaper.ts'
import { durableDirectory } from './adapters/durable/directory.ts'
import { durableIssuerStore } from './adapters/durable/issuer-store.ts'
import { durableSeenStatusLists } from './adapters/durable/seen-status-lists.ts'
import { durableSpentValues } from './adapters/durable/spent-values.ts'
import { durableVerifierStore } from './adapters/durable/verifier-store.ts'
import { createGuardedFetch, type PlatformFetch } from './adapters/fetch/guarded-fetch.ts'
import { createSignatureVerifier } from './adapters/jose/signature-verifier.ts'
import { createSigner } from './adapters/jose/signer.ts'
import { createCredentialSchemas } from './adapters/json-schema/credential-schemas.ts'
import { systemClock } from './adapters/system/clock.ts'
import { platformCompression } from './adapters/system/compression.ts'
import { jsonEvents } from './adapters/system/json-events.ts'
import { cryptoRandom } from './adapters/system/random.ts'
import { isolateRateLimiter } from './adapters/system/rate-limiter.ts'
import { sha256 } from './adapters/system/sha256.ts'
import type { Bindings } from './bindings.ts'
import { MAX_SIGNED_LISTS } from './domain/limits.ts'
import type { Ports } from './ports/index.ts'

/** Chooses the adapter behind each port. Once per isolate; nothing here asks anybody anything. */
export function compose(bindings: Bindings): Ports {
  const { publicUrl, objects } = bindings
  const clock = systemClock
  const signer = createSigner(bindings.signingKeys)
  const directory = durableDirectory(objects.directory)
  const stores = {
    issuers: durableIssuerStore(objects.issuers),
    verifiers: durableVerifierStore(objects.verifiers),
  }
  const issuers = cachedIssuers(stores.issuers, directory, clock)
  const verifiers = cachedVerifiers(stores.verifiers, directory, clock)
  const platformFetch: PlatformFetch = (url, init) => fetch(url, init)
  const guardedFetch = createGuardedFetch({
    fetch: platformFetch,
    localHosts: new Map(
      [...bindings.localHosts].map(([host, bound]) => [
        host,
        { fetch: bound === undefined ? platformFetch : (url, init) => bound.fetch(url, init) },
      ]),
    ),
    clock,
  })
  const hosted = hostedDocuments(
    publicUrl,
    {
      issuers: namedInstances(stores.issuers, 'issuer', directory),
      verifiers: namedInstances(stores.verifiers, 'verifier', directory),
    },
    signer,
    clock,
  )
  return {
    publicUrl,
    clock,
    compression: platformCompression,
    credentialSchemas: createCredentialSchemas(),
    didKeyOf,
    didResolver: createDidResolver({ clock, fetch: guardedFetch, hosted }),
    digest: sha256,
    directory,
    events: jsonEvents(bindings.logLevel, (line) => {
      console.log(line)
    }),
    guardedFetch,
    issuers,
    keyArithmetic: createKeyArithmetic(),
    keyOverlapSeconds: bindings.keyOverlapSeconds,
    random: cryptoRandom,
    rateLimiter:
      bindings.ratePerMinute === 0 ? undefined : isolateRateLimiter(bindings.ratePerMinute, clock),
    signatureVerifier: createSignatureVerifier(),
    signedLists: leastRecentlyUsed(MAX_SIGNED_LISTS),
    signer,
    spentValues: durableSpentValues(objects.spentValues),
    statusLists: createStatusListCache(durableSeenStatusLists(objects.spentValues)),
    vcdm1Shaper: createVcdm1Shaper(signer),
    verifiers,
  }
}
