import type { AuditEntry } from '../audit/audit-record.ts'
import { ok, refuse, type Result } from '../result.ts'
import { later, type EpochSeconds } from '../time.ts'
import type { InstanceKey } from './instance.ts'
import {
  beginsAt,
  currentBeginning,
  keyStandings,
  signingKey,
  type KeyHoldings,
  type LastExpiry,
} from './key-schedule.ts'

/** What is wanted of an issuer's keys. `key` is one of the operator's, with its place in the document. */
export type KeyRotation =
  | {
      readonly mode: 'planned'
      readonly key: InstanceKey
      /** Between listing the key and signing with it. Absent: the least that is allowed. */
      readonly overlapSeconds: number | undefined
    }
  | {
      readonly mode: 'compromise'
      /** The key that must count no more. Absent: the one that signs. */
      readonly compromised: string | undefined
      /** Absent: one that is listed already takes over. */
      readonly key: InstanceKey | undefined
    }
  | { readonly mode: 'retire'; readonly kid: string }

/** What the decision depends on, besides the keys. */
export interface RotationFacts {
  /** Names of the keys that the operator configures. */
  readonly configured: readonly { readonly kid: string }[]
  /** After so long every cache has the new document. */
  readonly leastOverlapSeconds: number
  readonly now: EpochSeconds
}

/** What only the store knows. */
export interface IssuedFacts extends KeyHoldings {
  /** False as long as no credential was ever reserved: there is nothing that could stop verifying. */
  readonly hasIssued: boolean
  readonly liveCredentials: (kid: string) => number
}

export type RotationRefusal =
  /** No key of the issuer has this name; `member` is where the caller wrote it. */
  | { readonly reason: 'key_not_found'; readonly member: 'kid' | 'compromised' }
  | { readonly reason: 'key_required' }
  | { readonly reason: 'key_in_use' | 'key_compromised'; readonly kid: string }
  | {
      readonly reason: 'rotation_under_way'
      readonly kid: string
      readonly signsFrom: EpochSeconds
    }
  | { readonly reason: 'overlap_too_short'; readonly leastSeconds: number }
  | {
      readonly reason: 'key_has_live_credentials'
      readonly kid: string
      readonly liveCredentials: number
      readonly listedUntil: LastExpiry | undefined
    }

/** What a rotation came to. Survives JSON. */
export interface RotatedKeys {
  readonly mode: KeyRotation['mode']
  readonly at: EpochSeconds
  readonly keys: readonly InstanceKey[]
  /** The key that signs, and from when; absent when nothing can. */
  readonly next?: { readonly key: InstanceKey; readonly signsFrom: EpochSeconds }
  /** The key that left the document, with the credentials that no longer verify. */
  readonly withdrawn?: { readonly key: InstanceKey; readonly liveCredentials: number }
}

/**
 * Decides a rotation (row K4): the keys afterwards, or why not. Nothing that is live stops verifying,
 * except by what a compromised key signed.
 */
export function rotateKeys(
  issued: IssuedFacts,
  wanted: KeyRotation,
  facts: RotationFacts,
): Result<RotatedKeys, RotationRefusal> {
  switch (wanted.mode) {
    case 'planned':
      return planned(issued, wanted, facts)
    case 'compromise':
      return compromise(issued, wanted, facts)
    case 'retire':
      return retire(issued, wanted, facts)
  }
}

function planned(
  issued: IssuedFacts,
  { key, overlapSeconds }: Extract<KeyRotation, { mode: 'planned' }>,
  { leastOverlapSeconds: least, now }: RotationFacts,
): Result<RotatedKeys, RotationRefusal> {
  const others = withoutRetired(issued, key.kid, now)
  if (!others.ok) return others
  const pending = pendingKey(issued.keys, now)
  if (pending !== undefined) {
    const { kid, signsFrom } = pending
    return refuse({ reason: 'rotation_under_way', kid, signsFrom })
  }
  const overlap = overlapSeconds ?? least
  if (overlap < least && issued.hasIssued)
    return refuse({ reason: 'overlap_too_short', leastSeconds: least })
  // Two turns never begin in the same second: keys of one beginning stand in for each other.
  const earliest = currentBeginning(others.value, now) + 1
  const signsFrom = later(now, Math.max(overlap, earliest - now))
  const added = { ...key, listedAt: now, signsFrom }
  const keys = [added, ...others.value]
  return ok({ mode: 'planned', at: now, keys, next: { key: added, signsFrom } })
}

