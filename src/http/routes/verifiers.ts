import { Hono, type Context } from 'hono'
import { instanceDocument } from '../../domain/instance/did-document.ts'
import { isInstanceId, type Verifier } from '../../domain/instance/instance.ts'
import * as json from '../../domain/json/decode.ts'
import { isJsonObject, type Json } from '../../domain/json/strict-json.ts'
import { MAX_NONCE_CHARACTERS, MAX_TEXT_CHARACTERS } from '../../domain/limits.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import { POLICY, withDefaults, type PolicyVersion } from '../../domain/trust/policy.ts'
import { createChallenge } from '../../use-cases/challenge.ts'
import { putPolicy } from '../../use-cases/put-policy.ts'
import { currentPolicy, verificationContext } from '../../use-cases/verification-context.ts'
import { verifyCredential } from '../../use-cases/verify-credential.ts'
import { verifyPresentation } from '../../use-cases/verify-presentation.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody } from '../input/body.ts'
import { readChange } from '../input/change.ts'
import { readPage } from '../input/page.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, document, ownJson } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { credentialReport, presentationReport } from '../output/report.ts'

const secured: json.Decoder<Json> = json.where(
  (value): value is Json => typeof value === 'string' || isJsonObject(value),
  'a compact JWS or an object',
)

/** Options of VCALM that ask for parts of the answer which is whole here anyway. */
const RETURN_OPTIONS = {
  returnResults: json.optional(json.boolean),
  returnProblemDetails: json.optional(json.boolean),
  returnCredential: json.optional(json.boolean),
  returnPresentation: json.optional(json.boolean),
}

const VERIFY_CREDENTIAL = json.object({
  verifiableCredential: secured,
  options: json.optional(json.object(RETURN_OPTIONS)),
})

const VERIFY_PRESENTATION = json.object({
  verifiablePresentation: secured,
  options: json.optional(
    json.object({
      ...RETURN_OPTIONS,
      challenge: json.optional(json.text(MAX_NONCE_CHARACTERS)),
      domain: json.optional(json.text(MAX_TEXT_CHARACTERS)),
    }),
  ),
})

/** What only the verifier itself may do. */
export const verifiers = new Hono<AppEnv>()
  .post(
    '/:id/credentials/verify',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const body = await readBody(c.req.raw, VERIFY_CREDENTIAL)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { ports } = c.var
      const context = await verificationContext(ports, verifier)
      const report = await verifyCredential(ports, body.value.command.verifiableCredential, context)
      emitVerified(c, verifier, 'credential', report)
      return answer(
        c,
        credentialReport(report, context.policy.version, ports.publicUrl),
        report.verdict === 'valid' ? 200 : 400,
      )
    }),
  )
  .post(
    '/:id/presentations/verify',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const body = await readBody(c.req.raw, VERIFY_PRESENTATION)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { ports } = c.var
      const { verifiablePresentation, options } = body.value.command
      const context = await verificationContext(ports, verifier)
      // Absent means refused: no presentation has an empty nonce.
      const { challenge = '', domain = verifier.audience } = options ?? {}
      const question = { challenge, domain }
      const report = await verifyPresentation(
        ports,
        verifier,
        verifiablePresentation,
        question,
        context,
      )
      emitVerified(c, verifier, 'presentation', report)
      return answer(
        c,
        presentationReport(report, context.policy.version, ports.publicUrl),
        report.verdict === 'valid' ? 200 : 400,
      )
    }),
  )
  .put(
    '/:id/policy',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const body = await readBody(c.req.raw, POLICY)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { bytes, command } = body.value
      const change = readChange(c.var.ports, c.req.raw, bytes, `verifier ${verifier.id}`)
      if (!change.ok) return problem(c, change.refusal.reason)
      const put = await putPolicy(c.var.ports, verifier, withDefaults(command), change.value)
      return put.ok ? answer(c, policyView(put.value)) : problem(c, put.refusal.reason)
    }),
  )
  .get(
    '/:id/policy',
    asVerifier(async (c, verifier) =>
      ownJson(c, policyView(await currentPolicy(c.var.ports, verifier))),
    ),
  )
  .get(
    '/:id/policy/versions',
    asVerifier(async (c, verifier) => {
      const page = readPage(c.req.query(), 'number')
      if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
      const { rows, cursor } = await c.var.ports.verifiers.policyVersions(verifier.id, page.value)
      return ownJson(c, {
        items: rows.map(policyView),
        ...(cursor === undefined ? {} : { cursor }),
      })
    }),
  )

/** What everybody may ask of a verifier. */
export const publicVerifiers = new Hono<AppEnv>()
  .post('/:id/challenges', async (c) => {
    const verifier = await verifierOf(c)
    if (verifier === undefined) return problem(c, 'not_found')
    if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
    const { challenge, expiresAt } = createChallenge(c.var.ports, verifier)
    return answer(c, { challenge, expiresAt: dateTimeStamp(expiresAt) }, 201)
  })
  .get('/:id/did.json', async (c) => {
    const verifier = await verifierOf(c)
    if (verifier === undefined) return problem(c, 'not_found')
    const keys = new Map(
      c.var.ports.signer.keys.map(({ kid, publicKeyJwk }) => [kid, publicKeyJwk]),
    )
    const body = JSON.stringify(instanceDocument(verifier, keys))
    return document(c, body, { cache: 'minute', contentType: 'application/did+json' })
  })
  .get('/:id/jwks', async (c) => {
    const verifier = await verifierOf(c)
    if (verifier === undefined) return problem(c, 'not_found')
    const keys = verifier.keys.flatMap(({ kid, verificationMethod }) => {
      const key = c.var.ports.signer.keys.find((one) => one.kid === kid)
      return key === undefined
        ? []
        : [{ ...key.publicKeyJwk, kid: verificationMethod, alg: key.alg, use: 'sig' }]
    })
    return document(c, JSON.stringify({ keys }), {
      cache: 'minute',
      contentType: 'application/jwk-set+json',
    })
  })

async function verifierOf(c: Context<AppEnv>): Promise<Verifier | undefined> {
  const id = c.req.param('id')
  if (!isInstanceId(id)) return undefined
  return (await c.var.ports.verifiers.find(id))?.instance
}

const policyView = ({ version, policy, at, actor }: PolicyVersion) => ({
  version,
  ...policy,
  at: dateTimeStamp(at),
  actor,
})

function emitVerified(
  c: Context<AppEnv>,
  verifier: Verifier,
  what: 'credential' | 'presentation',
  report: Parameters<typeof credentialReport>[0] | Parameters<typeof presentationReport>[0],
): void {
  c.var.ports.events.verified({
    verifier: verifier.id,
    what,
    verdict: report.verdict,
    trust: report.trust,
    codes: report.checks.flatMap(({ code }) => (code === undefined ? [] : [code])),
  })
}
