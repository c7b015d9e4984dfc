import { MAX_URL_CHARACTERS } from './limits.ts'
import { ok, refuse, type Result } from './result.ts'

/** A URL that may be fetched, after every rule about destinations. */
export interface Destination {
  /** As it is sent: normalised, without fragment. */
  readonly url: string
  /** The host's name, for counting. */
  readonly host: string
  /** Which development host it is, `host:port`; `undefined` for the public network. */
  readonly localHost: string | undefined
}

export interface DestinationRefusal {
  readonly reason: 'destination_not_allowed'
}

/**
 * Decides whether a URL of somebody else's may be fetched (rows D4, D7, D8, S11): https, port 443, a
 * public host name of at least two labels; no user information, no IP address in any spelling, no
 * name of a private or special zone. `localHosts` are the operator's development hosts, `host:port`;
 * they alone may be asked at another port, and are always asked over plain http.
 * Judged is the URL as the platform will read it, so that no spelling is judged as one host and
 * fetched from another. Which address a name resolves to is not judged here (row D9): that is the
 * network rule of the deployment.
 */
export function destinationOf(
  text: string,
  localHosts: ReadonlySet<string>,
): Result<Destination, DestinationRefusal> {
  const refusal = refuse({ reason: 'destination_not_allowed' } as const)
  if (text.length > MAX_URL_CHARACTERS || !PLAIN_URL.test(text)) return refusal
  if (USER_INFORMATION.test(text) || !URL.canParse(text)) return refusal
  const url = new URL(text)
  const name = `${url.hostname}:${url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? '') : url.port}`
  const target = url.pathname + url.search
  if (localHosts.has(name))
    return ok({ url: `http://${name}${target}`, host: url.hostname, localHost: name })
  if (url.protocol !== 'https:' || url.port !== '' || !isPublicHostName(url.hostname))
    return refusal
  return ok({ url: `https://${url.hostname}${target}`, host: url.hostname, localHost: undefined })
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** Printable ASCII without backslash: what parsers read differently is refused unread. */
const PLAIN_URL = /^https?:\/\/(?!\/)[!-[\]-~]+$/
/** An `@` before the path; the empty user information too, which leaves no trace in the parsed URL. */
const USER_INFORMATION = /^https?:\/\/[^/?#]*@/

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
/** At least two labels; the last begins with a letter, as that of an address never does. */
const HOST_NAME = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

/**
 * Zones that never lead to a public host: RFC 6761, 6762, 7686, 8375 and 9476, ICANN's `internal`,
 * and names that private networks commonly use for themselves.
 */
const SPECIAL_ZONES: ReadonlySet<string> = new Set([
  'alt',
  'arpa',
  'corp',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  'test',
])

/** True for a DNS name in lower case that can belong to a public host. */
export const isPublicHostName = (host: string): boolean =>
  host.length <= 253 &&
  HOST_NAME.test(host) &&
  !SPECIAL_ZONES.has(host.slice(host.lastIndexOf('.') + 1))
