import { Hono, type Context } from 'hono'
import { instanceDocument } from '../../domain/instance/did-document.ts'
import { isInstanceId, type Verifier } from '../../domain/instance/instance.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import { POLICY, withDefaults, type PolicyVersion } from '../../domain/trust/policy.ts'
import { createChallenge } from '../../use-cases/challenge.ts'
import { putPolicy } from '../../use-cases/put-policy.ts'
import { currentPolicy } from '../../use-cases/verification-context.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody } from '../input/body.ts'
import { readChange } from '../input/change.ts'
import { readPage } from '../input/page.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, document, ownJson } from '../output/json.ts'
import { problem } from '../output/problem.ts'

/** What only the verifier itself may do. */
export const verifiers = new Hono<AppEnv>()
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
