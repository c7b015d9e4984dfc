import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import { joinedBytes } from '../../domain/joined-bytes.ts'
import { MAX_IDEMPOTENCY_KEY_CHARACTERS } from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import type { Change } from '../../ports/change.ts'
import type { Ports } from '../../ports/index.ts'

/** Of a request whose body is not looked at. */
export const NO_BODY = new Uint8Array()

/** Printable ASCII without the space around it. */
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/**
 * Who changes what, when, and under which `Idempotency-Key`: one of its own, whoever else uses the same
 * (row H13). The digest covers method, path and body.
 */
export function readChange(
  { clock, digest }: Pick<Ports, 'clock' | 'digest'>,
  request: Request,
  body: Uint8Array,
  actor: string,
): Result<Change, { readonly reason: 'idempotency_key_invalid' }> {
  const at = clock.now()
  const key = request.headers.get('Idempotency-Key')
  if (key === null) return ok({ actor, at, mark: undefined })
  if (key.length > MAX_IDEMPOTENCY_KEY_CHARACTERS || !KEY.test(key)) {
    return refuse({ reason: 'idempotency_key_invalid' })
  }
  const target = utf8(`${request.method} ${new URL(request.url).pathname}\n`)
  // No actor and no key has a line break.
  const own = `${actor}\n${key}`
  return ok({
    actor,
    at,
    mark: { key: own, request: encodeBase64url(digest.sha256(joinedBytes([target, body]))) },
  })
}
