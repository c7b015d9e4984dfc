import type { Command } from 'commander'
import { assertHolderKey, createPresentation, type JsonObject } from '../../../src/client/index.ts'
import {
  addCommand,
  asksTheService,
  clientOf,
  several,
  told,
  type ServiceFlags,
} from '../command.ts'
import { readJsonObject, readText } from '../files.ts'
import { holderSigner } from '../holder-key.ts'
import { failedChecks, lines } from '../lines.ts'
import { progress } from '../progress.ts'
import type { Outcome } from '../outcome.ts'
import { readSecured } from '../secured.ts'

interface Flags extends ServiceFlags {
  readonly verifier: string
  readonly audience: string
  readonly key: string
  readonly credential: readonly string[]
  readonly softwareStatement?: string
  readonly clientMetadata?: string
  readonly dryRun?: boolean
}

export function addRegister(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'register',
      'Register as a client: present your credentials to a verifier, signed with your key. Needs no token.',
      `lso register --verifier seller --audience https://as.seller.example \\
  --key buyer.jwk.json --credential buyer.vc.jwt --dry-run`,
    ),
  )
    .requiredOption('--verifier <id>', 'with whom')
    .requiredOption('--audience <audience>', 'the audience of that verifier, exactly')
    .requiredOption('--key <file>', 'your private key, from lso keygen --did')
    .option('--credential <file>', 'a credential about you (repeatable)', several, [])
    .option('--software-statement <file>', 'a software statement (RFC 7591)')
    .option('--client-metadata <file>', 'RFC 7591 metadata that you ask for')
    .option('--dry-run', 'say what would be decided, and register nothing')
    .action((flags: Flags) => told(flags, () => register(flags)))
}

async function register(flags: Flags): Promise<Outcome> {
  const { audience, softwareStatement, clientMetadata } = flags
  const trust = clientOf(flags)
  const [verifier, bar] = [trust.verifier(flags.verifier), progress(flags.quiet === true)]
  const credentials = flags.credential.map(readSecured)
  const signer = await holderSigner(flags.key)
  bar.at('Is the key in the DID document?')
  await assertHolderKey(trust, signer)
  const { challenge } = await verifier.challenge()
  const presentation = await createPresentation({ signer, credentials, audience, challenge })
  const request = {
    presentation,
    ...(softwareStatement === undefined ? {} : { softwareStatement: readText(softwareStatement) }),
    ...(clientMetadata === undefined
      ? {}
      : {
          clientMetadata: JSON.parse(JSON.stringify(readJsonObject(clientMetadata))) as JsonObject,
        }),
  }
  const decision =
    flags.dryRun === true
      ? await verifier.dryRunRegistration(request)
      : await verifier.register(request)
  bar.end()
  const { outcome, checks, decisionId, validUntil, error, error_description } = decision
  const told = lines({
    Outcome: outcome,
    Decision: decisionId,
    'Valid until': validUntil,
    Error: error,
    Why: error_description,
  })
  const open = checks.some((check) => check.outcome === 'indeterminate')
  const failed = checks.some((check) => check.outcome === 'fail')
  return {
    answer: outcome === 'accepted' ? 'yes' : open && !failed ? 'open' : 'no',
    text: `${told}${failedChecks(checks)}`,
    json: decision,
  }
}
