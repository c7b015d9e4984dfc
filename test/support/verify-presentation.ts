import type { Verifier } from '../../src/domain/instance/instance.ts'
import type { Json } from '../../src/domain/json/strict-json.ts'
import type { Ports } from '../../src/ports/index.ts'
import { spendChallenge } from '../../src/use-cases/challenge.ts'
import type { VerificationContext } from '../../src/use-cases/verify-credential.ts'
import {
  verifyPresentation,
  type PresentationQuestion,
  type PresentationReport,
} from '../../src/use-cases/verify-presentation.ts'

/** Verifies a presentation over a challenge that counts once for this verifier; no decision is kept. */
export const verifyPresentationBy = (
  ports: Ports,
  verifier: Verifier,
  secured: Json,
  question: PresentationQuestion,
  context: VerificationContext,
): Promise<PresentationReport> =>
  verifyPresentation(
    ports,
    (challenge, times) => spendChallenge(ports, verifier, challenge, times, undefined),
    secured,
    question,
    context,
  )
