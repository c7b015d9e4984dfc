import type { Context } from 'hono'
import type { Issuer } from '../../domain/instance/instance.ts'
import type { RotatedKeys } from '../../domain/instance/key-rotation.ts'
import type { LastExpiry } from '../../domain/instance/key-schedule.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import type { ListedKey } from '../../use-cases/list-keys.ts'
import type { RotateKeysRefusal } from '../../use-cases/rotate-keys.ts'
import type { AppEnv } from '../app-env.ts'
import { instanceRefusal } from './instance.ts'
import { problem } from './problem.ts'

/** A key as its issuer sees it. */
export function keyJson({
  key,
  state,
  since,
  listedUntil,
  configured,
  liveCredentials,
}: ListedKey) {
  const { kid, verificationMethod, signsFrom } = key
  return {
    kid,
    verificationMethod,
    state,
    since: dateTimeStamp(since),
    ...(state === 'published' && signsFrom !== undefined
      ? { signsFrom: dateTimeStamp(signsFrom) }
      : {}),
    ...(listedUntil === undefined ? {} : { listedUntil: ending(listedUntil) }),
    configured,
    liveCredentials,
  }
}

/** Null: for as long as there is a credential without an end that nobody revoked. */
const ending = (until: LastExpiry): string | null =>
  until === 'never' ? null : dateTimeStamp(until)

/** What a rotation came to. */
export function rotationJson(publicUrl: string, issuer: Issuer, rotated: RotatedKeys) {
  const { mode, at, next, withdrawn } = rotated
  return {
    mode,
    at: dateTimeStamp(at),
    ...(next === undefined
      ? {}
      : {
          signing: {
            kid: next.key.kid,
            verificationMethod: next.key.verificationMethod,
            from: dateTimeStamp(next.signsFrom),
          },
        }),
    ...(withdrawn === undefined
      ? {}
      : {
          withdrawn: {
            kid: withdrawn.key.kid,
            verificationMethod: withdrawn.key.verificationMethod,
            liveCredentials: withdrawn.liveCredentials,
            credentials: `${publicUrl}/issuers/${issuer.id}/credentials?key=${encodeURIComponent(withdrawn.key.kid)}`,
          },
        }),
  }
}

export function rotationRefusal(c: Context<AppEnv>, refusal: RotateKeysRefusal): Response {
  const at = (pointer: string, detail: string) =>
    problem(c, refusal.reason, { errors: [{ pointer, detail }] })
  switch (refusal.reason) {
    case 'key_not_found':
      return at(`/${refusal.member}`, 'must be a key that the issuer has; GET …/keys lists them')
    case 'key_required':
      return at('/kid', 'is required: no other key of the issuer can take over')
    case 'overlap_too_short':
      return at('/overlapSeconds', `must be at least ${String(refusal.leastSeconds)}`)
    case 'key_in_use':
      return problem(c, refusal.reason, {
        detail: 'The document of the issuer lists this key already',
      })
    case 'key_compromised':
      return problem(c, refusal.reason)
    case 'rotation_under_way':
      return problem(c, refusal.reason, {
        detail: `The next key signs from ${dateTimeStamp(refusal.signsFrom)}; until then mode retire calls it off`,
      })
    case 'key_has_live_credentials': {
      const { liveCredentials, listedUntil } = refusal
      const count = `${String(liveCredentials)} live credentials`
      const until =
        listedUntil === undefined
          ? ''
          : listedUntil === 'never'
            ? ', of which one has no end: revoke it, or issue it again with another key'
            : `, and retires by itself at ${dateTimeStamp(listedUntil)}`
      return problem(c, refusal.reason, { detail: `The key signed ${count}${until}` })
    }
    case 'request_invalid':
    case 'key_not_in_document':
    case 'did_not_resolved':
    case 'idempotency_key_reused':
      return instanceRefusal(c, refusal)
  }
}
