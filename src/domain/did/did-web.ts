import { percentDecoded } from '../percent-decoded.ts'
import { ok, refuse, type Result } from '../result.ts'
import type { Did, DidRefusal } from './did.ts'

/**
 * Where the document of a did:web is (did:web §3.2): `https`, the host with its port, and the path.
 * Refuses what makes one name into another (rows D3–D7, D14): percent-encoding other than `%3A` before
 * a port, upper case, `.` and `..`, empty segments, and in the path any encoded separator, control
 * character, broken UTF-8 or needlessly encoded character.
 * Whether the host may be asked is not judged here: see `destinationOf`.
 */
export function didWebUrl(did: Did): Result<string, DidRefusal> {
  const [host = '', ...path] = did.slice('did:web:'.length).split(':')
  const authority = HOST_AND_PORT.exec(host)
  if (authority === null || !path.every(isSegment)) return refuse({ reason: 'did_invalid' })
  const [, name = '', port] = authority
  const directory = path.length === 0 ? '.well-known' : path.join('/')
  return ok(`https://${name}${port === undefined ? '' : `:${port}`}/${directory}/did.json`)
}

const HOST_AND_PORT = /^([a-z0-9.-]+)(?:%3A([1-9]\d{0,4}))?$/

/** In a decoded segment: controls, separators of any kind, and characters that need no encoding. */
const NOT_TO_BE_ENCODED = /[\u0000-\u001f\u007f-\u009f/\\?#%:A-Za-z0-9._~-]/

function isSegment(segment: string): boolean {
  if (segment === '' || segment === '.' || segment === '..') return false
  const encoded = segment.match(/(?:%[0-9A-Fa-f]{2})+/g) ?? []
  return encoded.every((run) => {
    const decoded = percentDecoded(run)
    return decoded !== undefined && !NOT_TO_BE_ENCODED.test(decoded)
  })
}
