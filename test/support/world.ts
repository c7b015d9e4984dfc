import { leastRecentlyUsed } from '../../src/adapters/cache/least-recently-used.ts'
import { createStatusListCache } from '../../src/adapters/cache/status-lists.ts'
import { memorySeenStatusLists } from '../../src/adapters/memory/seen-status-lists.ts'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { hostedDocuments } from '../../src/adapters/did/hosted-documents.ts'
import { createKeyArithmetic } from '../../src/adapters/did/key-arithmetic.ts'
import { createVcdm1Shaper } from '../../src/adapters/did-jwt-vc/vcdm1-shaper.ts'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import { createCredentialSchemas } from '../../src/adapters/json-schema/credential-schemas.ts'
import { memoryDirectory } from '../../src/adapters/memory/directory.ts'
import { memoryIssuerStore } from '../../src/adapters/memory/issuer-store.ts'
import { memorySpentValues } from '../../src/adapters/memory/spent-values.ts'
import { memoryVerifierStore } from '../../src/adapters/memory/verifier-store.ts'
import { platformCompression } from '../../src/adapters/system/compression.ts'
import { jsonEvents } from '../../src/adapters/system/json-events.ts'
import { cryptoRandom } from '../../src/adapters/system/random.ts'
import { sha256 } from '../../src/adapters/system/sha256.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { KEY_OVERLAP_SECONDS } from '../../src/domain/limits.ts'
import { epochSeconds, later, type EpochSeconds } from '../../src/domain/time.ts'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import { refuse } from '../../src/domain/result.ts'
import type { Change } from '../../src/ports/change.ts'
import type { GuardedFetch } from '../../src/ports/guarded-fetch.ts'
import type { Ports } from '../../src/ports/index.ts'
import type { Signer } from '../../src/ports/signer.ts'
import { createIssuer, createVerifier } from '../../src/use-cases/create-instance.ts'
import { issueCredential, type IssueCredential } from '../../src/use-cases/issue-credential.ts'
import { generateKey } from './generated-keys.ts'

/** 2026-01-15T12:00:00Z. */
export const NOW = epochSeconds(1_768_478_400)
export const AUDIENCE = 'https://as.seller.example.com'
export const VCDM2 = 'https://www.w3.org/ns/credentials/v2'

/** Somebody with one key and a did:key of its own. */
export interface Party {
  readonly did: string
  readonly kid: string
  /** A compact JWS over `payload`; `header` gets `kid`, unless it names one, and `alg`. */
  sign(header: JsonObject, payload: JsonObject): Promise<string>
}

/**
 * A deployment in memory with a clock that tests set: an issuer "registrar", a verifier "seller" that
 * trusts it, and a buyer. Crypto, resolution and schemas are the real ones; reachable is what `fetch`
 * reaches, which is nobody where none is given. `kids` are the operator's keys; instances have k1.
 */
export async function aWorld({
  fetch,
  kids = ['k1'],
}: { readonly fetch?: GuardedFetch; readonly kids?: readonly string[] } = {}) {
  let now: EpochSeconds = NOW
  const clock = { now: () => now }
  const signer = await aSigner(kids)
  const publicUrl = 'https://trust.example'
  const [issuers, verifiers, directory] = [
    memoryIssuerStore(),
    memoryVerifierStore(),
    memoryDirectory(),
  ]
  const unreachable = { get: async () => refuse({ reason: 'host_failed' as const }) }
  const guardedFetch = fetch ?? unreachable
  const ports: Ports = {
    publicUrl,
    clock,
    compression: platformCompression,
    credentialSchemas: createCredentialSchemas(),
    didKeyOf,
    didResolver: createDidResolver({
      clock,
      fetch: guardedFetch,
      hosted: hostedDocuments(publicUrl, { issuers, verifiers }, signer, clock),
    }),
    digest: sha256,
    directory,
    events: jsonEvents('silent', () => undefined),
    guardedFetch,
    issuers,
    keyArithmetic: createKeyArithmetic(),
    keyOverlapSeconds: KEY_OVERLAP_SECONDS,
    random: cryptoRandom,
    rateLimiter: undefined,
    signatureVerifier: createSignatureVerifier(),
    signedLists: leastRecentlyUsed(10),
    signer,
    spentValues: memorySpentValues(clock),
    statusLists: createStatusListCache(memorySeenStatusLists()),
    vcdm1Shaper: createVcdm1Shaper(signer),
    verifiers,
  }
  const change = (): Change => ({ actor: 'test', at: now, mark: undefined })
  const common = { name: 'Example', did: undefined, keys: ['k1'] }
  const issuer = await createIssuer(
    ports,
    { ...common, id: 'registrar' as InstanceId, securing: 'vc+jwt' },
    change(),
  )
  if (!issuer.ok) throw new Error('no issuer')
  const registrar = issuer.value.instance
  const anchors = [
    {
      did: registrar.did,
      types: ['LsoLegalEntityCredential'],
      validFrom: undefined,
      validUntil: undefined,
    },
  ]
  const verifier = await createVerifier(
    ports,
    {
      ...common,
      id: 'seller' as InstanceId,
      audience: AUDIENCE,
      policy: { ...DEFAULT_POLICY, anchors },
    },
    change(),
  )
  if (!verifier.ok) throw new Error('no verifier')

  return {
    ports,
    registrar,
    seller: verifier.value.instance,
    buyer: await aParty(),
    change,
    /** Moves the clock by so many seconds. */
    pass: (seconds: number) => {
      now = later(now, seconds)
    },
    issue: async (command: Partial<IssueCredential> & Pick<IssueCredential, 'credential'>) => {
      const wanted = { credentialId: undefined, format: undefined, status: undefined, ...command }
      const issued = await issueCredential(ports, registrar, wanted, change())
      if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
      return issued.value
    },
  }
}

/** The operator's keys of a test, and of nobody else. */
async function aSigner(kids: readonly string[]): Promise<Signer> {
  const made = await Promise.all(
    kids.map(async (kid) => ({ ...(await generateKey('EdDSA')).privateJwk, kid })),
  )
  const keys = readSigningKeys(JSON.stringify({ keys: made }))
  if (!keys.ok) throw new Error(keys.refusal.fault)
  return createSigner(keys.value)
}

export async function aParty(): Promise<Party> {
  const { jwk, privateJwk } = await generateKey('EdDSA')
  const keys = readSigningKeys(JSON.stringify({ keys: [{ ...privateJwk, kid: 'k1' }] }))
  if (!keys.ok) throw new Error(keys.refusal.fault)
  const signer = createSigner(keys.value)
  const did = didKeyOf(jwk)
  const kid = `${did}#${did.slice('did:key:'.length)}`
  return { did, kid, sign: (header, payload) => signer.sign('k1', { kid, ...header }, payload) }
}

export { legalEntity } from '../../scripts/example-legal-entity.ts'
