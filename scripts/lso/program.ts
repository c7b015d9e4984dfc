import { Command, CommanderError } from 'commander'
import { addArchive } from './commands/archive.ts'
import { addAudit } from './commands/audit.ts'
import { addCreate } from './commands/create.ts'
import { addDecisions } from './commands/decisions.ts'
import { addDid } from './commands/did.ts'
import { addHistory } from './commands/history.ts'
import { addHolds } from './commands/holds.ts'
import { addIssue } from './commands/issue.ts'
import { addKeygen } from './commands/keygen.ts'
import { addPolicy } from './commands/policy.ts'
import { addRegister } from './commands/register.ts'
import { addResolve } from './commands/resolve.ts'
import { addRotate } from './commands/rotate.ts'
import { addRevoke } from './commands/revoke.ts'
import { addStatus } from './commands/status.ts'
import { addVerify } from './commands/verify.ts'
import { EXIT, UsageError } from './outcome.ts'

const CODES = `
Exit codes: 0 done, or yes. 1 no: invalid, not active, refused. 2 wrong call: arguments, files,
URL, token. 3 it cannot be said now: the service, or something it needs, is away.
Environment: LSO_URL and LSO_TOKEN stand for --url and --token.`

const COMMANDS = [
  addKeygen,
  addDid,
  addCreate,
  addIssue,
  addVerify,
  addResolve,
  addStatus,
  addRevoke,
  addRegister,
  addHistory,
  addHolds,
  addPolicy,
  addDecisions,
  addRotate,
  addAudit,
  addArchive,
]

/** Runs what the arguments ask for and sets the exit code; what is thrown is a bug. */
export async function runLso(args: readonly string[]): Promise<void> {
  const program = new Command('lso')
    .description('Trust between the participants of an LSO ecosystem, from the command line.')
    .addHelpText('after', CODES)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how it is used)')
  for (const add of COMMANDS) add(program)
  inherit(program)
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`lso: ${error.message}\n`)
    else if (!(error instanceof CommanderError)) throw error
    process.exitCode =
      error instanceof CommanderError && error.exitCode === 0 ? EXIT.yes : EXIT.usage
  }
}

/** Commander does not hand its settings down to commands that are there already. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent)
    inherit(command)
  }
}
