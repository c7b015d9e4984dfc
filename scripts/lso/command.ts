import { Option, type Command } from 'commander'
import { createTrustClient, type TrustClient } from '../../src/client/index.ts'
import { jsonText } from './lines.ts'
import { EXIT, outcomeOfError, UsageError, type Outcome } from './outcome.ts'

/** What every command that asks the service takes. */
export interface ServiceFlags {
  readonly url?: string
  readonly token?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Adds a command, with the flags that all have and an example under its help. */
export function addCommand(parent: Command, usage: string, what: string, example: string): Command {
  return parent
    .command(usage)
    .description(what)
    .option('--json', 'answer as JSON on standard output')
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', `\nExample:\n${example.replace(/^/gm, '  ')}`)
}

/** Where the service is, and as whom it is asked. */
export const asksTheService = (command: Command): Command =>
  command
    .addOption(new Option('--url <origin>', 'the service').env('LSO_URL'))
    .addOption(
      new Option('--token <token>', 'bearer token; better in the environment').env('LSO_TOKEN'),
    )

/** The client that the flags describe. */
export function clientOf({ url, token }: ServiceFlags): TrustClient {
  if (url === undefined)
    throw new UsageError('Say where the service is: --url, or LSO_URL in the environment')
  return createTrustClient({ url, ...(token === undefined || token === '' ? {} : { token }) })
}

/** Runs a command, prints what it came to, and sets the exit code. */
export async function told(flags: ServiceFlags, work: () => Promise<Outcome>): Promise<void> {
  let outcome: Outcome
  let failed = false
  try {
    outcome = await work()
  } catch (error) {
    failed = true
    outcome = outcomeOfError(error)
  }
  const { answer, text, json } = outcome
  if (flags.json === true) process.stdout.write(`${jsonText(json)}\n`)
  else (failed ? process.stderr : process.stdout).write(failed ? `lso: ${text}` : text)
  process.exitCode = EXIT[answer]
}

/** Gathers what is given several times. */
export const several = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
]

/** Reads a whole number from 1 on. */
export function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`${value} is no whole number from 1 on`)
  return Number(value)
}
