import type { Command } from 'commander'
import {
  verifyEvidence,
  type DecisionSummary,
  type VerifierClient,
} from '../../../src/client/index.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { lines, oneLine } from '../lines.ts'
import type { Outcome } from '../outcome.ts'
import { allPages } from '../pages.ts'

interface Flags extends ServiceFlags {
  readonly verifier: string
  readonly did: string
}

export function addDecisions(program: Command): void {
  const decisions = program
    .command('decisions')
    .description('Look at decisions that were kept with their evidence.')
  const add = (usage: string, what: string, example: string) =>
    asksTheService(addCommand(decisions, usage, what, example)).requiredOption(
      '--verifier <id>',
      'the verifier that decided',
    )
  add('list', 'List them, the oldest first.', 'lso decisions list --verifier seller').action(
    (flags: Flags) => told(flags, () => list(verifierOf(flags))),
  )
  add(
    'replay <decision>',
    'Decide once more as of then, from the evidence alone. 0 means: it comes to the same.',
    'lso decisions replay 0b8f2b7e-6c0e-4d55-9a2c-0d7a7a7c3c11 --verifier seller',
  ).action((id: string, flags: Flags) => told(flags, () => replay(id, verifierOf(flags))))
  add(
    'prove <decision>',
    'Hold evidence and receipt against each other and the keys of the verifier. 0 means: nothing was changed.',
    `lso decisions prove 0b8f2b7e-6c0e-4d55-9a2c-0d7a7a7c3c11 --verifier seller \\
  --did did:web:trust.example:verifiers:seller --json > evidence.json`,
  )
    .requiredOption('--did <did>', 'the DID of the verifier')
    .action((id: string, flags: Flags) => told(flags, () => prove(id, flags)))
}

const verifierOf = (flags: Flags): VerifierClient => clientOf(flags).verifier(flags.verifier)

async function list(verifier: VerifierClient): Promise<Outcome> {
  const items = await allPages((cursor) => verifier.decisions({ cursor }))
  const row = ({ decisionId, at, kind, subject, verdict, trust }: DecisionSummary) =>
    `${[at, decisionId, kind, verdict, trust, subject ?? ''].map(oneLine).join(' ')}\n`
  return { answer: 'yes', text: items.map(row).join(''), json: { items } }
}

async function replay(id: string, verifier: VerifierClient): Promise<Outcome> {
  const replayed = await verifier.replayDecision(id)
  const { outcome, before, after } = replayed
  const answer = outcome === 'same' ? 'yes' : outcome === 'different' ? 'no' : 'open'
  const text = lines({
    Outcome: outcome,
    Then: `${before.verdict}, ${before.trust}`,
    Now: after === undefined ? undefined : `${after.verdict}, ${after.trust}`,
    Missing: replayed.missing.length === 0 ? undefined : replayed.missing,
  })
  return { answer, text, json: replayed }
}

async function prove(id: string, flags: Flags): Promise<Outcome> {
  const verifier = verifierOf(flags)
  const [decision, jwks] = [await verifier.decision(id), await verifier.keys()]
  const proof = await verifyEvidence(decision, { jwks, issuer: flags.did })
  return {
    answer: proof.valid ? 'yes' : 'no',
    text: proof.valid
      ? lines({ Evidence: 'unchanged', Digest: decision.evidenceDigest, Receipt: decision.receipt })
      : lines({ Evidence: 'CHANGED', Reason: proof.code, Hint: proof.hint }),
    json: { proof, decision },
  }
}
