import { Hono, type Context } from 'hono'
import type { Verifier } from '../../domain/instance/instance.ts'
import * as json from '../../domain/json/decode.ts'
import {
  MAX_CREDENTIALS_IN_PRESENTATION,
  MAX_NONCE_CHARACTERS,
  MAX_TEXT_CHARACTERS,
} from '../../domain/limits.ts'
import type { Result } from '../../domain/result.ts'
import { decideCredential, decidePresentation } from '../../use-cases/decide-verification.ts'
import type { Decision, DecisionRefusal } from '../../use-cases/decision-on-record.ts'
import type { CredentialReport } from '../../use-cases/verify-credential.ts'
import type { PresentationReport } from '../../use-cases/verify-presentation.ts'
import type { AppEnv } from '../app-env.ts'
import type { Change } from '../../ports/change.ts'
import { accepted } from '../input/accept.ts'
import { readCommand } from '../input/command.ts'
import { secured } from '../input/secured.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { decisionRefusal, proofOf } from '../output/decision.ts'
import { answer } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { reportText } from '../output/report-text.ts'
import { credentialReport, presentationReport } from '../output/report.ts'
import { respond } from '../output/respond.ts'

/** Names of checks that a caller may ask for. Ours. */
const MAX_NAMED_CHECKS = 64

/**
 * `keepEvidence`, and options of VCALM that ask for parts of the answer which is whole here anyway. So
 * does `checks`, of its forerunner, which the W3C test suites send: everything is looked at always.
 */
const OPTIONS = {
  keepEvidence: json.optional(json.boolean),
  checks: json.optional(json.list(json.text(MAX_TEXT_CHARACTERS), 0, MAX_NAMED_CHECKS)),
  returnResults: json.optional(json.boolean),
  returnProblemDetails: json.optional(json.boolean),
  returnCredential: json.optional(json.boolean),
  returnPresentation: json.optional(json.boolean),
}

const VERIFY_CREDENTIAL = json.object({
  verifiableCredential: secured,
  options: json.optional(
    json.object({
      ...OPTIONS,
      chain: json.optional(json.list(secured, 0, MAX_CREDENTIALS_IN_PRESENTATION)),
    }),
  ),
})

/** Also an empty one, which no presentation answers: that is its finding (row V6). */
const challenge: json.Decoder<string> = json.where(
  (value): value is string => typeof value === 'string' && value.length <= MAX_NONCE_CHARACTERS,
  `a text of at most ${String(MAX_NONCE_CHARACTERS)} characters`,
)

const VERIFY_PRESENTATION = json.object({
  verifiablePresentation: secured,
  options: json.optional(
    json.object({
      ...OPTIONS,
      challenge: json.optional(challenge),
      domain: json.optional(json.text(MAX_TEXT_CHARACTERS)),
    }),
  ),
})

/** What a verifier is shown, and what it finds. */
export const verifications = new Hono<AppEnv>()
  .post(
    '/:id/credentials/verify',
    asVerifier((c, verifier) =>
      verification(c, verifier, VERIFY_CREDENTIAL, credentialReport, (command, keep) =>
        decideCredential(
          c.get('ports'),
          verifier,
          command.verifiableCredential,
          command.options?.keepEvidence === true ? keep : undefined,
          command.options?.chain,
        ),
      ),
    ),
  )
  .post(
    '/:id/presentations/verify',
    asVerifier((c, verifier) =>
      verification(c, verifier, VERIFY_PRESENTATION, presentationReport, (command, keep) => {
        // Absent means refused: no presentation has an empty nonce.
        const { challenge = '', domain = verifier.audience, keepEvidence } = command.options ?? {}
        return decidePresentation(
          c.get('ports'),
          verifier,
          command.verifiablePresentation,
          { challenge, domain },
          keepEvidence === true ? keep : undefined,
        )
      }),
    ),
  )

/** Reads, decides and answers: 200 for what verifies, 400 for what does not, with the report in both. */
async function verification<Command, Report extends CredentialReport | PresentationReport>(
  c: Context<AppEnv>,
  verifier: Verifier,
  decoder: json.Decoder<Command>,
  view: (report: Report, policyVersion: number, publicUrl: string) => object,
  decide: (command: Command, keep: Change) => Promise<Result<Decision<Report>, DecisionRefusal>>,
): Promise<Response> {
  if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
  const form = accepted(c.req.header('Accept'), ['application/json', 'text/plain'])
  if (form === undefined) return problem(c, 'not_acceptable')
  const read = await readCommand(c, decoder, `verifier ${verifier.id}`)
  if (!read.ok) return bodyRefusal(c, read.refusal)
  const { command, change } = read.value
  const decided = await decide(command, change)
  if (!decided.ok) return decisionRefusal(c, decided.refusal)
  const { report, policyVersion, kept } = decided.value
  const told = { ...view(report, policyVersion, c.get('ports').publicUrl), ...proofOf(kept) }
  const status = report.verdict === 'valid' ? 200 : 400
  return form.mediaType === 'application/json'
    ? answer(c, told, status)
    : respond(c, reportText(told), status, TEXT)
}

const TEXT = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
} as const
