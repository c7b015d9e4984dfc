import type { Context } from 'hono'
import { decodeBase64url, utf8 } from '../../domain/base64url.ts'
import { isInstanceId, type Issuer, type Verifier } from '../../domain/instance/instance.ts'
import { readInstanceToken } from '../../domain/instance/token.ts'
import type { Digest } from '../../ports/digest.ts'
import type { InstanceStore, StoredInstance } from '../../ports/instance-store.ts'
import type { AppEnv } from '../app-env.ts'
import type { Door } from '../mount.ts'
import { problem } from '../output/problem.ts'

/** The scheme is case-insensitive (RFC 9110 §11.1); anything but Bearer is no token (row H7). */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i

export function bearerToken(c: Context): string | undefined {
  return BEARER.exec(c.req.header('Authorization') ?? '')?.[1]
}

function unauthorized(c: Context<AppEnv>, reason: 'token_missing' | 'token_invalid'): Response {
  c.var.ports.events.authorizationRefused({ requestId: c.var.requestId, reason })
  const error = reason === 'token_missing' ? '' : ', error="invalid_token"'
  return problem(c, reason, { headers: { 'WWW-Authenticate': `Bearer realm="lso-trust"${error}` } })
}

/** Lets the admin token in. `adminTokenHash` is its SHA-256; the comparison takes constant time (H8). */
export const adminOnly =
  (adminTokenHash: Uint8Array): Door =>
  (handler) =>
  (c) => {
    const token = bearerToken(c)
    if (token === undefined) return unauthorized(c, 'token_missing')
    const { digest } = c.get('ports')
    return digest.equal(digest.sha256(utf8(token)), adminTokenHash)
      ? handler(c)
      : unauthorized(c, 'token_invalid')
  }

/**
 * The instance of the path, when its own token was presented. A token of another instance, and any
 * token for a name that cannot be, is answered like an unknown name (row H9).
 */
async function owned<Instance>(
  c: Context<AppEnv>,
  kind: 'issuer' | 'verifier',
  store: Pick<InstanceStore<Instance>, 'find'>,
): Promise<Instance | Response> {
  const token = bearerToken(c)
  if (token === undefined) return unauthorized(c, 'token_missing')
  const named = readInstanceToken(token)
  if (named === undefined) return unauthorized(c, 'token_invalid')
  const id = c.req.param('id')
  if (!isInstanceId(id) || named.kind !== kind || named.id !== id) return problem(c, 'not_found')
  const { digest } = c.get('ports')
  const stored = await store.find(id)
  if (!isTokenOf(digest, stored, utf8(token)) || stored === undefined)
    return unauthorized(c, 'token_invalid')
  return stored.instance
}

/**
 * The token that was last accepted for a record, as long as the isolate has that record: a new token
 * comes with a new record. It spares the digest, which costs as much as reading the body.
 */
const accepted = new WeakMap<object, Uint8Array>()

/** Both comparisons take constant time (H8); for an unknown name the digest is taken all the same. */
function isTokenOf(
  digest: Digest,
  stored: Pick<StoredInstance<unknown>, 'tokenHash'> | undefined,
  token: Uint8Array,
): boolean {
  const before = stored && accepted.get(stored)
  if (before !== undefined && digest.equal(token, before)) return true
  const hash = decodeBase64url(stored?.tokenHash ?? '') ?? new Uint8Array()
  const matches = digest.equal(digest.sha256(token), hash)
  if (matches && stored !== undefined) accepted.set(stored, token)
  return matches
}

/** A handler that is given the instance whose token was presented. */
type OwnerHandler<Instance> = (
  c: Context<AppEnv>,
  instance: Instance,
) => Response | Promise<Response>

/** Lets the issuer's own token in, and nobody else's. */
export const asIssuer = (handler: OwnerHandler<Issuer>) => async (c: Context<AppEnv>) => {
  const issuer = await owned(c, 'issuer', c.get('ports').issuers)
  return issuer instanceof Response ? issuer : handler(c, issuer)
}

/** Lets the verifier's own token in, and nobody else's. */
export const asVerifier = (handler: OwnerHandler<Verifier>) => async (c: Context<AppEnv>) => {
  const verifier = await owned(c, 'verifier', c.get('ports').verifiers)
  return verifier instanceof Response ? verifier : handler(c, verifier)
}
