import type { Command } from 'commander'
import type { RedirectHold, VerifierClient } from '../../../src/client/index.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { lines, oneLine } from '../lines.ts'
import type { Outcome } from '../outcome.ts'
import { allPages } from '../pages.ts'

interface Flags extends ServiceFlags {
  readonly verifier: string
}

export function addHolds(program: Command): void {
  const holds = program
    .command('holds')
    .description('Decide about redirect hosts of a client that are new, and wait for you.')
  const add = (usage: string, what: string, example: string) =>
    asksTheService(addCommand(holds, usage, what, example)).requiredOption(
      '--verifier <id>',
      'the verifier that the client is registered with',
    )
  add(
    'list <client>',
    'List the held hosts of a client (its DID). 0 means: none waits.',
    'lso holds list did:web:buyer.example --verifier seller',
  ).action((client: string, flags: Flags) => told(flags, () => list(client, flags)))
  add(
    'approve <client> <hold>',
    'Let the client be redirected to the held host.',
    'lso holds approve did:web:buyer.example 5f0c0e8a-6f35-4b57-8f0e-3a1d9a1c7b10 --verifier seller',
  ).action((client: string, hold: string, flags: Flags) =>
    told(flags, async () => decided(await verifierOf(flags).approveRedirectHold(client, hold))),
  )
  add(
    'reject <client> <hold>',
    'Keep the held host out.',
    'lso holds reject did:web:buyer.example 5f0c0e8a-6f35-4b57-8f0e-3a1d9a1c7b10 --verifier seller',
  ).action((client: string, hold: string, flags: Flags) =>
    told(flags, async () => decided(await verifierOf(flags).rejectRedirectHold(client, hold))),
  )
}

const verifierOf = (flags: Flags): VerifierClient => clientOf(flags).verifier(flags.verifier)

async function list(client: string, flags: Flags): Promise<Outcome> {
  const verifier = verifierOf(flags)
  const items = await allPages((cursor) => verifier.redirectHolds(client, { cursor }))
  const waiting = items.filter(({ state }) => state === 'pending').length
  const rows = items.map(
    ({ id, state, host, redirect_uris }) =>
      `  ${oneLine(id)} ${state} ${oneLine(host)} ${redirect_uris.map(oneLine).join(' ')}\n`,
  )
  return {
    answer: waiting === 0 ? 'yes' : 'no',
    text: `${lines({ Waiting: waiting })}${rows.join('')}`,
    json: { waiting, items },
  }
}

const decided = ({ host, state, ...hold }: RedirectHold): Outcome => ({
  answer: 'yes',
  text: lines({ Host: host, State: state, 'Redirect URIs': hold.redirect_uris.join(' ') }),
  json: { host, state, ...hold },
})
