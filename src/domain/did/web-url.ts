import { MAX_URL_CHARACTERS } from '../limits.ts'
import { PCHAR } from './did-url.ts'

/**
 * True for an absolute http or https URI of the grammar (RFC 3986) that a client can read, with a plain
 * host and without user information.
 */
export const isWebUrl = (text: string): boolean =>
  text.length <= MAX_URL_CHARACTERS && WEB_URL.test(text) && URL.canParse(text)

/** The same, and https alone. */
export const isHttpsUrl = (text: string): boolean => /^https:/i.test(text) && isWebUrl(text)

/** A plain host, and a port behind its colon: readers differ about anything else. */
const AUTHORITY = '(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]+)?'
const TAIL = `(?:${PCHAR}|[/?])*`
const WEB_URL = new RegExp(
  `^https?://${AUTHORITY}(?:/(?:${PCHAR}|/)*)?(?:\\?${TAIL})?(?:#${TAIL})?$`,
  'i',
)
