import type { InstanceId, Verifier } from '../domain/instance/instance.ts'
import type { PolicyVersion, TrustPolicy } from '../domain/trust/policy.ts'
import type { Applied, Change } from './change.ts'
import type { ClientEntries } from './client-entries.ts'
import type { ClientFollowings } from './client-following.ts'
import type { OwnEntry } from '../domain/registration/own-entry.ts'
import type { RedirectHold } from '../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../domain/registration/registered-client.ts'
import type { Decisions, Retention, SealedDecision } from './decisions.ts'
import type { Founding, InstanceStore } from './instance-store.ts'
import type { Page, PageRequest } from './page.ts'
import type { SoftwareStatements } from './software-statements.ts'
import type { VerifierArchive } from './verifier-archive.ts'
import type { VerifierClients } from './verifier-clients.ts'

/** A verifier has a policy from its first moment: version 1. */
export interface VerifierFounding extends Founding {
  readonly policy: TrustPolicy
}

/** A client that is accepted, with the decision about it. */
export interface Registration {
  readonly decision: SealedDecision
  readonly client: RegisteredClient
  /** For hosts that it asked for and did not get. */
  readonly holds: readonly RedirectHold[]
  /** All that it rests on at issuers of this deployment. */
  readonly entries: readonly OwnEntry[]
}

export interface VerifierStore
  extends
    InstanceStore<Verifier, VerifierFounding>,
    Decisions,
    VerifierClients,
    ClientFollowings,
    ClientEntries,
    VerifierArchive,
    SoftwareStatements {
  /** The newest version; undefined only when there is no such verifier. */
  policy(id: InstanceId): Promise<PolicyVersion | undefined>
  /** Adds a version; versions count up from 1 without gaps. Every client is due to be looked at under it. */
  putPolicy(id: InstanceId, policy: TrustPolicy, change: Change): Promise<Applied<PolicyVersion>>
  /**
   * Accepts a client: stores the decision with its evidence and the client under its DID, in the place of
   * what was there (`registeredAt` of the first time stays), and lets old decisions go as `keepDecision`
   * does. In one transaction with the audit records, and with a row of the change feed where something
   * changed that an authorization server must know. Answers with the `id` of the decision that was stored
   * under this mark. The redirect hosts that a known client asks for are held, and it gets no host that was
   * not accepted before (row V16): `superseded` says that it was accepted otherwise meanwhile, and nothing
   * is stored.
   */
  register(
    id: InstanceId,
    registration: Registration,
    retention: Retention,
    change: Change,
  ): Promise<Applied<string> | 'superseded'>
  /** Oldest first. */
  policyVersions(id: InstanceId, page: PageRequest): Promise<Page<PolicyVersion>>
}
