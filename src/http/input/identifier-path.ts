import { percentDecoded } from '../../domain/percent-decoded.ts'

/** What a path names, by the contract's "Identifiers in paths". */
export interface PathIdentifier {
  readonly text: string
  /** True when it was percent-decoded: `?` and `#` in it are then the caller's own. */
  readonly decoded: boolean
}

/**
 * The identifier behind `prefix` in the path of a request, up to `suffix` where the path ends so.
 * Taken from the raw path, because a router decodes in ways of its own: one that begins with `did%3A`
 * or holds `%25` is percent-decoded once; any other is taken as it stands. `undefined` for broken
 * percent-encoding (row D3).
 */
export function identifierFromPath(
  url: string,
  prefix: string,
  suffix: string,
): PathIdentifier | undefined {
  const path = rawPath(url)
  const start = path.indexOf(prefix)
  const end = suffix !== '' && path.endsWith(suffix) ? -suffix.length : undefined
  const text = start === -1 ? '' : path.slice(start + prefix.length, end)
  if (!ENCODED.test(text)) return { text, decoded: false }
  const decoded = percentDecoded(text)
  return decoded === undefined ? undefined : { text: decoded, decoded: true }
}

const ENCODED = /^did%3A|%25/i

/** The path of an absolute URL as it was sent, without query. */
function rawPath(url: string): string {
  const path = url.indexOf('/', url.indexOf('://') + '://'.length)
  const query = url.indexOf('?', path)
  return query === -1 ? url.slice(path) : url.slice(path, query)
}
