import { utf8 } from '../domain/base64url.ts'
import { endOfCredential } from '../domain/credential/validity-period.ts'
import { isDid, methodOf, type Did } from '../domain/did/did.ts'
import { hostedInstance, type Verifier } from '../domain/instance/instance.ts'
import { isJsonObject } from '../domain/json/strict-json.ts'
import {
  CLIENT_ALARM_SECONDS,
  CLIENT_ALARM_SPREAD_SECONDS,
  CLIENT_DEGRADED_SECONDS,
  CLIENT_RETRY_SECONDS,
  CLIENT_STATUS_FLOOR_SECONDS,
  CLIENT_STATUS_SECONDS,
  DID_WEB_CACHE_SECONDS,
} from '../domain/limits.ts'
import type { ClientFollowing } from '../domain/registration/client-following.ts'
import { nextStanding, sortFindings } from '../domain/registration/client-standing.ts'
import { documentFacts } from '../domain/registration/document-changes.ts'
import type { ClientStatus, RegisteredClient } from '../domain/registration/registered-client.ts'
import { epochSeconds, isEpochSeconds, later, type EpochSeconds } from '../domain/time.ts'
import { failed, unanswered, type Check } from '../domain/verification/check.ts'
import type { ClientLook, FollowedClient } from '../ports/client-following.ts'
import type { DidResolver, ResolutionRefusal, ResolvedDid } from '../ports/did-resolver.ts'
import type { Ports } from '../ports/index.ts'
import type { StatusListCache } from '../ports/status-list-cache.ts'
import { clientBasis } from './client-basis.ts'
import { fetchBudget } from './fetch-budget.ts'
import { followDocument } from './follow-document.ts'
import { judgePresented, type Presented } from './judge-presented.ts'
import { notedEntries, notedWorld, type NotedWorld } from './own-evidence.ts'
import type { StatusListsOfRequest } from './read-status-list.ts'
import { currentPolicy } from './verification-context.ts'
import type { VerificationContext } from './verify-credential.ts'

export type LookNeeds = Pick<
  Ports,
  | 'clock'
  | 'compression'
  | 'credentialSchemas'
  | 'didResolver'
  | 'digest'
  | 'guardedFetch'
  | 'issuers'
  | 'keyArithmetic'
  | 'publicUrl'
  | 'random'
  | 'signatureVerifier'
  | 'signer'
  | 'statusLists'
  | 'verifiers'
>

/**
 * Looks again at all that the decision about a client rested on, under the policy of now:
 *
 *   presented credentials (signature, dates, trust chain, status) → DID document → end of the decision
 *
 * Nothing is stored; `keepLook` does that.
 */
export async function lookAtClient(
  needs: LookNeeds,
  verifier: Verifier,
  { client, following: kept, holds, revision }: FollowedClient,
): Promise<ClientLook> {
  const policy = await currentPolicy(needs, verifier)
  const now = needs.clock.now()
  const { clientId } = client
  const { following: before, document: decided } =
    kept?.decisionId === client.decisionId
      ? { following: kept, document: undefined }
      : await firstFollowing(needs, verifier, client, kept)

  const own = notedEntries(needs.issuers)
  const noted = notedWorld({ ...needs, issuers: own.issuers, didResolver: ownAsStored(needs) })
  const ends: EpochSeconds[] = [client.validUntil]
  const context: VerificationContext = {
    policy,
    now,
    budget: fetchBudget(undefined),
    statusLists: new Map(),
  }
  const seen = { ...needs, ...noted.world, statusLists: noticing(needs.statusLists, ends) }
  const presented = await judgePresented(seen, before.credentials, clientId, context)
  const resolved = await noted.world.didResolver.resolve(clientId, { budget: context.budget })
  const document = resolved.ok ? resolved.value : undefined
  ends.push(...credentialEnds(presented))

  const checks = [
    ...presentedChecks(before, presented),
    ...(resolved.ok ? documentChecks(resolved.value, client, now) : [unresolved(resolved.refusal)]),
    ...(client.validUntil <= now ? [failed('decision', 'registration_expired')] : []),
  ]
  const findings = sortFindings(checks, mayBeUnpublished(needs.publicUrl, before, policy.version))
  const { state, settled } = nextStanding({ state: client, settled: before.settled }, findings, now)
  const isOpen = state.status === 'degraded' || state.status === 'unknown'
  const followed = followDocument(
    { client, following: before, holds },
    [decided, document].filter((one) => one !== undefined),
    { now, newId: () => needs.random.uuid() },
  )
  return {
    basedOn: revision,
    client: { ...followed.client, ...state },
    following: {
      ...before,
      ...followed.following,
      settled,
      policyVersion: isOpen ? before.policyVersion : policy.version,
      own: noted.own(),
      evidenceAt: isOpen
        ? before.evidenceAt
        : await oldest(noted, context.statusLists, before.evidenceAt, now),
      freshUntil: isOpen ? later(now, CLIENT_RETRY_SECONDS) : freshUntil(ends, document, now),
    },
    dueAt: later(now, pause(state.status) + spreadOf(clientId)),
    snapshots: followed.snapshots,
    holds: followed.holds,
    entries: own.entries(),
  }
}

/** Documents of this deployment as they are stored, and not as they were seconds ago: a key may be gone (row K3). */
const ownAsStored = ({
  didResolver,
  publicUrl,
}: Pick<LookNeeds, 'didResolver' | 'publicUrl'>): DidResolver => ({
  resolve: (did, options = {}) =>
    didResolver.resolve(
      did,
      hostedInstance(publicUrl, did) === undefined ? options : { ...options, fresh: true },
    ),
})

