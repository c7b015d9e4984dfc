import type { Command } from 'commander'
import { verifyDecision, type CredentialReport } from '../../../src/client/index.ts'
import { reportText } from '../../../src/http/output/report-text.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { readText } from '../files.ts'
import { lines } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'
import { compactJwt, readSecured, typOf } from '../secured.ts'

interface Flags extends ServiceFlags {
  readonly verifier: string
  readonly challenge?: string
  readonly domain?: string
  readonly keepEvidence?: boolean
  readonly allowUntrusted?: boolean
  readonly did?: string
  readonly audience?: string
}

export function addVerify(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'verify <file>',
      'Verify a credential, a presentation or a decision (- for standard input). 0 means: valid, and trusted.',
      `lso verify buyer.vc.jwt --verifier seller
lso verify presentation.jwt --verifier seller --challenge "$CHALLENGE"
lso verify decision.jwt --verifier seller --did did:web:trust.example:verifiers:seller`,
    ),
  )
    .requiredOption('--verifier <id>', 'the verifier that judges, or that decided')
    .option('--challenge <challenge>', 'of a presentation: what it was made for')
    .option(
      '--domain <audience>',
      "of a presentation: its aud; the verifier's audience where absent",
    )
    .option('--keep-evidence', 'keep sealed evidence of the decision')
    .option('--allow-untrusted', 'answer 0 for what is valid, whoever issued it')
    .option('--did <did>', 'of a decision: the DID of the verifier')
    .option('--audience <audience>', 'of a decision: whom it must be for')
    .action((file: string, flags: Flags) => told(flags, () => verify(file, flags)))
}

async function verify(file: string, flags: Flags): Promise<Outcome> {
  const secured = readSecured(file)
  const typ = typOf(compactJwt(secured) ?? '').replace(/^application\//, '')
  if (typ === 'lso-decision+jwt') return verifyOffline(readText(file), flags)
  const verifier = clientOf(flags).verifier(flags.verifier)
  const keep = flags.keepEvidence === true ? { keepEvidence: true } : {}
  if (typ !== 'vp+jwt' && flags.challenge === undefined)
    return judged(await verifier.verifyCredential(secured, keep), flags)
  const { challenge, domain } = flags
  if (challenge === undefined)
    throw new UsageError('A presentation is verified against the --challenge that it was made for')
  const asked = { challenge, ...(domain === undefined ? {} : { domain }), ...keep }
  return judged(await verifier.verifyPresentation(secured, asked), flags)
}

function judged(
  report: Pick<CredentialReport, 'verdict' | 'trust'>,
  { allowUntrusted }: Flags,
): Outcome {
  const { verdict, trust } = report
  const good = verdict === 'valid' && (trust === 'trusted' || allowUntrusted === true)
  const answer = good ? 'yes' : verdict === 'indeterminate' ? 'open' : 'no'
  return { answer, text: reportText(report), json: report }
}

/** The keys are fetched; nothing else is asked. */
async function verifyOffline(token: string, flags: Flags): Promise<Outcome> {
  const { did, audience } = flags
  if (did === undefined)
    throw new UsageError('Name the DID of the verifier whose decision it is: --did')
  const jwks = await clientOf(flags).verifier(flags.verifier).keys()
  const decision = await verifyDecision(token, {
    jwks,
    issuer: did,
    ...(audience === undefined ? {} : { audience }),
  })
  return {
    answer: decision.valid ? 'yes' : 'no',
    text: decision.valid
      ? lines({ Decision: 'holds', ...decision.claims })
      : lines({ Decision: 'does not hold', Reason: decision.code, Hint: decision.hint }),
    json: decision,
  }
}
