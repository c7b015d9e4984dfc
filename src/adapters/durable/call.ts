import { StorageUnavailable } from '../../ports/change.ts'

/**
 * Asks a Durable Object and turns "it cannot answer now" into the port's fault. What is no storage
 * trouble is a bug of ours and passes through (row H15).
 */
export async function ask<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call
  } catch (cause) {
    if (isStorageTrouble(cause)) throw new StorageUnavailable('storage cannot answer', { cause })
    throw cause
  }
}

const TROUBLE =
  /^internal error|SQLITE_|database (?:is locked|disk image)|disk I\/O|storage|reset|overloaded|connection lost|broken/i

function isStorageTrouble(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const { retryable, overloaded } = cause as { retryable?: unknown; overloaded?: unknown }
  return retryable === true || overloaded === true || TROUBLE.test(cause.message)
}
