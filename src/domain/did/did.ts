import { MAX_DID_CHARACTERS } from '../limits.ts'
import { ok, refuse, type Result } from '../result.ts'

/** A DID (DID Core §3.1) that `parseDid` has accepted: ASCII, no path, query or fragment. */
export type Did<Method extends string = string> = `did:${Method}:${string}`

export interface DidRefusal {
  readonly reason: 'did_invalid'
}

/** DID Core §3.1: `did:` method-name `:` method-specific-id; pct-encoded is `%` and two hex digits. No colon ends it. */
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._:-]*)*(?<!:)$/

/** Accepts exactly the DIDs of the grammar. A DID URL is refused; so is everything that is not ASCII (D14). */
export function parseDid(input: string): Result<Did, DidRefusal> {
  if (input.length > MAX_DID_CHARACTERS || !DID.test(input))
    return refuse({ reason: 'did_invalid' })
  return ok(input as Did)
}

/** True for a string that `parseDid` accepts. */
export const isDid = (input: unknown): input is Did =>
  typeof input === 'string' && parseDid(input).ok

/** `web` of `did:web:host`. */
export const methodOf = (did: Did): string =>
  did.slice('did:'.length, did.indexOf(':', 'did:'.length))
