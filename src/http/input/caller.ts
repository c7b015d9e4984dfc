/** Groups of an IPv6 prefix that is given to one household or company: 64 bits. */
const PREFIX_GROUPS = 4

/**
 * Whom a request is counted against: the address of the peer without its port, an IPv4-mapped
 * address as IPv4, and of any other IPv6 address its first 64 bits, since who has one address has
 * the whole prefix.
 */
export function callerOfPeer(peer: string): string {
  const address = /^\[(.*)\](?::\d+)?$/.exec(peer)?.[1] ?? peer.replace(/^([\d.]+):\d+$/, '$1')
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  return address.includes(':')
    ? `${groupsOf(address).slice(0, PREFIX_GROUPS).join(':')}::`
    : address
}

/** Longest text of an address: an IPv6 address with a port and a zone. */
const MAX_ADDRESS_CHARACTERS = 64

/**
 * The caller that a trusted proxy names: the last address of its header, which is the one the proxy
 * itself added; what stands before it is the caller's own word (row H12).
 */
export function callerInHeader(value: string | undefined): string {
  const last = value?.split(',').at(-1)?.trim() ?? ''
  return last === '' || last.length > MAX_ADDRESS_CHARACTERS ? 'unknown' : callerOfPeer(last)
}

/** All eight groups of an IPv6 address. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  if (tail === undefined) return left
  const right = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right]
}
