import type { Command } from 'commander'
import {
  addCommand,
  asksTheService,
  clientOf,
  told,
  wholeNumber,
  type ServiceFlags,
} from '../command.ts'
import { lines, oneLine } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly verifier?: string
  readonly follow?: boolean
  readonly since?: string
  readonly poll: number
}

export function addStatus(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'status [credential-or-client]',
      'Ask how a credential (its URL) or a registered client (its DID) stands. 0 means: active.',
      `lso status https://trust.example/issuers/registrar/credentials/0b0e
lso status did:web:buyer.example --verifier seller
lso status --follow --verifier seller --since 41`,
    ),
  )
    .option('--verifier <id>', 'of a client: the verifier it is registered with')
    .option('--follow', 'follow the changes of all its clients, until it is interrupted')
    .option('--since <cursor>', 'begin behind this cursor')
    .option('--poll <seconds>', 'pause while there is nothing new', wholeNumber, 5)
    .action((name: string | undefined, flags: Flags) =>
      told(flags, () => (flags.follow === true ? follow(flags) : statusOf(name, flags))),
    )
}

async function statusOf(name: string | undefined, flags: Flags): Promise<Outcome> {
  if (name === undefined)
    throw new UsageError('Name the URL of a credential, or the DID of a client')
  const trust = clientOf(flags)
  if (!name.startsWith('did:')) {
    const { token: _, ...open } = flags
    const seen = await clientOf(open).credential(name)
    const { id, status, type, issuer, subject } = seen
    return {
      answer: status === 'active' ? 'yes' : 'no',
      text: lines({ Status: status, Id: id, Type: type, Issuer: issuer, Subject: subject }),
      json: seen,
    }
  }
  if (flags.verifier === undefined)
    throw new UsageError('Name the --verifier that the client is registered with')
  const seen = await trust.verifier(flags.verifier).clientStatus(name)
  const { status, reason } = seen
  const answer =
    status === 'active' ? 'yes' : status === 'degraded' || status === 'unknown' ? 'open' : 'no'
  return { answer, text: lines({ Status: status, Reason: reason }), json: seen }
}

/** Each change on a line as it comes, with the cursor behind it. */
async function follow(flags: Flags): Promise<Outcome> {
  if (flags.verifier === undefined)
    throw new UsageError('Name the --verifier whose clients are followed')
  const stop = new AbortController()
  process.once('SIGINT', () => {
    stop.abort()
  })
  let cursor = flags.since
  const feed = clientOf(flags)
    .verifier(flags.verifier)
    .followClients({
      pollMilliseconds: flags.poll * 1000,
      signal: stop.signal,
      ...(cursor === undefined ? {} : { since: cursor }),
      onTrouble: ({ message }) => {
        if (flags.quiet !== true) process.stderr.write(`lso: ${message}\n`)
      },
    })
  for await (const batch of feed) {
    ;({ cursor } = batch)
    for (const change of batch.changes) {
      const { client_id, status, reason } = change
      const text = [client_id, status, reason ?? ''].map(oneLine).join(' ')
      process.stdout.write(
        `${flags.json === true ? JSON.stringify({ ...change, cursor }) : text}\n`,
      )
    }
  }
  return { answer: 'yes', text: lines({ Cursor: cursor }), json: { cursor: cursor ?? null } }
}
