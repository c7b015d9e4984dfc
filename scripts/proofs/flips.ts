/** Bits of one character of a token; the eighth makes a character that no token has. */
const BITS = 8

/** How many texts differ from `token` in one bit. */
export const flipsOf = (token: string): number => token.length * BITS

/** `token` with bit number `bit` turned over. */
export function flipped(token: string, bit: number): string {
  const at = Math.floor(bit / BITS)
  const character = String.fromCharCode(token.charCodeAt(at) ^ (1 << (bit % BITS)))
  return `${token.slice(0, at)}${character}${token.slice(at + 1)}`
}
