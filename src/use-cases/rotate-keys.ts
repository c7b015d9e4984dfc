import type { Fault } from '../domain/fault.ts'
import { hostedDid, type InstanceKey, type Issuer } from '../domain/instance/instance.ts'
import type { KeyRotation, RotatedKeys, RotationRefusal } from '../domain/instance/key-rotation.ts'
import { sameKey } from '../domain/jwk.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import { externalKeys, hostedKeys, type ExternalKeysRefusal } from './create-instance.ts'

type Needs = Pick<
  Ports,
  'didResolver' | 'events' | 'issuers' | 'keyOverlapSeconds' | 'publicUrl' | 'signer'
>

/** What a caller asks for. Which members a mode has, `modeFaults` says. */
export interface RotateKeys {
  readonly mode: KeyRotation['mode']
  /** Name of a key in `SIGNING_KEYS`. */
  readonly kid: string | undefined
  readonly compromised: string | undefined
  readonly overlapSeconds: number | undefined
}

export type RotateKeysRefusal =
  | RotationRefusal
  | ExternalKeysRefusal
  | { readonly reason: 'request_invalid'; readonly errors: readonly Fault[] }
  | { readonly reason: 'idempotency_key_reused' }

/**
 * Changes the key that signs for an issuer (row K4).
 *
 *   find the key among the operator's → find its place in the document → decide and store
 *
 * From then on everything follows from the clock: when the new key signs, and when the old one leaves
 * the document.
 */
export async function rotateIssuerKeys(
  needs: Needs,
  issuer: Issuer,
  command: RotateKeys,
  change: Change,
): Promise<Result<RotatedKeys, RotateKeysRefusal>> {
  const errors = modeFaults(command)
  if (errors.length > 0) return refuse({ reason: 'request_invalid', errors })
  const wanted = await rotationOf(needs, issuer, command)
  if (!wanted.ok) return wanted
  const rotated = await needs.issuers.rotateKeys(
    issuer.id,
    wanted.value,
    {
      configured: needs.signer.keys.map(({ kid }) => ({ kid })),
      leastOverlapSeconds: needs.keyOverlapSeconds,
    },
    change,
  )
  if (!rotated.ok) return rotated
  needs.events.instanceChanged({ kind: 'issuer', id: issuer.id, action: 'keys_rotated' })
  return ok(rotated.value)
}

async function rotationOf(
  needs: Needs,
  issuer: Issuer,
  { mode, kid, compromised, overlapSeconds }: RotateKeys,
): Promise<Result<KeyRotation, RotateKeysRefusal>> {
  if (mode === 'compromise' && kid === undefined) return ok({ mode, compromised, key: undefined })
  if (kid === undefined) return refuse({ reason: 'key_not_found', member: 'kid' })
  if (mode === 'retire') return ok({ mode, kid })
  const key = await newKey(needs, issuer, kid)
  if (!key.ok) return key
  return ok(
    mode === 'planned'
      ? { mode, key: key.value, overlapSeconds }
      : { mode, compromised, key: key.value },
  )
}

/** One of the operator's keys, with its place in the issuer's document; another one's document must list it. */
async function newKey(
  needs: Needs,
  issuer: Issuer,
  kid: string,
): Promise<Result<InstanceKey, RotateKeysRefusal>> {
  const wanted = needs.signer.keys.find((key) => key.kid === kid)
  if (wanted === undefined) {
    const detail = 'must be the kid of a key in SIGNING_KEYS'
    return refuse({ reason: 'request_invalid', errors: [{ pointer: '/kid', detail }] })
  }
  // The same key under another name would be no new one.
  const twin = issuer.keys.find(
    (own) =>
      own.kid !== kid &&
      needs.signer.keys.some(
        (key) => key.kid === own.kid && sameKey(key.publicKeyJwk, wanted.publicKeyJwk),
      ),
  )
  if (twin !== undefined) {
    const isBad = twin.withdrawn?.why === 'compromised'
    return refuse({ reason: isBad ? 'key_compromised' : 'key_in_use', kid: twin.kid })
  }
  const own = hostedDid(needs.publicUrl, 'issuer', issuer.id)
  const keys =
    issuer.did === own ? ok(hostedKeys(own, [kid])) : await externalKeys(needs, issuer.did, [kid])
  if (!keys.ok) return keys
  const [key] = keys.value
  return key === undefined ? refuse({ reason: 'key_not_in_document' }) : ok(key)
}

/** Members that the mode needs and are missing, and those that it has no use for. */
function modeFaults({ mode, kid, compromised, overlapSeconds }: RotateKeys): readonly Fault[] {
  const foreign = (pointer: string) => ({ pointer, detail: `must not be there for mode ${mode}` })
  return [
    ...(mode !== 'compromise' && kid === undefined
      ? [{ pointer: '/kid', detail: `is required for mode ${mode}` }]
      : []),
    // Named, so that the same call again cannot take the key that has signed since.
    ...(mode === 'compromise' && compromised === undefined
      ? [{ pointer: '/compromised', detail: 'is required for mode compromise' }]
      : []),
    ...(mode !== 'compromise' && compromised !== undefined ? [foreign('/compromised')] : []),
    ...(mode !== 'planned' && overlapSeconds !== undefined ? [foreign('/overlapSeconds')] : []),
  ]
}
