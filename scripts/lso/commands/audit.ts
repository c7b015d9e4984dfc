import type { Command } from 'commander'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { lines } from '../lines.ts'
import type { Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly issuer: string
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('Look after the audit records of an issuer.')
  asksTheService(
    addCommand(
      audit,
      'verify',
      'Walk the chain of audit records. 0 means: unbroken.',
      'lso audit verify --issuer registrar',
    ),
  )
    .requiredOption('--issuer <id>', 'the issuer that the token is of')
    .action((flags: Flags) => told(flags, () => verifyAudit(flags)))
}

async function verifyAudit(flags: Flags): Promise<Outcome> {
  const found = await clientOf(flags).issuer(flags.issuer).verifyAudit()
  return found.intact
    ? {
        answer: 'yes',
        text: lines({ Chain: 'unbroken', Records: found.records, Head: found.head }),
        json: found,
      }
    : { answer: 'no', text: lines({ Chain: 'BROKEN', 'At record': found.brokenAt }), json: found }
}
