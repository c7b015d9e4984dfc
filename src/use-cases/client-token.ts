import { isDid } from '../domain/did/did.ts'
import { verificationMethodFor } from '../domain/did/verification-method.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import { sameKey } from '../domain/jwk.ts'
import { jwsFaults, type JwsRefusal, type UnverifiedJws } from '../domain/jws.ts'
import type { ClientKey } from '../domain/client/client-view.ts'
import { CLIENT_TRUSTED_SECONDS, EXPIRY_SKEW_SECONDS } from '../domain/limits.ts'
import { OPEN } from '../domain/registration/client-standing.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { dateTimeStamp, isEpochSeconds, later, type EpochSeconds } from '../domain/time.ts'
import {
  failed,
  notApplicable,
  passed,
  unanswered,
  verdictOf,
  type Check,
  type Verdict,
} from '../domain/verification/check.ts'
import type { FindingCode } from '../domain/verification/findings.ts'
import type { FollowedClient } from '../ports/client-following.ts'
import type { Ports } from '../ports/index.ts'
import { fetchBudget } from './fetch-budget.ts'
import { ownEntriesHold, ownEvidenceHolds } from './own-evidence.ts'
import { resolveForKey } from './resolve-for-key.ts'
import { currentPolicy } from './verification-context.ts'

/** What judging a client's token may touch. */
export type ClientTokenNeeds = Pick<
  Ports,
  'clock' | 'didResolver' | 'issuers' | 'signatureVerifier' | 'spentValues' | 'verifiers'
>

/** What was found about a token that a client sent to its authorization server. */
export interface ClientTokenReport {
  readonly verdict: Verdict
  /** Whose token it was taken for; `undefined` where nobody was named. */
  readonly clientId: string | undefined
  /** What it says; present once its signature was verified. */
  readonly claims: JsonObject | undefined
  readonly checks: readonly Check[]
}

const RULE = 'R16'

type ActiveNeeds = Pick<Ports, 'issuers' | 'verifiers'>

/**
 * The client, when this verifier accepted it and the acceptance counts now. Asks the stores of this
 * deployment and nobody else: a stranger causes no fetch. What a look at the client found counts while
 * it is not old, and the policy and this deployment's own issuers say what they said then: a
 * revocation by one of them refuses the very next token.
 */
export async function activeClient(
  needs: ActiveNeeds,
  verifier: Verifier,
  clientId: string | undefined,
  now: EpochSeconds,
): Promise<Result<RegisteredClient, Check>> {
  const fail = (code: Parameters<typeof failed>[1]) =>
    refuse(failed('client', code, { rule: RULE }))
  if (clientId === undefined) return fail('client_unknown')
  if (!isDid(clientId)) return fail('did_invalid')
  const known = await needs.verifiers.recentClient(verifier.id, clientId)
  if (known === undefined) return fail('client_unknown')
  const { client } = known
  const { status, validUntil } = client
  if (status !== 'active' && status !== 'degraded' && status !== 'unknown')
    return refuse(failed('client', 'client_not_active', { rule: RULE, evidence: stateOf(client) }))
  if (status === 'active' && validUntil <= now) return fail('registration_expired')
  return status === 'active' && (await stillCounts(needs, verifier, known, now))
    ? ok(client)
    : refuse(
        unanswered('client', 'client_status_unknown', { rule: RULE, evidence: stateOf(client) }),
      )
}

const stateOf = ({ status, evaluatedAt, reason }: RegisteredClient): JsonObject => ({
  status,
  evaluatedAt: dateTimeStamp(evaluatedAt),
  ...(reason === undefined ? {} : { reason }),
})

/** A client that was not looked at since its decision rests on the decision. */
async function stillCounts(
  needs: ActiveNeeds,
  verifier: Verifier,
  { client, following, entries, decidedUnder }: FollowedClient,
  now: EpochSeconds,
): Promise<boolean> {
  if (later(client.evaluatedAt, CLIENT_TRUSTED_SECONDS) < now) return false
  const isLookedAt = following?.decisionId === client.decisionId
  const [policy, own] = await Promise.all([
    currentPolicy(needs, verifier),
    isLookedAt
      ? ownEvidenceHolds(needs.issuers, following.own)
      : ownEntriesHold(needs.issuers, entries),
  ])
  const version = isLookedAt ? following.policyVersion : decidedUnder
  return own && (version === undefined || policy.version === version)
}

