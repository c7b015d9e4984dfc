import type { Did } from '../domain/did/did.ts'
import type { InstanceKey, Verifier } from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import { JWS_PURPOSES } from '../domain/jws-purpose.ts'
import {
  statementClaims,
  statementEnd,
  statementUrl,
  type MintedStatement,
} from '../domain/registration/minted-statement.ts'
import type { ClientStatus } from '../domain/registration/registered-client.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import { clientStatusNow } from './follow-clients.ts'
import type { SealingRefusal } from './seal-evidence.ts'

type Needs = Parameters<typeof clientStatusNow>[0] &
  Pick<Ports, 'clock' | 'publicUrl' | 'random' | 'signer' | 'verifiers'>

export type MintRefusal =
  | SealingRefusal
  | { readonly reason: 'not_found' | 'idempotency_key_reused' }
  | { readonly reason: 'client_not_active'; readonly status: ClientStatus }

/** Which client a statement is about, and which authorization server it is for. */
export interface StatementWish {
  readonly clientId: Did
  readonly audience: string
}

/**
 * Signs a software statement (RFC 7591 §2.3) about a client that this verifier has accepted, for an
 * authorization server that knows nothing of credentials.
 *
 *   key → how does the client stand now? active → sign → remember
 *
 * It says what the decision says, and nothing that anybody asks for here.
 */
export async function mintSoftwareStatement(
  needs: Needs,
  verifier: Verifier,
  { clientId, audience }: StatementWish,
  change: Change,
): Promise<Result<MintedStatement, MintRefusal>> {
  const key = statementKey(needs, verifier, change.at)
  if (!key.ok) return key
  const known = await clientStatusNow(needs, verifier, clientId)
  if (known === undefined) return refuse({ reason: 'not_found' })
  const { client } = known
  const now = needs.clock.now()
  const active = client.status === 'active' && now < client.validUntil
  if (!active) return refuse({ reason: 'client_not_active', status: client.status })
  const statement = {
    jti: needs.random.uuid(),
    clientId,
    audience,
    decisionId: client.decisionId,
    mintedAt: now,
    expiresAt: statementEnd(now, client),
  }
  const { kid, verificationMethod } = key.value
  const url = statementUrl(needs.publicUrl, verifier.id, statement.jti)
  const token = await needs.signer.sign(
    kid,
    { typ: 'software-statement+jwt', kid: verificationMethod },
    statementClaims(verifier.did, client, statement, url),
  )
  const kept = await needs.verifiers.keepStatement(verifier.id, { ...statement, token }, change)
  return kept.ok ? ok(kept.value.value) : kept
}

/** The key that signs now, of those whose algorithm every reader of a software statement takes (rule F6). */
function statementKey(
  { signer }: Pick<Needs, 'signer'>,
  verifier: Verifier,
  now: EpochSeconds,
): Result<InstanceKey, SealingRefusal> {
  if (verifier.keys.length === 0) return refuse({ reason: 'verifier_without_keys' })
  const algs: readonly string[] = JWS_PURPOSES['software-statement'].algs
  const fit = signer.keys.filter(({ alg }) => algs.includes(alg))
  const key = signingKey(verifier, fit, now)
  return key === undefined ? refuse({ reason: 'signing_key_missing' }) : ok(key)
}
