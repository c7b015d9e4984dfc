import type { Command } from 'commander'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { jsonText } from '../lines.ts'

interface Flags extends ServiceFlags {
  readonly client?: boolean
  readonly keys?: boolean
}

export function addResolve(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'resolve <did>',
      'Resolve a DID to its document, or to what an authorization server sees of it.',
      'lso resolve did:web:buyer.example --client',
    ),
  )
    .option('--client', 'as an OAuth client: keys and redirect URIs')
    .option('--keys', 'its keys alone, as a JWK Set')
    .action((did: string, flags: Flags) => told(flags, () => resolve(did, flags)))
}

async function resolve(did: string, flags: Flags) {
  const trust = clientOf(flags)
  const found =
    flags.keys === true
      ? await trust.clientKeys(did)
      : flags.client === true
        ? await trust.client(did)
        : await trust.resolve(did)
  return { answer: 'yes', text: `${jsonText(found)}\n`, json: found } as const
}
