import { Hono } from 'hono'
import * as json from '../../domain/json/decode.ts'
import { DEFAULT_DRY_RUN_DECISIONS, MAX_DRY_RUN_DECISIONS } from '../../domain/limits.ts'
import { GIVEN_POLICY, withDefaults } from '../../domain/trust/policy.ts'
import { dryRunPolicy } from '../../use-cases/dry-run-policy.ts'
import { readDecision } from '../../use-cases/read-decision.ts'
import { replayDecision } from '../../use-cases/replay-decision.ts'
import type { AppEnv } from '../app-env.ts'
import { accepted } from '../input/accept.ts'
import { readBody } from '../input/body.ts'
import { NO_BODY, readChange } from '../input/change.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import {
  decidedReport,
  decisionRefusal,
  decisionSummary,
  decisionText,
  dryRunView,
  replayView,
} from '../output/decision.ts'
import { answer, document } from '../output/json.ts'
import { listing } from '../output/listing.ts'
import { problem } from '../output/problem.ts'
import { reportText } from '../output/report-text.ts'
import { respond } from '../output/respond.ts'

const DRY_RUN = json.object({
  policy: GIVEN_POLICY,
  last: json.optional(json.wholeNumber(1, MAX_DRY_RUN_DECISIONS)),
})

/** What a verifier decided and kept. */
export const decisions = new Hono<AppEnv>()
  .get(
    '/:id/decisions',
    asVerifier((c, { id }) =>
      listing(c, 'number', (page) => c.var.ports.verifiers.decisions(id, page), decisionSummary),
    ),
  )
  .get(
    '/:id/decisions/:decisionId',
    asVerifier(async (c, verifier) => {
      const form = accepted(c.req.header('Accept'), ['application/json', 'text/plain'])
      if (form === undefined) return problem(c, 'not_acceptable')
      const id = c.req.param('decisionId') ?? ''
      const read = await readDecision(c.var.ports, verifier, id)
      if (!read.ok) return decisionRefusal(c, read.refusal)
      const { sealed, evidence } = read.value
      const vary = { Vary: 'Accept' }
      return form.mediaType === 'application/json'
        ? document(
            c,
            decisionText(sealed),
            { cache: 'private', contentType: 'application/json' },
            vary,
          )
        : document(
            c,
            reportText(decidedReport(evidence, sealed)),
            { cache: 'private', contentType: 'text/plain; charset=utf-8' },
            vary,
          )
    }),
  )
  .delete(
    '/:id/decisions/:decisionId',
    asVerifier(async (c, verifier) => {
      const { ports } = c.var
      const change = readChange(ports, c.req.raw, NO_BODY, `verifier ${verifier.id}`)
      if (!change.ok) return problem(c, change.refusal.reason)
      const id = c.req.param('decisionId') ?? ''
      const deleted = await ports.verifiers.deleteDecision(verifier.id, id, change.value)
      if (!deleted.ok) return problem(c, deleted.refusal.reason)
      switch (deleted.value.value) {
        case 'not_found':
          return problem(c, 'not_found')
        case 'in_use':
          return problem(c, 'decision_in_use')
        case 'deleted':
          return respond(c, null, 204, { 'Cache-Control': 'no-store' })
      }
    }),
  )
  .post(
    '/:id/decisions/:decisionId/replay',
    asVerifier(async (c, verifier) => {
      const id = c.req.param('decisionId') ?? ''
      const replayed = await replayDecision(c.var.ports, verifier, id)
      return replayed.ok
        ? answer(c, replayView(id, replayed.value))
        : decisionRefusal(c, replayed.refusal)
    }),
  )
  .post(
    '/:id/policy/dry-run',
    asVerifier(async (c, verifier) => {
      const body = await readBody(c.req.raw, DRY_RUN)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { policy, last = DEFAULT_DRY_RUN_DECISIONS } = body.value.command
      const draft = withDefaults(policy)
      return answer(c, dryRunView(await dryRunPolicy(c.var.ports, verifier, draft, last)))
    }),
  )
