import type { Command } from 'commander'
import type { CreatedInstance } from '../../../src/client/index.ts'
import {
  addCommand,
  asksTheService,
  clientOf,
  several,
  told,
  type ServiceFlags,
} from '../command.ts'
import { readJsonObject } from '../files.ts'
import { lines } from '../lines.ts'
import type { Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly name: string
  readonly key: readonly string[]
  readonly audience: string
  readonly policy?: string
}

export function addCreate(program: Command): void {
  const create = program
    .command('create')
    .description('Create an issuer or a verifier. Needs the admin token.')
  const add = (usage: string, what: string, example: string) =>
    asksTheService(addCommand(create, usage, what, example))
      .requiredOption('--name <name>', 'its name, for people')
      .option('--key <kid>', 'a key of SIGNING_KEYS; the first one signs (repeatable)', several, [])
  add(
    'issuer <id>',
    'Create an issuer. Its token is shown this once.',
    'lso create issuer registrar --name "Registrar" --key registry-2026',
  ).action((id: string, flags: Flags) =>
    told(flags, async () => {
      const { name, key: keys } = flags
      return created(await clientOf(flags).admin.createIssuer({ id, name, keys }))
    }),
  )
  add(
    'verifier <id>',
    'Create a verifier. Its token is shown this once.',
    'lso create verifier seller --name "Seller" --audience https://as.seller.example --key seller-2026',
  )
    .requiredOption('--audience <audience>', 'what presentations and assertions must name as aud')
    .option('--policy <file>', 'its trust policy; without one it trusts nobody')
    .action((id: string, flags: Flags) =>
      told(flags, async () => {
        const { name, key: keys, audience, policy } = flags
        const more = policy === undefined ? {} : { policy: readJsonObject(policy) }
        const wanted = { id, name, audience, ...(keys.length === 0 ? {} : { keys }), ...more }
        return created(await clientOf(flags).admin.createVerifier(wanted))
      }),
    )
}

const created = (instance: CreatedInstance): Outcome => ({
  answer: 'yes',
  text: lines({ Id: instance.id, DID: instance.did, 'Token (shown once)': instance.token }),
  json: instance,
})