/** Checks `key`, `signature` and `key_listed`. */
interface SignatureAnswer {
  readonly checks: readonly Check[]
  /** True once the signature of a registered key was verified. */
  readonly verified: boolean
}

/**
 * Did this client sign it, with a key that it registered and still publishes?
 *
 *   kid names a registered key → verify → the DID document lists that very key for authentication
 *
 * The document is asked for last, and only by a token that the client itself has signed; it may come
 * from the cache. A key that the cached document lacks is looked for once in a fresh one (D25).
 */
export async function verifyClientSignature(
  needs: Pick<Ports, 'didResolver' | 'signatureVerifier'>,
  jws: UnverifiedJws,
  client: RegisteredClient,
  { rule, now }: { readonly rule: string; readonly now: EpochSeconds },
): Promise<SignatureAnswer> {
  const key = client.keys.find(({ kid }) => kid === jws.kid)
  const rest = [notApplicable('signature', { rule }), notApplicable('key_listed', { rule })]
  if (key === undefined)
    return { checks: [failed('key', 'key_not_registered', { rule }), ...rest], verified: false }
  const verified = await needs.signatureVerifier.verify(jws, key.jwk)
  const evidence = { kid: key.kid }
  if (verified.ok) {
    const listed = await checkListed(needs, client, key, { rule, now })
    const checks = [passed('key', { rule, evidence }), passed('signature', { rule }), listed]
    return { checks, verified: true }
  }
  const { reason } = verified.refusal
  const checks =
    reason === 'signature_invalid'
      ? [
          passed('key', { rule, evidence }),
          failed('signature', reason, { rule }),
          notApplicable('key_listed', { rule }),
        ]
      : [failed('key', reason, { rule, evidence }), ...rest]
  return { checks, verified: false }
}

async function checkListed(
  needs: Pick<Ports, 'didResolver'>,
  { clientId }: RegisteredClient,
  { kid, jwk }: ClientKey,
  { rule, now }: { readonly rule: string; readonly now: EpochSeconds },
): Promise<Check> {
  const check = 'key_listed'
  const resolved = await resolveForKey(needs, clientId, kid, fetchBudget(undefined))
  if (!resolved.ok) {
    const { reason } = resolved.refusal
    return AWAY.has(reason) ? unanswered(check, reason, { rule }) : failed(check, reason, { rule })
  }
  const method = verificationMethodFor(resolved.value.document, 'authentication', kid, now)
  if (!method.ok) return failed(check, method.refusal.reason, { rule, evidence: { kid } })
  return sameKey(method.value.publicKeyJwk, jwk)
    ? passed(check, { rule })
    : failed(check, 'key_replaced', { rule, evidence: { kid } })
}

/** Outages answer nothing, nor does what any broken host would say; every other refusal is an answer. */
const AWAY: ReadonlySet<FindingCode> = new Set([
  ...OPEN,
  'did_host_failed',
  'did_host_timeout',
  'fetch_budget_spent',
])

/**
 * Spends what makes a token count once, last of all and only for one that is good otherwise, so that a
 * refused token can be mended and sent again. Of simultaneous uses one is accepted.
 */
export async function spendOnce(
  { spentValues }: Pick<Ports, 'spentValues'>,
  checks: readonly Check[],
  {
    namespace,
    value,
    ends,
    rule,
  }: {
    readonly namespace: string
    readonly value: Json | undefined
    /** From then on the token counts no more; the value is remembered a little longer. */
    readonly ends: Json | undefined
    readonly rule: string
  },
): Promise<Check> {
  const good = verdictOf(checks) === 'valid'
  if (!good || typeof value !== 'string' || !isEpochSeconds(ends))
    return notApplicable('replay', { rule })
  return (await spentValues.firstUse(namespace, value, later(ends, EXPIRY_SKEW_SECONDS + 1)))
    ? passed('replay', { rule })
    : failed('replay', 'token_replayed', { rule })
}

/** What the gate found, each fault as a finding of its own. */
export const gateFindings = (refusal: JwsRefusal, rule: string): readonly Check[] =>
  jwsFaults(refusal).map(({ reason, ...evidence }) => failed('token', reason, { rule, evidence }))

/** A token that nothing more can be said about. */
export const stopped = (
  checks: readonly Check[],
  clientId: string | undefined,
): ClientTokenReport => ({ verdict: verdictOf(checks), clientId, claims: undefined, checks })
