import { textOf, type Reason } from './reasons.ts'

/** One fault of what was sent, with its place (a JSON Pointer). */
export interface Fault {
  readonly pointer: string
  readonly detail: string
}

interface Particulars {
  /** Absent where no answer came. */
  readonly status?: number
  /** What the service, or this client, says about this one case. */
  readonly detail?: string
  readonly title?: string
  readonly errors?: readonly Fault[]
  readonly requestId?: string
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/**
 * Why a call came to nothing: a reason of the service's own table, or one that this client found. A
 * token, credential or presentation that does not verify is no error: its report is the answer.
 *
 * @example
 * const wrong = createTrustClient({ url, token: 'not-a-token' })
 * const error = await wrong.verifier('seller').policy().catch((error) => error)
 * error instanceof TrustError // → true
 * error.reason // → 'token_invalid'
 * error.hint // → 'The token is not the one that is valid now. It may have been replaced.'
 */
export class TrustError extends Error {
  override readonly name = 'TrustError'
  /** Stable; programs read this. */
  readonly reason: Reason
  /** How to mend it: the same text in the API, in this client and on the command line. */
  readonly hint: string
  /** What it is called, in one line. */
  readonly title: string
  /** More about this case, where there is more than `hint`. */
  readonly detail: string | undefined
  readonly status: number | undefined
  readonly errors: readonly Fault[]
  /** Name of the request in the logs of the service. */
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(reason: Reason, particulars: Particulars = {}) {
    const text = textOf(reason)
    const { detail, title = text.title ?? reason, cause } = particulars
    const hint = text.hint ?? detail ?? title
    const more = besides(detail, hint)
    super(
      [title, more, hint].flatMap((one) => (one === undefined ? [] : sentence(one))).join(' '),
      {
        cause,
      },
    )
    this.reason = reason
    this.hint = hint
    this.title = title
    this.detail = more
    this.status = particulars.status
    this.errors = particulars.errors ?? []
    this.requestId = particulars.requestId
    this.retryAfterSeconds = particulars.retryAfterSeconds
  }
}

/** What a detail says besides the hint, which it may end with. */
function besides(detail: string | undefined, hint: string): string | undefined {
  const rest = detail?.endsWith(hint) === true ? detail.slice(0, -hint.length).trim() : detail
  return rest === '' ? undefined : rest
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)
