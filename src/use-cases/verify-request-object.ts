import { checkRequestObject, type RequestEndpoint } from '../domain/client-auth/request-object.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { readCompactJws } from '../domain/jws.ts'
import { passed, verdictOf, type Check } from '../domain/verification/check.ts'
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
export interface AuthorizationRequest {
  readonly clientId: string
  /** The parameter `request`. */
  readonly request: string
  readonly endpoint: RequestEndpoint
  /** The parameters beside it. */
  readonly parameters: JsonObject
}

const RULE = 'F5'

/**
 * Judges a signed authorization request (RFC 9101) by the profile that its client was registered with.
 *
 *   gate → registered and active → key and signature → claims and parameters → spend the jti
 *
 * A request object without `jti` leaves no mark: what makes it count once is then the `request_uri` of
 * the authorization server.
 */
export async function verifyRequestObject(
  needs: ClientTokenNeeds,
  verifier: Verifier,
  { clientId, request, endpoint, parameters }: AuthorizationRequest,
): Promise<ClientTokenReport> {
  const jws = readCompactJws(request, 'request-object')
  if (!jws.ok) return stopped(gateFindings(jws.refusal, RULE), clientId)
  const now = needs.clock.now()
  const client = await activeClient(needs, verifier, clientId, now)
  if (!client.ok) return stopped([passed('token'), client.refusal], clientId)

  const claims = jws.value.payload
  const { audience, id } = verifier
  const signature = await verifyClientSignature(needs, jws.value, client.value, { rule: RULE, now })
  const question = { client: client.value, audience, endpoint, parameters, now }
  const checks: readonly Check[] = [
    passed('token'),
    passed('client', { rule: 'R16' }),
    ...signature.checks,
    ...checkRequestObject(claims, question),
  ]
  const { jti, exp } = claims
  const namespace = `request-object ${id} ${clientId}`
  const all =
    jti === undefined
      ? checks
      : [
          ...checks,
          await spendOnce(needs, checks, { namespace, value: jti, ends: exp, rule: RULE }),
        ]
  return {
    verdict: verdictOf(all),
    clientId,
    claims: signature.verified ? claims : undefined,
    checks: all,
  }
}
