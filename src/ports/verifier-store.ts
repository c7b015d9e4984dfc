import type { InstanceId, Verifier } from '../domain/instance/instance.ts'
import type { PolicyVersion, TrustPolicy } from '../domain/trust/policy.ts'
import type { Applied, Change } from './change.ts'
import type { Decisions } from './decisions.ts'
import type { Founding, InstanceStore } from './instance-store.ts'
import type { Page, PageRequest } from './page.ts'
import type { VerifierClients } from './verifier-clients.ts'

/** A verifier has a policy from its first moment: version 1. */
export interface VerifierFounding extends Founding {
  readonly policy: TrustPolicy
}

export interface VerifierStore
  extends InstanceStore<Verifier, VerifierFounding>, Decisions, VerifierClients {
  /** The newest version; undefined only when there is no such verifier. */
  policy(id: InstanceId): Promise<PolicyVersion | undefined>
  /** Adds a version; versions count up from 1 without gaps. */
  putPolicy(id: InstanceId, policy: TrustPolicy, change: Change): Promise<Applied<PolicyVersion>>
  /** Oldest first. */
  policyVersions(id: InstanceId, page: PageRequest): Promise<Page<PolicyVersion>>
}
