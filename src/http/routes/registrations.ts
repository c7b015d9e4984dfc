import { Hono, type Context } from 'hono'
import type { Verifier } from '../../domain/instance/instance.ts'
import * as json from '../../domain/json/decode.ts'
import { isJsonObject, type Json } from '../../domain/json/strict-json.ts'
import {
  dryRunRegistration,
  registerClient,
  type RegistrationRequest,
} from '../../use-cases/register-client.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody, type BodyRefusal } from '../input/body.ts'
import { readChange } from '../input/change.ts'
import { verifierOf } from '../input/path-instance.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { decisionRefusal } from '../output/decision.ts'
import { answer } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { registrationView } from '../output/registration.ts'

/** What is wrong with a token or with metadata is a finding of the decision, not a fault of the request. */
const anything = json.where((_: Json): _ is Json => true, 'JSON')

const REGISTRATION = json.object({
  presentation: json.where(
    (value): value is Json => typeof value === 'string' || isJsonObject(value),
    'a compact JWS or an enveloped presentation',
  ),
  software_statement: json.optional(
    json.where((value): value is string => typeof value === 'string', 'a text'),
  ),
  client_metadata: json.optional(anything),
})

/** How a stranger becomes a client. */
export const registrations = new Hono<AppEnv>()
  .post('/:id/registrations', async (c) => {
    const { ports } = c.var
    const verifier = await deciding(c)
    if (verifier instanceof Response) return verifier
    const body = await readRegistration(c)
    if (!body.ok) return bodyRefusal(c, body.refusal)
    const { bytes, request } = body
    const change = readChange(ports, c.req.raw, bytes, 'public')
    if (!change.ok) return problem(c, change.refusal.reason)
    const decided = await registerClient(ports, verifier, request, change.value)
    if (!decided.ok) return refused(c, decided.refusal)
    const view = registrationView(decided.value, ports.publicUrl)
    return answer(c, view, view.outcome === 'accepted' ? 201 : 400)
  })
  .post('/:id/registrations/dry-run', async (c) => {
    const { ports } = c.var
    const verifier = await deciding(c)
    if (verifier instanceof Response) return verifier
    const body = await readRegistration(c)
    if (!body.ok) return bodyRefusal(c, body.refusal)
    const decided = await dryRunRegistration(ports, verifier, body.request)
    if (!decided.ok) return refused(c, decided.refusal)
    return answer(c, registrationView(decided.value, ports.publicUrl))
  })

/** The verifier of the path, where it still decides. */
async function deciding(c: Context<AppEnv>): Promise<Verifier | Response> {
  const verifier = await verifierOf(c)
  if (verifier === undefined) return problem(c, 'not_found')
  return verifier.retiredAt === undefined ? verifier : problem(c, 'instance_retired')
}

async function readRegistration(
  c: Context<AppEnv>,
): Promise<
  | { readonly ok: true; readonly bytes: Uint8Array; readonly request: RegistrationRequest }
  | { readonly ok: false; readonly refusal: BodyRefusal }
> {
  const body = await readBody(c.req.raw, REGISTRATION)
  if (!body.ok) return body
  const { presentation, software_statement, client_metadata } = body.value.command
  const request = {
    presentation,
    softwareStatement: software_statement,
    clientMetadata: client_metadata,
    caller: c.var.caller,
  }
  return { ok: true, bytes: body.value.bytes, request }
}

/** As for verifications; what to do about it is another thing here. */
function refused(c: Context<AppEnv>, refusal: Parameters<typeof decisionRefusal>[1]): Response {
  switch (refusal.reason) {
    case 'verifier_without_keys':
      return problem(c, refusal.reason, {
        detail: 'This verifier has no key to sign decisions with: its operator must name one',
      })
    case 'evidence_too_large':
      return problem(c, refusal.reason, {
        detail: 'Nothing was kept and no challenge was spent. Present fewer credentials',
      })
    case 'decision_gone':
      return problem(c, refusal.reason, { detail: 'Register again under another Idempotency-Key' })
    default:
      return decisionRefusal(c, refusal)
  }
}
