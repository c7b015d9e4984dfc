import { decodeBase64url, utf8 } from '../domain/base64url.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import {
  CHALLENGE_LIFETIME_SECONDS,
  EXPIRY_SKEW_SECONDS,
  MAX_NONCE_CHARACTERS,
} from '../domain/limits.ts'
import {
  CHALLENGE_RANDOM_BYTES,
  makeChallenge,
  readChallenge,
} from '../domain/presentation/challenge.ts'
import { later, type EpochSeconds } from '../domain/time.ts'
import type { IdempotencyMark } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import { firstUseUnder } from './first-use-under.ts'

type Needs = Pick<Ports, 'clock' | 'digest' | 'random' | 'spentValues'>

/** A fresh challenge of a verifier. Nothing is stored: it carries its own end and seal. */
export function createChallenge(
  { clock, digest, random }: Pick<Needs, 'clock' | 'digest' | 'random'>,
  verifier: Verifier,
): { readonly challenge: string; readonly expiresAt: EpochSeconds } {
  const expiresAt = later(clock.now(), CHALLENGE_LIFETIME_SECONDS)
  const challenge = makeChallenge(
    random.bytes(CHALLENGE_RANDOM_BYTES),
    expiresAt,
    macOf(digest, verifier),
  )
  return { challenge, expiresAt }
}

/**
 * Spends a challenge, at most once for each verifier (row V6). One of ours must be genuine and not
 * expired; a caller's own is remembered for as long as the presentation could be shown again. Under a
 * mark see `firstUseUnder`.
 */
export async function spendChallenge(
  { digest, spentValues }: Pick<Needs, 'digest' | 'spentValues'>,
  verifier: Verifier,
  challenge: string,
  {
    now,
    presentationEnds,
  }: { readonly now: EpochSeconds; readonly presentationEnds: EpochSeconds },
  mark: IdempotencyMark | undefined,
): Promise<boolean> {
  const read = spendable({ digest }, verifier, challenge, now)
  if (read === undefined) return false
  const ends = Math.max(presentationEnds, read.kind === 'ours' ? read.expiresAt : 0) as EpochSeconds
  return firstUseUnder(
    spentValues,
    mark,
    `challenge ${verifier.id}`,
    challenge,
    later(ends, EXPIRY_SKEW_SECONDS + 1),
  )
}

/** What can be said of a challenge before it is spent; `undefined`: it never counts at `now`. */
function spendable(
  { digest }: Pick<Needs, 'digest'>,
  verifier: Verifier,
  challenge: string,
  now: EpochSeconds,
): ReturnType<typeof readChallenge> | undefined {
  if (challenge === '' || challenge.length > MAX_NONCE_CHARACTERS) return undefined
  const read = readChallenge(challenge, macOf(digest, verifier), (a, b) => digest.equal(a, b))
  if (read.kind === 'forged') return undefined
  return read.kind === 'ours' && read.expiresAt <= now ? undefined : read
}

/** Whether `spendChallenge` could have accepted it at `now`, as far as that shows without the store. */
export const couldBeSpent = (
  needs: Pick<Needs, 'digest'>,
  verifier: Verifier,
  challenge: string,
  now: EpochSeconds,
): boolean => spendable(needs, verifier, challenge, now) !== undefined

/** Whether `nonce` is a challenge of this verifier that has not ended; whether it was spent is not asked. */
export function isOwnChallenge(
  { digest }: Pick<Needs, 'digest'>,
  verifier: Verifier,
  nonce: string,
  now: EpochSeconds,
): boolean {
  if (nonce.length > MAX_NONCE_CHARACTERS) return false
  const read = readChallenge(nonce, macOf(digest, verifier), (a, b) => digest.equal(a, b))
  return read.kind === 'ours' && read.expiresAt > now
}

const macOf = (digest: Needs['digest'], { challengeSecret }: Verifier) => {
  const secret = decodeBase64url(challengeSecret) ?? utf8(challengeSecret)
  return (bytes: Uint8Array) => digest.hmacSha256(secret, bytes)
}
