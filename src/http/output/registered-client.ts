import { clientMetadata } from '../../domain/registration/client-metadata.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import { dateTimeStamp, type EpochSeconds } from '../../domain/time.ts'

/**
 * A registered client as its verifier sees it at `now`: the metadata, and what it rests on. The end of
 * its decision shows at once, not with the next look at it.
 */
export const registeredClientView = (client: RegisteredClient, now: EpochSeconds) => {
  const { status, reason, since } = stateAt(client, now)
  return {
    ...clientMetadata(client),
    profile: client.profile,
    status,
    ...(reason === undefined ? {} : { reason }),
    since: dateTimeStamp(since),
    evaluatedAt: dateTimeStamp(client.evaluatedAt),
    legalEntity: client.legalEntity,
    roles: client.roles,
    interfaces: client.interfaces,
    decisionId: client.decisionId,
    validUntil: dateTimeStamp(client.validUntil),
    registeredAt: dateTimeStamp(client.registeredAt),
  }
}

const stateAt = (
  client: RegisteredClient,
  now: EpochSeconds,
): Pick<RegisteredClient, 'status' | 'reason' | 'since'> =>
  client.validUntil <= now && client.status !== 'revoked' && client.status !== 'suspended'
    ? { status: 'suspended', reason: 'registration_expired', since: client.validUntil }
    : client
