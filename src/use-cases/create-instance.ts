import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import type { Did } from '../domain/did/did.ts'
import type { Fault } from '../domain/fault.ts'
import {
  hostedDid,
  hostedInstance,
  type InstanceId,
  type InstanceKey,
  type InstanceKind,
  type Issuer,
  type SecuringFormat,
  type Verifier,
} from '../domain/instance/instance.ts'
import { instanceToken } from '../domain/instance/token.ts'
import { sameKey } from '../domain/jwk.ts'
import type { TrustPolicy } from '../domain/trust/policy.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import type { ResolutionRefusal } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import type { Founding, InstanceStore } from '../ports/instance-store.ts'

type Needs = Pick<
  Ports,
  | 'publicUrl'
  | 'didResolver'
  | 'digest'
  | 'directory'
  | 'events'
  | 'issuers'
  | 'random'
  | 'signer'
  | 'verifiers'
>

export interface NewInstance {
  readonly id: InstanceId
  readonly name: string
  /** Absent: a did:web that this deployment hosts. */
  readonly did: Did | undefined
  /** Names of keys in `SIGNING_KEYS`; the first one signs. */
  readonly keys: readonly string[]
}

/** Why the keys of an external document could not be told. */
export type ExternalKeysRefusal =
  | { readonly reason: 'key_not_in_document' }
  | { readonly reason: 'did_not_resolved'; readonly refusal: ResolutionRefusal }

export type CreateInstanceRefusal =
  | ExternalKeysRefusal
  | { readonly reason: 'request_invalid'; readonly errors: readonly Fault[] }
  | { readonly reason: 'instance_exists' | 'token_already_shown' | 'idempotency_key_reused' }

export interface CreatedInstance<Instance> {
  readonly instance: Instance
  /** Shown this once; only its hash is stored. */
  readonly token: string
}

/** Creates an issuer with its bearer token. */
export async function createIssuer(
  needs: Needs,
  wanted: NewInstance & { readonly securing: SecuringFormat },
  change: Change,
): Promise<Result<CreatedInstance<Issuer>, CreateInstanceRefusal>> {
  const common = await instanceRecord(needs, 'issuer', wanted)
  if (!common.ok) return common
  const issuer = { ...common.value, securing: wanted.securing, createdAt: change.at }
  return createInstance(needs, 'issuer', issuer, change, (founding) =>
    needs.issuers.create(issuer, founding, change),
  )
}

/** Creates a verifier with its bearer token. Nobody is trusted until a policy is put. */
export async function createVerifier(
  needs: Needs,
  wanted: NewInstance & { readonly audience: string; readonly policy: TrustPolicy },
  change: Change,
): Promise<Result<CreatedInstance<Verifier>, CreateInstanceRefusal>> {
  const common = await instanceRecord(needs, 'verifier', wanted)
  if (!common.ok) return common
  const challengeSecret = encodeBase64url(needs.random.bytes(SECRET_BYTES))
  const { audience } = wanted
  const verifier = { ...common.value, audience, challengeSecret, createdAt: change.at }
  return createInstance(needs, 'verifier', verifier, change, (founding) =>
    needs.verifiers.create(verifier, { ...founding, policy: wanted.policy }, change),
  )
}

async function instanceRecord(needs: Needs, kind: InstanceKind, wanted: NewInstance) {
  const own = hostedDid(needs.publicUrl, kind, wanted.id)
  const unknown = wanted.keys.flatMap((kid, at) =>
    needs.signer.keys.some((key) => key.kid === kid)
      ? []
      : [{ pointer: `/keys/${String(at)}`, detail: 'must be the kid of a key in SIGNING_KEYS' }],
  )
  const repeated = wanted.keys.flatMap((kid, at) =>
    wanted.keys.indexOf(kid) === at
      ? []
      : [{ pointer: `/keys/${String(at)}`, detail: 'must be named once' }],
  )
  const foreign =
    wanted.did !== undefined &&
    hostedInstance(needs.publicUrl, wanted.did) !== undefined &&
    wanted.did !== own
      ? [{ pointer: '/did', detail: 'belongs to another instance of this service' }]
      : []
  const errors = [...unknown, ...repeated, ...foreign]
  if (errors.length > 0) return refuse({ reason: 'request_invalid' as const, errors })
  const keys =
    wanted.did === undefined || wanted.did === own
      ? ok(hostedKeys(own, wanted.keys))
      : await externalKeys(needs, wanted.did, wanted.keys)
  if (!keys.ok) return keys
  const { id, name, did = own } = wanted
  return ok({ id, name, did, keys: keys.value })
}

/** Where the document that we host lists these keys. */
export const hostedKeys = (did: Did, kids: readonly string[]): readonly InstanceKey[] =>
  kids.map((kid) => ({ kid, verificationMethod: `${did}#${encodeURIComponent(kid)}` }))

/** The methods of an external document that hold the configured keys: nobody else can say which. */
export async function externalKeys(
  { didResolver, signer }: Pick<Needs, 'didResolver' | 'signer'>,
  did: Did,
  kids: readonly string[],
): Promise<Result<readonly InstanceKey[], ExternalKeysRefusal>> {
  const resolved = await didResolver.resolve(did, { fresh: true })
  if (!resolved.ok) return refuse({ reason: 'did_not_resolved', refusal: resolved.refusal })
  const { document } = resolved.value
  const keys: InstanceKey[] = []
  for (const kid of kids) {
    const publicKey = signer.keys.find((key) => key.kid === kid)?.publicKeyJwk
    const method = document.relationships.assertionMethod.find((id) => {
      const listed = document.verificationMethods.get(id)?.publicKeyJwk
      return listed !== undefined && publicKey !== undefined && sameKey(listed, publicKey)
    })
    if (method === undefined) return refuse({ reason: 'key_not_in_document' })
    keys.push({ kid, verificationMethod: method })
  }
  return ok(keys)
}

/**
 * The name first, then the instance: a crash between the two leaves a name without an instance,
 * which the next attempt fills. The token exists only in the answer to the attempt that created.
 */
async function createInstance<Instance extends Issuer | Verifier>(
  needs: Needs,
  kind: InstanceKind,
  instance: Instance,
  change: Change,
  create: (founding: Founding) => ReturnType<InstanceStore<Instance>['create']>,
): Promise<Result<CreatedInstance<Instance>, CreateInstanceRefusal>> {
  const registered = await needs.directory.register(kind, instance.id, change)
  if (!registered.ok) return registered
  const token = newToken(needs, kind, instance.id)
  const outcome = await create({ tokenHash: token.hash })
  if (outcome === 'exists') {
    const { replayed, isNew } = registered.value
    return refuse({ reason: replayed && isNew ? 'token_already_shown' : 'instance_exists' })
  }
  needs.events.instanceChanged({ kind, id: instance.id, action: 'created' })
  return ok({ instance, token: token.text })
}

export const SECRET_BYTES = 32

/** A fresh bearer token and the hash that is stored of it. */
export function newToken(
  { digest, random }: Pick<Ports, 'digest' | 'random'>,
  kind: InstanceKind,
  id: InstanceId,
): { readonly text: string; readonly hash: string } {
  const text = instanceToken(kind, id, encodeBase64url(random.bytes(SECRET_BYTES)))
  return { text, hash: encodeBase64url(digest.sha256(utf8(text))) }
}
