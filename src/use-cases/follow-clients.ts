import type { Did } from '../domain/did/did.ts'
import type { InstanceId, Verifier } from '../domain/instance/instance.ts'
import { CLIENT_ALARM_BATCH } from '../domain/limits.ts'
import type { ClientFollowing } from '../domain/registration/client-following.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import { StorageUnavailable } from '../ports/change.ts'
import type { FollowedClient } from '../ports/client-following.ts'
import type { Ports } from '../ports/index.ts'
import { lookAtClient, type LookNeeds } from './look-at-client.ts'
import { ownEvidenceHolds } from './own-evidence.ts'
import { currentPolicy } from './verification-context.ts'

type Needs = LookNeeds & Pick<Ports, 'events'>

/** How a client stands, and what that was found from. */
export interface ClientStatusNow {
  readonly client: RegisteredClient
  readonly following: ClientFollowing
}

/** Looks that one question starts at most, when others change the client under it. */
const MAX_LOOKS = 4

/**
 * How a client stands now. What this deployment's own issuers and the policy say is asked each time; what
 * others host is asked again when its time is over, by one of those who want to know. `undefined`:
 * this verifier never accepted the DID.
 */
export async function clientStatusNow(
  needs: Needs,
  verifier: Verifier,
  clientId: Did,
): Promise<ClientStatusNow | undefined> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const followed = await needs.verifiers.followedClient(verifier.id, clientId)
    if (followed === undefined) return undefined
    const known = await stillKnown(needs, verifier, followed)
    if (known !== undefined) return known
    const look = await lookAndKeep(needs, verifier, followed, 'status')
    if (look !== undefined) return look
  }
  throw new StorageUnavailable('the client changes faster than it can be looked at')
}

/** The last answer, where it still is the answer; or where another is looking for the next one. */
async function stillKnown(
  needs: Needs,
  verifier: Verifier,
  { client, following }: FollowedClient,
): Promise<ClientStatusNow | undefined> {
  if (following?.decisionId !== client.decisionId) return undefined
  const now = needs.clock.now()
  const policy = await currentPolicy(needs, verifier)
  const sameLaw = policy.version === following.policyVersion && now < client.validUntil
  const isOpen = client.status === 'degraded' || client.status === 'unknown'
  const expired = client.reason === 'registration_expired'
  const own = await ownEvidenceHolds(needs.issuers, following.own)
  if (!own || !(sameLaw || isOpen || expired)) return undefined
  const isFresh = client.evaluatedAt <= now && now < following.freshUntil
  if (isFresh || !(await needs.verifiers.claimClient(verifier.id, client.clientId, now)))
    return { client, following }
  return undefined
}

/**
 * Looks at the clients of a verifier that are due, a bounded number of them, the longest due first. Run by
 * the verifier's own alarm, so that it depends on no traffic. One that cannot be looked at keeps nobody
 * else waiting: it stays due.
 */
export async function followDueClients(needs: Needs, id: InstanceId): Promise<void> {
  const verifier = (await needs.verifiers.find(id))?.instance
  if (verifier === undefined) return
  const due = await needs.verifiers.dueClients(id, needs.clock.now(), CLIENT_ALARM_BATCH)
  for (const clientId of due) {
    try {
      await lookUnlessClaimed(needs, verifier, clientId)
    } catch (cause) {
      const fault = cause instanceof Error ? cause.name : 'unknown'
      needs.events.clientNotFollowed({ verifier: id, client: clientId, fault })
    }
  }
}

async function lookUnlessClaimed(needs: Needs, verifier: Verifier, clientId: Did): Promise<void> {
  const { verifiers, clock } = needs
  if (!(await verifiers.claimClient(verifier.id, clientId, clock.now()))) return
  const followed = await verifiers.followedClient(verifier.id, clientId)
  if (followed !== undefined) await lookAndKeep(needs, verifier, followed, 'alarm')
}

/** `undefined` when the client was changed meanwhile, and nothing was stored. */
async function lookAndKeep(
  needs: Needs,
  verifier: Verifier,
  followed: FollowedClient,
  actor: 'status' | 'alarm',
): Promise<ClientStatusNow | undefined> {
  const { client, following, ...look } = await lookAtClient(needs, verifier, followed)
  const change = { actor, at: client.evaluatedAt, mark: undefined }
  const kept = await needs.verifiers.keepLook(verifier.id, { client, following, ...look }, change)
  if (kept === 'superseded') return undefined
  const { clientId, status, reason } = client
  if (status !== followed.client.status)
    needs.events.clientFollowed({ verifier: verifier.id, client: clientId, status, reason })
  return { client, following }
}
