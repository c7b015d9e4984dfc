import type { Command } from 'commander'
import type { AuditClient } from '../../../src/client/index.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { lines, oneLine } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'
import { allPages } from '../pages.ts'

interface Flags extends ServiceFlags {
  readonly issuer?: string
  readonly verifier?: string
}

export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('Look after the audit records of an issuer or a verifier.')
  const add = (usage: string, what: string, example: string) =>
    asksTheService(addCommand(audit, usage, what, example))
      .option('--issuer <id>', 'the issuer that the token is of')
      .option('--verifier <id>', 'or the verifier')
  add(
    'verify',
    'Walk the chain of audit records. 0 means: unbroken.',
    `lso audit verify --issuer registrar
lso audit verify --verifier seller`,
  ).action((flags: Flags) => told(flags, () => verifyAudit(flags)))
  add(
    'show',
    'Show who did what, the oldest first.',
    'lso audit show --issuer registrar --json',
  ).action((flags: Flags) => told(flags, () => show(flags)))
}

function instanceOf({ issuer, verifier, ...flags }: Flags): AuditClient {
  const trust = clientOf(flags)
  if (issuer !== undefined && verifier === undefined) return trust.issuer(issuer)
  if (verifier !== undefined && issuer === undefined) return trust.verifier(verifier)
  throw new UsageError('Say whose records: --issuer or --verifier')
}

async function verifyAudit(flags: Flags): Promise<Outcome> {
  const found = await instanceOf(flags).verifyAudit()
  return found.intact
    ? {
        answer: 'yes',
        text: lines({ Chain: 'unbroken', Records: found.records, Head: found.head }),
        json: found,
      }
    : { answer: 'no', text: lines({ Chain: 'BROKEN', 'At record': found.brokenAt }), json: found }
}

async function show(flags: Flags): Promise<Outcome> {
  const instance = instanceOf(flags)
  const items = await allPages((cursor) => instance.auditRecords({ cursor }))
  const rows = items.map(
    ({ sequence, at, actor, action, detail }) =>
      `${[sequence, at, actor, action, detail].map(oneLine).join(' ')}\n`,
  )
  return { answer: 'yes', text: rows.join(''), json: { items } }
}
