import type { Did } from '../did/did.ts'
import { remembered } from '../remembered.ts'
import type { EpochSeconds } from '../time.ts'

/** A name in a path: `/issuers/{id}`, `/verifiers/{id}` (row H4). */
export type InstanceId = string & { readonly __instanceId: true }

const INSTANCE_ID = /^[A-Za-z0-9_-]{1,64}$/

/** True for one to 64 letters, digits, `_` or `-`. */
export const isInstanceId = (value: unknown): value is InstanceId =>
  typeof value === 'string' && INSTANCE_ID.test(value)

export type InstanceKind = 'issuer' | 'verifier'

/** One of the operator's keys as this instance uses it. */
export interface InstanceKey {
  /** Name in `SIGNING_KEYS`. */
  readonly kid: string
  /** Absolute DID URL of the verification method: the `kid` of what is signed. */
  readonly verificationMethod: string
  /** When it came into the document. Absent: with the instance. */
  readonly listedAt?: EpochSeconds
  /** From when on it signs. Absent: from the beginning. */
  readonly signsFrom?: EpochSeconds
  /** When it was taken out of the document by a call; it neither signs nor is listed from then on. */
  readonly withdrawn?: { readonly at: EpochSeconds; readonly why: 'compromised' | 'retired' }
}

interface Instance {
  readonly id: InstanceId
  readonly name: string
  readonly did: Did
  /** In the order in which they sign: `signingKey` says which of them, and when. */
  readonly keys: readonly InstanceKey[]
  readonly createdAt: EpochSeconds
  /** From then on it issues or decides nothing; what it signed stays readable. */
  readonly retiredAt?: EpochSeconds
}

/** How an issuer secures credentials unless the call says otherwise. */
export const SECURING_FORMATS = ['vc+jwt', 'jwt_vc'] as const
export type SecuringFormat = (typeof SECURING_FORMATS)[number]

export interface Issuer extends Instance {
  readonly securing: SecuringFormat
}

export interface Verifier extends Instance {
  /** What presentations and tokens for this verifier must name as `aud`. */
  readonly audience: string
  /** base64url, 32 random bytes: seals the challenges of this verifier. Never leaves the service. */
  readonly challengeSecret: string
}

/** The DID that this deployment hosts for an instance: did:web of the public origin (did:web §3.1). */
export function hostedDid(publicUrl: string, kind: InstanceKind, id: InstanceId): Did {
  return `${ownHostDid(publicUrl)}:${kind}s:${id}`
}

/** The DID of the public origin itself, with which those of its instances begin. */
export const ownHostDid = remembered(
  (publicUrl): Did => `did:web:${new URL(publicUrl).host.replace(':', '%3A')}`,
)

/** The instance behind a DID of this deployment; `undefined` for every other DID. */
export function hostedInstance(
  publicUrl: string,
  did: Did,
): { readonly kind: InstanceKind; readonly id: InstanceId } | undefined {
  const host = ownHostDid(publicUrl)
  if (!did.startsWith(`${host}:`)) return undefined
  const [kinds, id, ...others] = did.slice(host.length + 1).split(':')
  if (!isInstanceId(id) || others.length > 0) return undefined
  if (kinds === 'issuers') return { kind: 'issuer', id }
  return kinds === 'verifiers' ? { kind: 'verifier', id } : undefined
}
