const SEQUENCE = 0x30
const INTEGER = 0x02

/**
 * Modulus and exponent of an RSAPublicKey (RFC 8017 §A.1.1) in DER, each without leading zeros.
 * `undefined` for anything but the one canonical encoding: what was read is written again and compared.
 */
export function readRsaPublicKey(
  der: Uint8Array,
): { readonly n: Uint8Array; readonly e: Uint8Array } | undefined {
  const outer = element(der, 0, SEQUENCE)
  const modulus = outer === undefined ? undefined : element(der, outer.start, INTEGER)
  const exponent = modulus === undefined ? undefined : element(der, modulus.end, INTEGER)
  if (modulus === undefined || exponent === undefined) return undefined
  const key = {
    n: withoutLeadingZeros(der.subarray(modulus.start, modulus.end)),
    e: withoutLeadingZeros(der.subarray(exponent.start, exponent.end)),
  }
  const written = writeRsaPublicKey(key.n, key.e)
  const same = written.length === der.length && written.every((byte, at) => byte === der[at])
  return same ? key : undefined
}

/** The DER encoding of an RSAPublicKey. */
export const writeRsaPublicKey = (n: Uint8Array, e: Uint8Array): Uint8Array =>
  Uint8Array.from(tagged(SEQUENCE, [...positiveInteger(n), ...positiveInteger(e)]))

function element(
  der: Uint8Array,
  at: number,
  tag: number,
): { readonly start: number; readonly end: number } | undefined {
  const first = der[at + 1]
  if (der[at] !== tag || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 2) return undefined
  const start = at + 2 + lengthBytes
  const length =
    lengthBytes === 0
      ? first
      : der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
  return { start, end: start + length }
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? new Uint8Array() : bytes.slice(first)
}

/** A zero byte keeps a set highest bit from being read as a sign. */
const positiveInteger = (bytes: Uint8Array): number[] =>
  tagged(INTEGER, (bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : [...bytes])

function tagged(tag: number, content: readonly number[]): number[] {
  const { length } = content
  if (length < 0x80) return [tag, length, ...content]
  return length < 0x100
    ? [tag, 0x81, length, ...content]
    : [tag, 0x82, length >> 8, length & 0xff, ...content]
}
