const ALPHABET = /^[A-Za-z0-9_-]*$/

const bytesIn = (text: string): number => Math.floor((text.length * 3) / 4)

/** True unless a single character is left over (6 bits are no byte) or unused bits are set. */
const isWhole = (text: string): boolean => text.length % 4 !== 1 && lastCharacterIsCanonical(text)

/**
 * Decodes unpadded base64url (RFC 7515 §2) and accepts the one canonical spelling only: no padding,
 * no white space, no other alphabet, unused bits zero (row J17). `undefined` for anything else.
 * The platform's own decoders are lenient, so that two texts could name the same bytes.
 */
export const decodeBase64url: (text: string) => Uint8Array | undefined =
  'fromBase64' in Uint8Array ? decodeNatively : decodeByCharacter

/** How many bytes `decodeBase64url` would answer with; `undefined` for what it refuses. */
export const base64urlBytes = (text: string): number | undefined =>
  ALPHABET.test(text) && isWhole(text) ? bytesIn(text) : undefined

/**
 * Newer platforms have a decoder that is several times faster and refuses other alphabets, but skips white
 * space and reads padding. Either leaves fewer bytes than the characters make, so the count tells.
 */
function decodeNatively(text: string): Uint8Array | undefined {
  if (!isWhole(text)) return undefined
  const { fromBase64 } = Uint8Array as unknown as {
    readonly fromBase64: (text: string, options: { alphabet: 'base64url' }) => Uint8Array
  }
  try {
    const bytes = fromBase64(text, { alphabet: 'base64url' })
    return bytes.length === bytesIn(text) ? bytes : undefined
  } catch {
    return undefined
  }
}

function decodeByCharacter(text: string): Uint8Array | undefined {
  if (!ALPHABET.test(text) || !isWhole(text)) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** Encodes to unpadded base64url (RFC 7515 §2). */
export const encodeBase64url: (bytes: Uint8Array) => string =
  'toBase64' in Uint8Array.prototype ? encodeNatively : encodeByCharacter

function encodeNatively(bytes: Uint8Array): string {
  const platform = bytes as unknown as {
    readonly toBase64: (options: { alphabet: 'base64url'; omitPadding: true }) => string
  }
  return platform.toBase64({ alphabet: 'base64url', omitPadding: true })
}

function encodeByCharacter(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Arguments per call of `String.fromCharCode`: below every engine's limit. */
const CHUNK = 8_192

const VALUES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function lastCharacterIsCanonical(text: string): boolean {
  const unusedBits = [0, 0, 0b1111, 0b11][text.length % 4] ?? 0
  return (VALUES.indexOf(text.charAt(text.length - 1)) & unusedBits) === 0 || text === ''
}

const UTF8_ENCODER = new TextEncoder()

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => UTF8_ENCODER.encode(text)

const UTF8_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text that these bytes are in UTF-8; `undefined` for bytes that are none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return UTF8_DECODER.decode(bytes)
  } catch {
    return undefined
  }
}
