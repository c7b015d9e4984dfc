import type { Fault } from '../../domain/fault.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { isEpochSeconds, parseDateTimeStamp, type EpochSeconds } from '../../domain/time.ts'

const SECONDS = /^(?:0|[1-9]\d{0,11})$/

/**
 * The moment of which a status list is asked: `?time=` in seconds (Token Status List §8.4) or
 * `?timestamp=` as a date and time (Bitstring Status List 1.0); either for both forms, each once.
 */
export function readListTime(
  query: Readonly<Record<string, readonly string[] | undefined>>,
): Result<EpochSeconds | undefined, readonly Fault[]> {
  const { time = [], timestamp = [] } = query
  if (time.length + timestamp.length > 1)
    return refuse([{ pointer: '/time', detail: 'must be there once, and not beside timestamp' }])
  const [seconds] = time
  if (seconds !== undefined) {
    const at = Number(seconds)
    return SECONDS.test(seconds) && isEpochSeconds(at)
      ? ok(at)
      : refuse([{ pointer: '/time', detail: 'must be whole seconds since 1970' }])
  }
  const [text] = timestamp
  if (text === undefined) return ok(undefined)
  const at = parseDateTimeStamp(text)
  const detail = 'must be a date and time with a zone, such as 2026-01-31T12:00:00Z'
  return at === undefined ? refuse([{ pointer: '/timestamp', detail }]) : ok(at)
}
