import type { Did } from '../did/did.ts'
import type { InstanceId } from '../instance/instance.ts'
import type { JsonObject } from '../json/strict-json.ts'
import { MAX_SOFTWARE_STATEMENT_SECONDS } from '../limits.ts'
import { epochSeconds, type EpochSeconds } from '../time.ts'
import { clientMetadata } from './client-metadata.ts'
import type { ClientStatus, RegisteredClient } from './registered-client.ts'

/** A software statement (RFC 7591 §2.3) that a verifier has signed about a client of its own. */
export interface MintedStatement {
  readonly jti: string
  readonly clientId: Did
  /** The authorization server that it is for, as its `aud` says. */
  readonly audience: string
  /** The decision that it repeats. */
  readonly decisionId: string
  readonly mintedAt: EpochSeconds
  /** From then on it counts no more. */
  readonly expiresAt: EpochSeconds
  /** The statement itself, a compact JWS. */
  readonly token: string
}

/** What can be looked up about a statement, for as long as it lives. */
export interface StatementRecord extends Omit<MintedStatement, 'token'> {
  /** When its verifier took it back. */
  readonly revokedAt: EpochSeconds | undefined
}

/** Ten minutes, or until the decision ends where that is sooner. */
export const statementEnd = (
  now: EpochSeconds,
  { validUntil }: Pick<RegisteredClient, 'validUntil'>,
): EpochSeconds => epochSeconds(Math.min(now + MAX_SOFTWARE_STATEMENT_SECONDS, validUntil))

/** Where everybody sees how a statement stands: the `uri` of its only status entry. */
export const statementUrl = (publicUrl: string, verifier: InstanceId, jti: string): string =>
  `${publicUrl}/verifiers/${verifier}/software-statements/${jti}`

/**
 * The claims of a statement: the RFC 7591 metadata of the decision word for word, about one client, for
 * one authorization server, with a status entry of its own (Token Status List §6.1).
 */
export function statementClaims(
  issuer: Did,
  client: RegisteredClient,
  statement: Omit<MintedStatement, 'token'>,
  url: string,
): JsonObject {
  const { jti, audience, decisionId, mintedAt, expiresAt } = statement
  return {
    ...clientMetadata(client),
    iss: issuer,
    sub: client.clientId,
    aud: audience,
    iat: mintedAt,
    exp: expiresAt,
    jti,
    decision_id: decisionId,
    status: { status_list: { idx: 0, uri: url } },
  }
}

/** How a statement stands, in the words of Token Status List §7.1. */
export type StatementStatus = 'VALID' | 'INVALID' | 'SUSPENDED'

/**
 * A statement is worth no more than its client: one that was taken back, and one whose client is revoked or was
 * decided about anew, counts no more; while it is not known how the client stands it does not count either.
 */
export function statementStatus(
  { revokedAt, decisionId }: Pick<StatementRecord, 'revokedAt' | 'decisionId'>,
  client: { readonly status: ClientStatus; readonly decisionId: string } | undefined,
): StatementStatus {
  if (revokedAt !== undefined || client?.decisionId !== decisionId) return 'INVALID'
  switch (client.status) {
    case 'active':
      return 'VALID'
    case 'revoked':
      return 'INVALID'
    case 'suspended':
    case 'degraded':
    case 'unknown':
      return 'SUSPENDED'
  }
}
