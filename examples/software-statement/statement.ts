import { inflateSync } from 'node:zlib'
import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'

/** Whose statements this server accepts: one verifier, by its DID and where its keys are. */
export interface StatementIssuer {
  readonly did: string
  readonly jwksUri: string
}

/** Tells a statement that counts from one that does not: the claims, or why not. */
export type StatementVerifier = (
  statement: unknown,
) => Promise<
  { readonly ok: true; readonly claims: JWTPayload } | { readonly ok: false; readonly why: string }
>

/** RFC 7591 §2.3, with the limits that the verifier keeps itself. */
const MAX_AGE_SECONDS = 600

/**
 * Verifies software statements with nothing but a JOSE library: signature, issuer, audience, age, that it is
 * the first use of its `jti`, and its status entry (Token Status List), which its issuer may have set.
 */
export function statementVerifier(issuer: StatementIssuer, audience: string): StatementVerifier {
  const keys = createRemoteJWKSet(new URL(issuer.jwksUri))
  // NOTE: stands in for your database: a statement may count once in all your processes together.
  const used = new Set<string>()
  return async (statement) => {
    try {
      const { payload } = await jwtVerify(String(statement), keys, {
        issuer: issuer.did,
        audience,
        typ: 'software-statement+jwt',
        requiredClaims: ['sub', 'jti', 'exp', 'status'],
        maxTokenAge: MAX_AGE_SECONDS,
      })
      if ((await statusOf(payload, issuer, keys)) !== 0)
        return { ok: false, why: 'the software statement was revoked' }
      const jti = payload.jti ?? ''
      if (used.has(jti)) return { ok: false, why: 'the software statement was used before' }
      used.add(jti)
      return { ok: true, claims: payload }
    } catch (error) {
      return { ok: false, why: error instanceof Error ? error.message : 'unknown' }
    }
  }
}

/** The statement's entry in the list that it points at: 0 is valid. Throws where the list cannot be had. */
async function statusOf(
  { status }: JWTPayload,
  issuer: StatementIssuer,
  keys: JWTVerifyGetKey,
): Promise<number> {
  const { idx, uri } = (status as { readonly status_list: { idx: number; uri: string } })
    .status_list
  const answer = await fetch(uri, { headers: { Accept: 'application/statuslist+jwt' } })
  if (!answer.ok) throw new Error(`the status of the statement is not to be had: ${answer.status}`)
  const { payload } = await jwtVerify(await answer.text(), keys, {
    issuer: issuer.did,
    subject: uri,
    typ: 'statuslist+jwt',
  })
  const { bits, lst } = payload['status_list'] as { readonly bits: number; readonly lst: string }
  const bytes = inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: 1024 * 1024 })
  const bit = idx * bits
  const byte = bytes[Math.floor(bit / 8)]
  if (byte === undefined) throw new Error('the list of statuses is too short')
  return (byte >> (bit % 8)) & (2 ** bits - 1)
}
