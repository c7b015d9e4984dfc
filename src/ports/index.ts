import type { Did } from '../domain/did/did.ts'
import type { KeyArithmetic } from '../domain/did/method-key.ts'
import type { PublicJwk } from '../domain/jwk.ts'
import type { Clock } from './clock.ts'
import type { Compression } from './compression.ts'
import type { CredentialSchemas } from './credential-schemas.ts'
import type { DidResolver } from './did-resolver.ts'
import type { Digest } from './digest.ts'
import type { Directory } from './directory.ts'
import type { Events } from './events.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import type { IssuerStore } from './issuer-store.ts'
import type { Memory } from './memory.ts'
import type { Random } from './random.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { SignatureVerifier } from './signature-verifier.ts'
import type { Signer } from './signer.ts'
import type { SpentValues } from './spent-values.ts'
import type { StatusListCache } from './status-list-cache.ts'
import type { Vcdm1Shaper } from './vcdm1-shaper.ts'
import type { VerifierStore } from './verifier-store.ts'

/** All that the house needs from outside. A use case takes the few it names in its first line. */
export interface Ports {
  /** The public origin, without a slash at its end; every URL that the service mints begins with it. */
  readonly publicUrl: string
  readonly clock: Clock
  readonly compression: Compression
  readonly credentialSchemas: CredentialSchemas
  /** The did:key of a public key. */
  readonly didKeyOf: (jwk: PublicJwk) => Did
  readonly didResolver: DidResolver
  readonly digest: Digest
  readonly directory: Directory
  readonly events: Events
  readonly guardedFetch: GuardedFetch
  readonly issuers: IssuerStore
  readonly keyArithmetic: KeyArithmetic
  /** How long a new key is listed at least before it signs. */
  readonly keyOverlapSeconds: number
  readonly random: Random
  /** `undefined` where the operator has lifted the limit. */
  readonly rateLimiter: RateLimiter | undefined
  readonly signatureVerifier: SignatureVerifier
  /** Signed status lists, by all that they were signed from. */
  readonly signedLists: Memory<string>
  readonly signer: Signer
  readonly spentValues: SpentValues
  /** Status lists of other deployments. */
  readonly statusLists: StatusListCache
  readonly vcdm1Shaper: Vcdm1Shaper
  readonly verifiers: VerifierStore
}
