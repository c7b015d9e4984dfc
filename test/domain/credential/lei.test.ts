import { describe, expect, it } from 'vitest'
import { isLei } from '../../../src/domain/credential/lei.ts'

/** Made for tests; fixtures/README.md says why it belongs to nobody. */
const LEI = 'EXMP00EXAMPLEBUYER66'

describe('isLei (ISO 17442, ISO 7064 MOD 97-10)', () => {
  it('accepts the LEI that every refusal below is made from', () => {
    expect(isLei(LEI)).toBe(true)
  })

  it.each([
    { when: 'the last digit is off by one', text: 'EXMP00EXAMPLEBUYER67' },
    { when: 'a letter is another', text: 'EXMP00EXAMPLEBUYES66' },
    { when: 'two neighbours changed places', text: 'EXPM00EXAMPLEBUYER66' },
    { when: 'it has small letters', text: LEI.toLowerCase() },
    { when: 'it has 19 characters', text: LEI.slice(1) },
    { when: 'it has 21 characters', text: `0${LEI}` },
    { when: 'its check digits are letters', text: 'EXMP00EXAMPLEBUYERAB' },
    { when: 'it has a digit of another script', text: 'EXMP00EXAMPLEBUYER6٦' },
    { when: 'a line ends it', text: `${LEI}\n` },
    { when: 'it is empty', text: '' },
  ])('refuses when $when', ({ text }) => {
    expect(isLei(text)).toBe(false)
  })

  it('notices every change of one letter into another letter, or digit into another digit', () => {
    const classes = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((all) => Array.from(all))
    const neighbours = Array.from(LEI).flatMap((own, at) =>
      (classes.find((all) => all.includes(own)) ?? [])
        .filter((other) => other !== own)
        .map((other) => LEI.slice(0, at) + other + LEI.slice(at + 1)),
    )
    expect(neighbours).toHaveLength(4 * 9 + 16 * 25)
    expect(neighbours.filter(isLei)).toEqual([])
  })
})
