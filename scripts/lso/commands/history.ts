import type { Command } from 'commander'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { oneLine } from '../lines.ts'
import type { Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly verifier: string
}

export function addHistory(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'history <client>',
      'Show how a registered client changed: what each registration granted, and its DID documents.',
      'lso history did:web:buyer.example --verifier seller',
    ),
  )
    .requiredOption('--verifier <id>', 'the verifier that the client is registered with')
    .action((client: string, flags: Flags) => told(flags, () => history(client, flags)))
}

async function history(client: string, flags: Flags): Promise<Outcome> {
  const seen = await clientOf(flags).verifier(flags.verifier).clientHistory(client)
  const documents = seen.items.flatMap(({ seenAt, digest, changes }) => [
    `${oneLine(seenAt)} document ${oneLine(digest)}\n`,
    ...changes.map(({ text }) => `  ${oneLine(text)}\n`),
  ])
  const registrations = seen.registrations.flatMap(({ at, decisionId, changes }) => [
    `${oneLine(at)} registration ${oneLine(decisionId)}\n`,
    ...changes.map(
      ({ member, before, after }) =>
        `  ${oneLine(member)} was ${oneLine(before)}, and is ${oneLine(after)}\n`,
    ),
  ])
  return { answer: 'yes', text: [...registrations, ...documents].join(''), json: seen }
}
