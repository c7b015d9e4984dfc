import { Hono, type Context } from 'hono'
import { normalHttpUri } from '../../domain/client-auth/http-uri.ts'
import { REQUEST_ENDPOINTS } from '../../domain/client-auth/request-object.ts'
import type { Verifier } from '../../domain/instance/instance.ts'
import * as json from '../../domain/json/decode.ts'
import {
  MAX_DID_CHARACTERS,
  MAX_HTM_CHARACTERS,
  MAX_NONCE_CHARACTERS,
  MAX_TEXT_CHARACTERS,
  MAX_TOKEN_CHARACTERS,
} from '../../domain/limits.ts'
import type { ClientTokenReport } from '../../use-cases/client-token.ts'
import { verifyClientAssertion } from '../../use-cases/verify-client-assertion.ts'
import { verifyDpopProof } from '../../use-cases/verify-dpop-proof.ts'
import { verifyRequestObject } from '../../use-cases/verify-request-object.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody } from '../input/body.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer } from '../output/json.ts'
import { clientTokenReport, type JudgedToken } from '../output/oauth-check.ts'
import { problem } from '../output/problem.ts'

/** A token of whatever text: what is wrong with it is a finding, not a fault of the request. */
const token = json.where((value): value is string => typeof value === 'string', 'a text')

const httpUri = json.where(
  (value): value is string => typeof value === 'string' && normalHttpUri(value) !== undefined,
  'an http or https URL',
)

const REQUEST_OBJECT = json.object({
  client_id: json.text(MAX_DID_CHARACTERS),
  request: token,
  endpoint: json.optional(json.oneOf(...REQUEST_ENDPOINTS)),
  parameters: json.optional(json.anyObject),
})

const CLIENT_ASSERTION = json.object({
  client_id: json.optional(json.text(MAX_DID_CHARACTERS)),
  client_assertion_type: token,
  client_assertion: token,
})

const DPOP_PROOF = json.object({
  dpop: token,
  htm: json.text(MAX_HTM_CHARACTERS),
  htu: httpUri,
  access_token: json.optional(json.text(MAX_TOKEN_CHARACTERS)),
  jkt: json.optional(json.text(MAX_TEXT_CHARACTERS)),
  nonce: json.optional(json.text(MAX_NONCE_CHARACTERS)),
})

/** What an authorization server asks about the tokens of its clients. */
export const oauthChecks = new Hono<AppEnv>()
  .post(
    '/:id/request-objects/verify',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const body = await readBody(c.req.raw, REQUEST_OBJECT)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { client_id: clientId, request, endpoint = 'par', parameters = {} } = body.value.command
      const asked = { clientId, request, endpoint, parameters }
      const report = await verifyRequestObject(c.get('ports'), verifier, asked)
      const judged = endpoint === 'par' ? 'pushed_request' : 'authorization_request'
      return told(c, verifier, report, judged)
    }),
  )
  .post(
    '/:id/client-assertions/verify',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const body = await readBody(c.req.raw, CLIENT_ASSERTION)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { command } = body.value
      const report = await verifyClientAssertion(c.get('ports'), verifier, {
        clientId: command.client_id,
        type: command.client_assertion_type,
        assertion: command.client_assertion,
      })
      return told(c, verifier, report, 'client_assertion')
    }),
  )
  .post(
    '/:id/dpop-proofs/verify',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const body = await readBody(c.req.raw, DPOP_PROOF)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { dpop: proof, htm, htu, access_token: accessToken, jkt, nonce } = body.value.command
      const asked = { proof, htm, htu, accessToken, jkt, nonce }
      const report = await verifyDpopProof(c.get('ports'), verifier, asked)
      const judged = accessToken === undefined ? 'proof_at_server' : 'proof_at_resource'
      const more = report.jkt === undefined ? {} : { jkt: report.jkt }
      return told(c, verifier, report, judged, more)
    }),
  )

function told(
  c: Context<AppEnv>,
  verifier: Verifier,
  report: ClientTokenReport,
  judged: JudgedToken,
  more: { readonly jkt?: string } = {},
): Response {
  const { checks, verdict } = report
  c.get('ports').events.clientTokenJudged({
    verifier: verifier.id,
    what: judged,
    client: report.clientId,
    verdict,
    codes: checks.flatMap(({ code }) => (code === undefined ? [] : [code])),
  })
  const body = { ...clientTokenReport(report, judged), ...more }
  return answer(c, body, verdict === 'valid' ? 200 : 400)
}
