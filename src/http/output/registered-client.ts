import { clientMetadata } from '../../domain/registration/client-metadata.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import { dateTimeStamp } from '../../domain/time.ts'

/** A registered client as its verifier sees it: the metadata, and what it rests on. */
export const registeredClientView = (client: RegisteredClient) => ({
  ...clientMetadata(client),
  profile: client.profile,
  status: client.status,
  ...(client.reason === undefined ? {} : { reason: client.reason }),
  since: dateTimeStamp(client.since),
  evaluatedAt: dateTimeStamp(client.evaluatedAt),
  legalEntity: client.legalEntity,
  roles: client.roles,
  interfaces: client.interfaces,
  decisionId: client.decisionId,
  validUntil: dateTimeStamp(client.validUntil),
  registeredAt: dateTimeStamp(client.registeredAt),
})
