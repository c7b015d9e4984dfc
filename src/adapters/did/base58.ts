const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const DIGITS: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (digit, at) => [digit, at]),
)

/**
 * Decodes base58btc; `undefined` when there is a character that is none of its digits. Every text has
 * one value and every value one text. Costs the square of the length: callers cap it first (row D17).
 */
export function decodeBase58(text: string): Uint8Array | undefined {
  const digits: number[] = []
  for (const character of text) {
    const digit = DIGITS.get(character)
    if (digit === undefined) return undefined
    digits.push(digit)
  }
  return Uint8Array.from(convert(digits, 58, 256))
}

/** Encodes to base58btc. */
export const encodeBase58 = (bytes: Uint8Array): string =>
  convert([...bytes], 256, 58)
    .map((digit) => ALPHABET.charAt(digit))
    .join('')

/** The same number in another base, most significant digit first; leading zeros are kept, one for one. */
function convert(digits: readonly number[], from: number, to: number): number[] {
  const reversed: number[] = []
  for (const digit of digits) {
    let carry = digit
    for (let at = 0; at < reversed.length; at++) {
      carry += (reversed[at] ?? 0) * from
      reversed[at] = carry % to
      carry = Math.floor(carry / to)
    }
    for (; carry > 0; carry = Math.floor(carry / to)) reversed.push(carry % to)
  }
  const firstDigit = digits.findIndex((digit) => digit !== 0)
  const zeros = new Array<number>(firstDigit === -1 ? digits.length : firstDigit).fill(0)
  return [...zeros, ...reversed.reverse()]
}