function compromise(
  issued: IssuedFacts,
  { compromised, key }: Extract<KeyRotation, { mode: 'compromise' }>,
  { configured, now }: RotationFacts,
): Result<RotatedKeys, RotationRefusal> {
  const signing = signingKey(issued, configured, now)
  const bad = issued.keys.find(({ kid }) => kid === (compromised ?? signing?.kid))
  if (bad === undefined) return refuse({ reason: 'key_not_found', member: 'compromised' })
  if (bad.withdrawn?.why === 'compromised')
    return refuse({ reason: 'key_compromised', kid: bad.kid })
  const withdrawn: InstanceKey = { ...bad, withdrawn: { at: now, why: 'compromised' } }
  const marked = issued.keys.map((one) => (one === bad ? withdrawn : one))
  const keys = takenOver({ ...issued, keys: marked }, key, configured, now)
  if (!keys.ok) return keys
  const next = signingKey({ keys: keys.value }, configured, now)
  return ok({
    mode: 'compromise',
    at: now,
    keys: keys.value,
    ...(next === undefined ? {} : { next: { key: next, signsFrom: now } }),
    withdrawn: { key: withdrawn, liveCredentials: issued.liveCredentials(bad.kid) },
  })
}

/** The keys once another one signs, where that is necessary or wished. */
function takenOver(
  issued: IssuedFacts,
  wanted: InstanceKey | undefined,
  configured: RotationFacts['configured'],
  now: EpochSeconds,
): Result<readonly InstanceKey[], RotationRefusal> {
  const { keys } = issued
  const signing = signingKey(issued, configured, now)
  if (wanted === undefined) {
    if (signing !== undefined) return ok(keys)
    const pending = pendingKey(keys, now)
    const usable = pending !== undefined && configured.some(({ kid }) => kid === pending.kid)
    return usable ? ok(first(keys, pending, now)) : refuse({ reason: 'key_required' })
  }
  const standing = standingOf(issued, wanted.kid, signing?.kid, now)
  if (standing?.state === 'published') return ok(first(keys, standing.key, now))
  const others = withoutRetired(issued, wanted.kid, now)
  if (!others.ok) return others
  return ok([{ ...wanted, listedAt: now, signsFrom: now }, ...others.value])
}

function retire(
  issued: IssuedFacts,
  { kid }: Extract<KeyRotation, { mode: 'retire' }>,
  { configured, now }: RotationFacts,
): Result<RotatedKeys, RotationRefusal> {
  const signing = signingKey(issued, configured, now)
  const standing = standingOf(issued, kid, signing?.kid, now)
  if (standing === undefined || ['retired', 'compromised'].includes(standing.state))
    return refuse({ reason: 'key_not_found', member: 'kid' })
  const { key, state } = standing
  if (state === 'signing') return refuse({ reason: 'key_in_use', kid })
  const liveCredentials = issued.liveCredentials(kid)
  if (state === 'verifying' || liveCredentials > 0) {
    const { listedUntil } = standing
    return refuse({ reason: 'key_has_live_credentials', kid, liveCredentials, listedUntil })
  }
  const withdrawn: InstanceKey = { ...key, withdrawn: { at: now, why: 'retired' } }
  return ok({
    mode: 'retire',
    at: now,
    keys: issued.keys.map((one) => (one === key ? withdrawn : one)),
    ...(signing === undefined ? {} : { next: { key: signing, signsFrom: now } }),
    withdrawn: { key: withdrawn, liveCredentials },
  })
}

const standingOf = (
  issued: KeyHoldings,
  kid: string,
  signing: string | undefined,
  now: EpochSeconds,
) => keyStandings(issued, now, signing, now).find(({ key }) => key.kid === kid)

/** The keys without a retired one of this name, which may come back; any other of this name refuses. */
function withoutRetired(
  issued: KeyHoldings,
  kid: string,
  now: EpochSeconds,
): Result<readonly InstanceKey[], RotationRefusal> {
  const state = standingOf(issued, kid, undefined, now)?.state
  if (state === 'compromised') return refuse({ reason: 'key_compromised', kid })
  if (state !== undefined && state !== 'retired') return refuse({ reason: 'key_in_use', kid })
  return ok(issued.keys.filter((one) => one.kid !== kid))
}

/** What is written down about a rotation. */
export function rotationAudit({ mode, next, withdrawn }: RotatedKeys): AuditEntry {
  const signs = next === undefined ? {} : { kid: next.key.kid, signsFrom: next.signsFrom }
  if (withdrawn === undefined) return { action: 'keys.rotate', detail: signs }
  const { key, liveCredentials } = withdrawn
  return mode === 'compromise'
    ? { action: 'keys.compromise', detail: { compromised: key.kid, liveCredentials, ...signs } }
    : { action: 'keys.retire', detail: { retired: key.kid, ...signs } }
}

/** The key that waits for its turn. */
function pendingKey(
  keys: readonly InstanceKey[],
  now: EpochSeconds,
): (InstanceKey & { readonly signsFrom: EpochSeconds }) | undefined {
  for (const key of keys) {
    const { signsFrom, withdrawn } = key
    if (withdrawn === undefined && signsFrom !== undefined && beginsAt(key) > now)
      return { ...key, signsFrom }
  }
  return undefined
}

/** The keys with this one in front, whose turn begins now. */
const first = (
  keys: readonly InstanceKey[],
  { kid }: InstanceKey,
  now: EpochSeconds,
): readonly InstanceKey[] => [
  ...keys.filter((one) => one.kid === kid).map((one) => ({ ...one, signsFrom: now })),
  ...keys.filter((one) => one.kid !== kid),
]
