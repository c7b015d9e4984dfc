import { isPassing, TrustError } from '../../src/client/index.ts'
import { oneLine } from './lines.ts'

/** What a command came to. Scripts read the exit code: see `EXIT`. */
export interface Outcome {
  readonly answer: keyof typeof EXIT
  /** For people; ends with a line end. */
  readonly text: string
  /** The same for programs, with `--json`. */
  readonly json: unknown
}

/** The exit codes of every command. */
export const EXIT = {
  /** Done, or yes. */
  yes: 0,
  /** No: it does not verify, it is not active, the service refuses. */
  no: 1,
  /** The call is wrong: arguments, files, URL or token. */
  usage: 2,
  /** It cannot be said now: the service, or something it needs, is away. */
  open: 3,
} as const

/** A call that is wrong, with a sentence on how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Refusals that are about the call itself, wherever they were found. */
const OF_THE_CALL: readonly string[] = [
  'url_invalid',
  'url_not_secure',
  'token_missing',
  'token_invalid',
  'key_not_supported',
  'kid_not_did_url',
  'credentials_missing',
  'too_many_credentials',
  'lifetime_too_long',
]

/** What answers is not the service, or not well. */
const NOT_THE_SERVICE: readonly string[] = [
  'answer_not_json',
  'answer_unexpected',
  'answer_redirected',
  'internal_error',
]

/** What the mend is on the command line, where the words of the API leave that open. */
const HERE: Readonly<Record<string, string>> = {
  token_missing: '  Here: --token, or LSO_TOKEN in the environment\n',
}

/** What a thrown error comes to; an error that is none of these is a bug, and passes through. */
export function outcomeOfError(error: unknown): Outcome {
  if (error instanceof UsageError)
    return {
      answer: 'usage',
      text: `${error.message}\n`,
      json: { error: { reason: 'usage', detail: error.message } },
    }
  if (!(error instanceof TrustError)) throw error
  const { reason, title, hint, detail, status, errors, requestId, message } = error
  const faults = errors
    .map((fault) => `  ${oneLine(fault.pointer)}: ${oneLine(fault.detail)}\n`)
    .join('')
  return {
    answer: answerTo(error),
    text: `${oneLine(message)} [${reason}]\n${faults}${HERE[reason] ?? ''}`,
    json: { error: { reason, title, hint, detail, status, errors, requestId } },
  }
}

function answerTo(error: TrustError): Outcome['answer'] {
  if (isPassing(error) || NOT_THE_SERVICE.includes(error.reason)) return 'open'
  return OF_THE_CALL.includes(error.reason) ? 'usage' : 'no'
}
