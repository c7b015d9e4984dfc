import { Hono } from 'hono'
import { instanceDocument } from '../../domain/instance/did-document.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import { GIVEN_POLICY, withDefaults, type PolicyVersion } from '../../domain/trust/policy.ts'
import { createChallenge } from '../../use-cases/challenge.ts'
import { putPolicy } from '../../use-cases/put-policy.ts'
import { currentPolicy } from '../../use-cases/verification-context.ts'
import type { AppEnv } from '../app-env.ts'
import { readCommand } from '../input/command.ts'
import { verifierOf } from '../input/path-instance.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, document, ownJson } from '../output/json.ts'
import { listing } from '../output/listing.ts'
import { problem } from '../output/problem.ts'

/** What only the verifier itself may do. */
export const verifiers = new Hono<AppEnv>()
  .put(
    '/:id/policy',
    asVerifier(async (c, verifier) => {
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const read = await readCommand(c, GIVEN_POLICY, `verifier ${verifier.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const put = await putPolicy(c.var.ports, verifier, withDefaults(command), change)
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
    asVerifier((c, { id }) =>
      listing(c, 'number', (page) => c.var.ports.verifiers.policyVersions(id, page), policyView),
    ),
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

const policyView = ({ version, policy, at, actor }: PolicyVersion) => ({
  version,
  ...policy,
  at: dateTimeStamp(at),
  actor,
})
