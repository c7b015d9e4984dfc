import { MAX_URL_CHARACTERS } from '../limits.ts'
import { percentDecoded } from '../percent-decoded.ts'
import { ok, refuse, type Result } from '../result.ts'
import { parseDid, type Did } from './did.ts'

/** A DID URL (DID Core §3.2) taken apart. */
export interface DidUrl {
  readonly did: Did
  /** With its leading slash; empty when there is none. */
  readonly path: string
  /** The query's parameters, names and values percent-decoded. */
  readonly parameters: ReadonlyMap<string, string>
  /** Without `#`, as written. */
  readonly fragment: string | undefined
}

export interface DidUrlRefusal {
  readonly reason: 'did_url_invalid'
}

/**
 * Accepts the DID URLs of the grammar; a DID is one. Refuses a parameter that is named twice, which
 * DID Resolution §3.2.2 leaves undefined, and one that is not ASCII once it is decoded (§3).
 */
export function parseDidUrl(input: string): Result<DidUrl, DidUrlRefusal> {
  const refusal = refuse({ reason: 'did_url_invalid' } as const)
  const parts = input.length > MAX_URL_CHARACTERS ? null : DID_URL.exec(input)
  if (parts === null) return refusal
  const [, name = '', path = '', query, fragment] = parts
  const did = parseDid(name)
  const parameters = readParameters(query ?? '')
  if (!did.ok || parameters === undefined) return refusal
  return ok({ did: did.value, path, parameters, fragment })
}

/** A character of a path segment (RFC 3986 §3.3), as a regular expression. */
export const PCHAR = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
const DID_URL = new RegExp(
  `^(did:[^/?#]*)((?:/${PCHAR}*)*)(?:\\?((?:${PCHAR}|[/?])*))?(?:#((?:${PCHAR}|[/?])*))?$`,
)
const ASCII = /^[ -~]*$/

function readParameters(query: string): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>()
  if (query === '') return parameters
  for (const pair of query.split('&')) {
    const [encoded = '', ...rest] = pair.split('=')
    const [name, value] = [percentDecoded(encoded), percentDecoded(rest.join('='))]
    if (name === undefined || name === '' || value === undefined) return undefined
    if (!ASCII.test(name + value) || parameters.has(name)) return undefined
    parameters.set(name, value)
  }
  return parameters
}

/**
 * The absolute form of a DID URL that a document of `did` names, relative to the document (DID Core
 * §3.2.2) or absolute. `undefined` for anything that is neither.
 */
export function absoluteDidUrl(reference: string, did: Did): string | undefined {
  const absolute = RELATIVE.test(reference) ? `${did}${reference}` : reference
  return parseDidUrl(absolute).ok ? absolute : undefined
}

const RELATIVE = /^[#/?]/
