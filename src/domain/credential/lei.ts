/** ISO 17442-1: 18 capital letters or digits, and two check digits. */
const LEI = /^[0-9A-Z]{18}[0-9]{2}$/

/**
 * True for a well-formed Legal Entity Identifier whose check digits are right (ISO 7064 MOD 97-10).
 * Whether it was ever issued, to whom, and whether it has lapsed is not looked at.
 */
export const isLei = (text: string): boolean => LEI.test(text) && mod97(text) === 1

/** Remainder by 97 of the number that a text stands for when A is 10, B is 11 and so on to Z, 35. */
function mod97(text: string): number {
  let remainder = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    remainder = code <= NINE ? remainder * 10 + code - ZERO : remainder * 100 + code - A + 10
    remainder %= 97
  }
  return remainder
}

const [ZERO, NINE, A] = [0x30, 0x39, 0x41]
