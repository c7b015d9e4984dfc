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
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97
  }
  return remainder
}
