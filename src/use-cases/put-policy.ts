import type { Verifier } from '../domain/instance/instance.ts'
import { ok, type Result } from '../domain/result.ts'
import type { PolicyVersion, TrustPolicy } from '../domain/trust/policy.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'

/** Adds a version of the verifier's policy; it counts from the next verification on. */
export async function putPolicy(
  { events, verifiers }: Pick<Ports, 'events' | 'verifiers'>,
  verifier: Verifier,
  policy: TrustPolicy,
  change: Change,
): Promise<Result<PolicyVersion, { readonly reason: 'idempotency_key_reused' }>> {
  const put = await verifiers.putPolicy(verifier.id, policy, change)
  if (!put.ok) return put
  const { value, replayed } = put.value
  if (!replayed) events.policyChanged({ verifier: verifier.id, version: value.version })
  return ok(value)
}
