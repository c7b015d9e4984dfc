import { readChangePage, type ClientChange } from './answers.ts'
import { platformWait } from './platform.ts'
import type { Transport } from './transport.ts'
import type { Reason } from './reasons.ts'
import { TrustError } from './trust-error.ts'

export interface FollowOptions {
  /** Where to go on: the `cursor` of the last changes that were worked off. Absent: from the beginning. */
  readonly since?: string
  /** Pause after an answer that has nothing new, and says that there is no more. */
  readonly pollMilliseconds: number
  /** Ends the iteration, also in the middle of a pause. */
  readonly signal?: AbortSignal
  /**
   * Told of a service that is away, which is then asked again after the pause. Absent: that ends the
   * iteration with the error; begin again with the last cursor.
   */
  readonly onTrouble?: (error: TrustError) => void
  /** Instead of the platform's timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

/** Changes in their order, and the cursor behind them. */
export interface ClientChanges {
  readonly changes: readonly ClientChange[]
  /** Keep it once the changes are worked off: whoever begins with it misses none and sees none twice. */
  readonly cursor: string
}

/** Follows the feed of changes of one verifier, until `signal` aborts or its reader stops. */
export async function* followClients(
  transport: Transport,
  path: string,
  { since, pollMilliseconds, signal, onTrouble, wait = platformWait }: FollowOptions,
): AsyncGenerator<ClientChanges, void, undefined> {
  let cursor = since
  while (signal?.aborted !== true) {
    const page = await nextPage(transport, pathSince(path, cursor), signal, onTrouble)
    cursor = page?.cursor ?? cursor
    if (page !== undefined && page.items.length > 0) {
      if (page.cursor === undefined) throw new TrustError('answer_unexpected')
      yield { changes: page.items, cursor: page.cursor }
    } else if (page?.more !== true) {
      await wait(pollMilliseconds, signal)
    }
  }
}

const pathSince = (path: string, cursor: string | undefined): string =>
  cursor === undefined ? path : `${path}?since=${encodeURIComponent(cursor)}`

/** `undefined`: there is nothing now, because the service is away or the iteration was ended. */
async function nextPage(
  transport: Transport,
  path: string,
  signal: AbortSignal | undefined,
  onTrouble: FollowOptions['onTrouble'],
) {
  const call = { method: 'GET', path, ...(signal === undefined ? {} : { signal }) } as const
  try {
    return readChangePage((await transport.json(call)).body)
  } catch (error) {
    if (signal?.aborted === true) return undefined
    if (onTrouble === undefined || !(error instanceof TrustError) || !isPassing(error)) throw error
    onTrouble(error)
    return undefined
  }
}

/** True where asking again later can help. */
export const isPassing = ({ reason, status }: TrustError): boolean =>
  reason === 'service_unreachable' ||
  reason === 'service_timeout' ||
  reason === 'rate_limited' ||
  (status !== undefined && status >= 502 && status <= 504 && !OF_THE_DOCUMENT.includes(reason))

/** Answered by 502, and yet somebody has to mend a DID document first. */
const OF_THE_DOCUMENT: readonly Reason[] = ['did_document_invalid', 'redirect_not_followed']
