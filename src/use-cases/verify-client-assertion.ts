import { checkClientAssertion, JWT_BEARER } from '../domain/client-auth/client-assertion.ts'
import { isDid } from '../domain/did/did.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import { readCompactJws } from '../domain/jws.ts'
import { failed, passed, verdictOf } from '../domain/verification/check.ts'
import {
  activeClient,
  gateFindings,
  spendOnce,
  stopped,
  verifyClientSignature,
  type ClientTokenNeeds,
  type ClientTokenReport,
} from './client-token.ts'

/** What came to the authorization server's endpoint. */
export interface ClientAssertion {
  /** The parameter of that name, where there was one. */
  readonly clientId: string | undefined
  readonly type: string
  readonly assertion: string
}

const RULE = 'F1'

/**
 * Authenticates a client whose `client_id` is a DID, by `private_key_jwt` (RFC 7523 §3, FAPI 2.0).
 *
 *   gate → registered and active → key and signature → claims → spend the jti
 */
export async function verifyClientAssertion(
  needs: ClientTokenNeeds,
  verifier: Verifier,
  { clientId: named, type, assertion }: ClientAssertion,
): Promise<ClientTokenReport> {
  const typed =
    type === JWT_BEARER
      ? passed('client_assertion_type', { rule: RULE })
      : failed('client_assertion_type', 'assertion_type_not_supported', { rule: RULE })
  const jws = readCompactJws(assertion, 'client-assertion')
  if (!jws.ok) return stopped([typed, ...gateFindings(jws.refusal, RULE)], named)
  const claims = jws.value.payload
  const { sub, jti, exp } = claims
  const clientId = named ?? (isDid(sub) ? sub : undefined)
  const now = needs.clock.now()
  const client = await activeClient(needs, verifier, clientId, now)
  if (!client.ok) return stopped([typed, passed('token'), client.refusal], clientId)

  const { clientId: did } = client.value
  const signature = await verifyClientSignature(needs, jws.value, client.value, { rule: RULE, now })
  const checks = [
    typed,
    passed('token'),
    passed('client', { rule: 'R16' }),
    ...signature.checks,
    ...checkClientAssertion(claims, { clientId: did, audience: verifier.audience, now }),
  ]
  const replay = await spendOnce(needs, checks, {
    namespace: `client-assertion ${verifier.id} ${did}`,
    value: jti,
    ends: exp,
    rule: RULE,
  })
  const all = [...checks, replay]
  return {
    verdict: verdictOf(all),
    clientId,
    claims: signature.verified ? claims : undefined,
    checks: all,
  }
}
