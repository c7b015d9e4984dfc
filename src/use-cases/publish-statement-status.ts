import { encodeBase64url } from '../domain/base64url.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import { CLIENT_STATUS_FLOOR_SECONDS, EXPIRY_SKEW_SECONDS } from '../domain/limits.ts'
import {
  statementStatus,
  statementUrl,
  type StatementRecord,
  type StatementStatus,
} from '../domain/registration/minted-statement.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { tokenStatusBytes } from '../domain/status-list/bits.ts'
import { later } from '../domain/time.ts'
import type { Ports } from '../ports/index.ts'
import { clientStatusNow } from './follow-clients.ts'

type Needs = Parameters<typeof clientStatusNow>[0] &
  Pick<Ports, 'clock' | 'compression' | 'publicUrl' | 'signer' | 'verifiers'>

/** A statement, and how it stands now. */
export interface StatementNow {
  readonly statement: StatementRecord
  readonly status: StatementStatus
}

/** How a statement stands now, with its client. `undefined`: never signed, or past its end. */
export async function statementStatusNow(
  needs: Needs,
  verifier: Verifier,
  jti: string,
): Promise<StatementNow | undefined> {
  const statement = await needs.verifiers.statement(verifier.id, jti)
  const ended = needs.clock.now() - EXPIRY_SKEW_SECONDS
  if (statement === undefined || statement.expiresAt <= ended) return undefined
  const known = await clientStatusNow(needs, verifier, statement.clientId)
  // Whoever decides no more vouches for nobody.
  const status =
    verifier.retiredAt === undefined ? statementStatus(statement, known?.client) : 'INVALID'
  return { statement, status }
}

/**
 * The status as a Token Status List (§5.1) of one entry, signed by the verifier: a list of its own for each
 * statement, found by a `jti` that nobody can guess.
 */
export async function signStatementStatus(
  needs: Needs,
  verifier: Verifier,
  { statement, status }: StatementNow,
): Promise<Result<string, { readonly reason: 'signing_key_missing' }>> {
  const now = needs.clock.now()
  const key = signingKey(verifier, needs.signer.keys, now)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  const entry = { index: 0, revoked: status === 'INVALID', suspended: status === 'SUSPENDED' }
  const bytes = tokenStatusBytes(1, [entry])
  const claims = {
    iss: verifier.did,
    sub: statementUrl(needs.publicUrl, verifier.id, statement.jti),
    iat: now,
    exp: later(statement.expiresAt, EXPIRY_SKEW_SECONDS),
    ttl: CLIENT_STATUS_FLOOR_SECONDS,
    status_list: { bits: 2, lst: encodeBase64url(await needs.compression.zlib(bytes)) },
  }
  const header = { typ: 'statuslist+jwt', kid: key.verificationMethod }
  return ok(await needs.signer.sign(key.kid, header, claims))
}
