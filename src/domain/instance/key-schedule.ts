import { EXPIRY_SKEW_SECONDS, STATUS_LIST_LIFETIME_SECONDS } from '../limits.ts'
import { later, type EpochSeconds } from '../time.ts'
import type { InstanceKey } from './instance.ts'

/** The last end of validity of what a key signed and nobody revoked; `never` when one has no end. */
export type LastExpiry = EpochSeconds | 'never'

/** What is stored about an issuer's keys: the keys, and the last expiry of each that signed something. */
export interface KeyHoldings {
  readonly keys: readonly InstanceKey[]
  readonly lastExpiries: readonly { readonly kid: string; readonly lastExpiry: LastExpiry }[]
}

/**
 * `published`: listed, and does not sign (yet). `signing`: the one that signs. `verifying`: replaced,
 * and listed for what it signed. `retired`: no longer listed. `compromised`: taken out at once.
 */
export type KeyState = 'published' | 'signing' | 'verifying' | 'retired' | 'compromised'

/** How a key stands at a moment. */
export interface KeyStanding {
  readonly key: InstanceKey
  readonly state: KeyState
  readonly since: EpochSeconds
  /** Until when a replaced key stays in the document; `never`: until what it signed is revoked. */
  readonly listedUntil: LastExpiry | undefined
}

/** Keys that were there from the beginning have no time of their own. */
export const beginsAt = ({ signsFrom }: InstanceKey): number => signsFrom ?? 0

/** Its turn has come, also when it was withdrawn later. One withdrawn before its turn never had one. */
const hasBegun = (key: InstanceKey, now: EpochSeconds): boolean =>
  beginsAt(key) <= now && (key.withdrawn === undefined || key.withdrawn.at > beginsAt(key))

/** Since when the keys whose turn it is have had it; keys of one beginning stand in for each other. */
export const currentBeginning = (keys: readonly InstanceKey[], now: EpochSeconds): number =>
  Math.max(0, ...keys.filter((key) => hasBegun(key, now)).map(beginsAt))

/** When a later key took the turn of this one; `undefined` while none has. */
export function replacedAt(
  key: InstanceKey,
  keys: readonly InstanceKey[],
  now: EpochSeconds,
): EpochSeconds | undefined {
  const [next] = keys
    .filter((other) => hasBegun(other, now))
    .flatMap(({ signsFrom }) =>
      signsFrom !== undefined && signsFrom > beginsAt(key) ? [signsFrom] : [],
    )
    .sort((a, b) => a - b)
  return next
}

/**
 * Until when a key that was replaced at `replaced` stays in the document (row K4): the last status list
 * that it signed and the last credential have expired, also for a reader whose clock is behind.
 */
function listedUntil(replaced: EpochSeconds, lastExpiry: LastExpiry | undefined): LastExpiry {
  if (lastExpiry === 'never') return 'never'
  const lists = later(replaced, STATUS_LIST_LIFETIME_SECONDS)
  const last = lastExpiry === undefined || lastExpiry < lists ? lists : lastExpiry
  return later(last, EXPIRY_SKEW_SECONDS)
}

/** How each key stands at `now`. A pure function of what is stored: nothing has to happen for it. */
export function keyStandings(
  { keys, lastExpiries }: KeyHoldings,
  createdAt: EpochSeconds,
  signing: string | undefined,
  now: EpochSeconds,
): readonly KeyStanding[] {
  return keys.map((key) => {
    const { kid, withdrawn, signsFrom = createdAt, listedAt = createdAt } = key
    const standing = (state: KeyState, since: EpochSeconds, until?: LastExpiry): KeyStanding => ({
      key,
      state,
      since,
      listedUntil: until,
    })
    if (withdrawn !== undefined) return standing(withdrawn.why, withdrawn.at)
    const replaced = replacedAt(key, keys, now)
    if (replaced !== undefined) {
      const until = listedUntil(replaced, lastExpiryOf(lastExpiries, kid))
      return until !== 'never' && until <= now
        ? standing('retired', until)
        : standing('verifying', replaced, until)
    }
    return kid === signing ? standing('signing', signsFrom) : standing('published', listedAt)
  })
}

/** The keys that the issuer's document lists at `now`. */
export const listedKeys = (holdings: KeyHoldings, now: EpochSeconds): readonly InstanceKey[] =>
  keyStandings(holdings, now, undefined, now)
    .filter(({ state }) => state !== 'retired' && state !== 'compromised')
    .map(({ key }) => key)

/** True when one of the keys was replaced: only then does the document depend on what they signed. */
export const anyReplaced = (keys: readonly InstanceKey[], now: EpochSeconds): boolean =>
  keys.some((key) => replacedAt(key, keys, now) !== undefined)

const lastExpiryOf = (
  lastExpiries: KeyHoldings['lastExpiries'],
  kid: string,
): LastExpiry | undefined => lastExpiries.find((one) => one.kid === kid)?.lastExpiry

/**
 * The key that signs at `now`: of those whose turn it is, the first that is not withdrawn and that the
 * operator still configures. A replaced key never signs again. `undefined` when none is left, which an
 * operator may bring about in an emergency: then nothing is signed.
 */
export function signingKey(
  { keys }: { readonly keys: readonly InstanceKey[] },
  configured: readonly { readonly kid: string }[],
  now: EpochSeconds,
): InstanceKey | undefined {
  const beginning = currentBeginning(keys, now)
  return keys.find(
    (key) =>
      key.withdrawn === undefined &&
      beginsAt(key) === beginning &&
      configured.some(({ kid }) => kid === key.kid),
  )
}
