import { decodeBase64url, encodeBase64url, utf8 } from '../base64url.ts'
import { isEpochSeconds, type EpochSeconds } from '../time.ts'

/** Marks a challenge as one of this service; a caller's own never begins so. */
const PREFIX = 'lso-challenge.'
const SHAPE = /^lso-challenge\.(\d{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/** A MAC over bytes, with the verifier's secret. */
type Mac = (bytes: Uint8Array) => Uint8Array

/** A challenge that proves its own origin and end, so that nothing is stored until it is spent. */
export function makeChallenge(random: Uint8Array, expiresAt: EpochSeconds, mac: Mac): string {
  const body = `${PREFIX}${String(expiresAt)}.${encodeBase64url(random)}`
  return `${body}.${encodeBase64url(mac(utf8(body)))}`
}

/** Random bytes in a challenge: 128 bits. */
export const CHALLENGE_RANDOM_BYTES = 16

/**
 * Whose challenge this is: `ours` with its end, `not_ours` for a caller's own, `forged` for one that
 * claims to be ours and is not, or is another verifier's (row V6).
 */
export function readChallenge(
  challenge: string,
  mac: Mac,
  equal: (a: Uint8Array, b: Uint8Array) => boolean,
):
  | { readonly kind: 'ours'; readonly expiresAt: EpochSeconds }
  | { readonly kind: 'not_ours' | 'forged' } {
  if (!challenge.startsWith(PREFIX)) return { kind: 'not_ours' }
  const [, expires, , seal = ''] = SHAPE.exec(challenge) ?? []
  const expiresAt = Number(expires)
  const sealed = decodeBase64url(seal)
  if (!isEpochSeconds(expiresAt) || sealed === undefined) return { kind: 'forged' }
  const body = challenge.slice(0, challenge.length - seal.length - 1)
  return equal(mac(utf8(body)), sealed) ? { kind: 'ours', expiresAt } : { kind: 'forged' }
}
