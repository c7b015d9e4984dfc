import type { Command } from 'commander'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { lines } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly issuer: string
  readonly suspend?: boolean
  readonly lift?: boolean
  readonly reason?: string
  readonly subject?: string
  readonly type?: string
  readonly dryRun?: boolean
}

export function addRevoke(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'revoke [credential-id...]',
      'Revoke credentials, for good; or suspend them, or lift a suspension. By id, subject or type.',
      `lso revoke https://trust.example/issuers/registrar/credentials/0b0e --issuer registrar --reason "left the register"
lso revoke --subject did:web:buyer.example --issuer registrar --dry-run`,
    ),
  )
    .requiredOption('--issuer <id>', 'the issuer that the token is of')
    .option('--suspend', 'suspend instead: it can be lifted')
    .option('--lift', 'lift a suspension')
    .option('--reason <text>', 'goes into the audit record')
    .option('--subject <did>', 'all credentials about this DID')
    .option('--type <type>', 'all credentials of this type')
    .option('--dry-run', 'say what would be hit, and change nothing')
    .action((ids: readonly string[], flags: Flags) => told(flags, () => revoke(ids, flags)))
}

async function revoke(ids: readonly string[], flags: Flags): Promise<Outcome> {
  const { subject, type, reason, dryRun = false, suspend, lift } = flags
  if (suspend === true && lift === true)
    throw new UsageError('--suspend and --lift exclude each other')
  if (ids.length === 0 && subject === undefined && type === undefined)
    throw new UsageError('Name the id of a credential, --subject or --type')
  const issuer = clientOf(flags).issuer(flags.issuer)
  const change = {
    statusPurpose: suspend === true || lift === true ? 'suspension' : 'revocation',
    status: lift !== true,
    ...(reason === undefined ? {} : { reason }),
  } as const
  const [credentialId, ...more] = ids
  const one = credentialId !== undefined && more.length === 0 && subject === undefined
  if (one && type === undefined && !dryRun) {
    const changed = await issuer.changeStatus({ credentialId, ...change })
    const text = lines({ Status: changed.status, Id: changed.credentialId })
    return { answer: 'yes', text, json: changed }
  }
  const select = {
    ...(ids.length === 0 ? {} : { credentialIds: ids }),
    ...(subject === undefined ? {} : { subject }),
    ...(type === undefined ? {} : { type }),
  }
  const report = await issuer.changeStatuses({ select, ...change, dryRun })
  const { matched, changes, already, refused, unknown } = report
  const missed = Array.isArray(unknown) && unknown.length > 0 ? unknown : undefined
  const text = lines({
    [dryRun ? 'Would change' : 'Changed']: changes,
    Matched: matched,
    'Already so': already,
    Refused: refused,
    Unknown: missed,
  })
  return { answer: refused === 0 && missed === undefined ? 'yes' : 'no', text, json: report }
}