/** What is kept of a client that was accepted and never looked at since; what changed is told on from `earlier`. */
async function firstFollowing(
  needs: LookNeeds,
  verifier: Verifier,
  client: RegisteredClient,
  earlier: ClientFollowing | undefined,
): Promise<{
  readonly following: ClientFollowing
  readonly document: ResolvedDid | undefined
}> {
  const { clientId, decisionId, evaluatedAt: at } = client
  const basis = await clientBasis(needs, verifier, client)
  const following: ClientFollowing = {
    clientId,
    decisionId,
    credentials: basis?.credentials ?? [],
    settled: { status: 'active', reason: undefined, since: at, at },
    policyVersion: basis?.policyVersion ?? 0,
    own: [],
    evidenceAt: at,
    freshUntil: epochSeconds(0),
    terms: undefined,
    digest: earlier?.digest,
    facts: earlier?.facts,
  }
  return { following, document: basis?.document }
}

/** Findings about what was presented: of the client's own credentials and those it acts for. */
function presentedChecks({ credentials }: ClientFollowing, presented: Presented): readonly Check[] {
  if (credentials.length === 0) return [unanswered('decision', 'registration_evidence_missing')]
  const counted = presented.credentials.filter((_, at) => {
    const role = presented.roles[at]
    return role === 'holder' || role === 'delegator'
  })
  return [...counted.flatMap(({ checks }) => checks), ...presented.checks]
}

function documentChecks(
  { document }: ResolvedDid,
  { tokenEndpointAuthSigningAlg: alg }: RegisteredClient,
  now: EpochSeconds,
): readonly Check[] {
  const { keys } = documentFacts(document, now, alg)
  return keys.length === 0 ? [failed('document', 'client_keys_missing')] : []
}

function unresolved({ reason }: ResolutionRefusal): Check {
  switch (reason) {
    case 'did_host_failed':
    case 'did_host_timeout':
    case 'fetch_budget_spent':
      return unanswered('document', reason)
    default:
      return failed('document', reason)
  }
}

/**
 * Nobody vouches for an issuer elsewhere any more, under the policy under which somebody did: what it
 * publishes may be away or emptied. Whoever ends an accreditation revokes it.
 */
const mayBeUnpublished =
  (publicUrl: string, { settled, policyVersion }: ClientFollowing, version: number) =>
  ({ code, evidence }: Check): boolean => {
    if (settled.status !== 'active' || policyVersion !== version) return false
    if (code !== 'issuer_untrusted' && code !== 'chain_incomplete') return false
    const { issuer, subject } = isJsonObject(evidence) ? evidence : {}
    const did = issuer ?? subject
    return isDid(did) && hostedInstance(publicUrl, did) === undefined
  }

/** The same memory of status lists, that tells when each list which it gave ends. */
function noticing(lists: StatusListCache, ends: EpochSeconds[]): StatusListCache {
  return {
    ...lists,
    list(key) {
      const kept = lists.list(key)
      if (kept !== undefined) ends.push(kept.expires)
      return kept
    },
    keepList(key, kept) {
      ends.push(kept.expires)
      lists.keepList(key, kept)
    },
  }
}

const credentialEnds = ({ credentials }: Presented): readonly EpochSeconds[] =>
  credentials.flatMap(({ credential }) => {
    const at = endOfCredential(credential)
    return at === undefined ? [] : [at]
  })

/** Until the first of what was seen ends, within the bounds that keep many who poll from being many who ask. */
function freshUntil(
  ends: readonly EpochSeconds[],
  document: ResolvedDid | undefined,
  now: EpochSeconds,
): EpochSeconds {
  const web = document !== undefined && methodOf(document.document.id) === 'web'
  const all = web ? [...ends, later(document.retrieved, DID_WEB_CACHE_SECONDS)] : ends
  const first = Math.min(now + CLIENT_STATUS_SECONDS, ...all.filter((end) => end > now))
  return epochSeconds(Math.max(first, now + CLIENT_STATUS_FLOOR_SECONDS))
}

/** When the oldest of what came from elsewhere was obtained; what is our own is of now. */
async function oldest(
  noted: NotedWorld,
  lists: StatusListsOfRequest,
  earlier: EpochSeconds,
  now: EpochSeconds,
): Promise<EpochSeconds> {
  // A copy that outlived its time says when its host was asked in vain, not when it was obtained.
  const asked = (await Promise.all(lists.values())).map(({ copy, refusal }) =>
    copy !== undefined && refusal === undefined ? copy.asked : earlier,
  )
  const retrieved = noted.foreign().flatMap(({ about, answer }) => {
    const { did } = isJsonObject(about) ? about : {}
    const at = isJsonObject(answer) ? answer['retrieved'] : undefined
    return isDid(did) && methodOf(did) === 'web' && isEpochSeconds(at) ? [at] : []
  })
  return epochSeconds(Math.min(now, ...asked, ...retrieved))
}

/** Until the next look that nobody asks for; a revocation is final, and only its client's document still counts. */
function pause(status: ClientStatus): number {
  if (status === 'revoked') return CLIENT_DEGRADED_SECONDS
  return status === 'degraded' || status === 'unknown' ? CLIENT_RETRY_SECONDS : CLIENT_ALARM_SECONDS
}

/** Seconds by which clients that were accepted together are looked at apart. */
const spreadOf = (clientId: Did): number =>
  utf8(clientId).reduce((sum, byte) => sum + byte, 0) % CLIENT_ALARM_SPREAD_SECONDS
