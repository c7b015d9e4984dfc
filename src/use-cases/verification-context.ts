import type { Verifier } from '../domain/instance/instance.ts'
import type { PolicyVersion } from '../domain/trust/policy.ts'
import type { Ports } from '../ports/index.ts'
import { fetchBudget } from './fetch-budget.ts'
import type { VerificationContext } from './verify-credential.ts'

/** The policy that counts now. */
export async function currentPolicy(
  { verifiers }: Pick<Ports, 'verifiers'>,
  verifier: Verifier,
): Promise<PolicyVersion> {
  const policy = await verifiers.policy(verifier.id)
  if (policy === undefined) throw new Error('the verifier has no policy')
  return policy
}

/**
 * One verification: its policy version, its one look at the clock, its fetch budget. `caller` is the
 * stranger who asks; absent for who has a token.
 */
export async function verificationContext(
  ports: Pick<Ports, 'clock' | 'verifiers'>,
  verifier: Verifier,
  caller?: string,
): Promise<VerificationContext> {
  const policy = await currentPolicy(ports, verifier)
  return { policy, now: ports.clock.now(), budget: fetchBudget(caller), statusLists: new Map() }
}
