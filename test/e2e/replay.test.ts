import { expect, it } from 'vitest'
import { figuresOf } from '../support/proof.ts'

it('G4, A13: of 64 simultaneous uses of each of 10 assertions one is accepted, on plain workerd', () => {
  expect(figuresOf('replay', ['--values', '10'])).toMatchObject({
    accepted: 10,
    refused: 630,
    acceptedTwice: 0,
    acceptedAfterRestart: 0,
  })
})

it.each(['challenges', 'statements'])(
  'G4, V6, A16: of 64 simultaneous registrations with each of 3 %s one is accepted, on plain workerd',
  (of) => {
    expect(figuresOf('replay', ['--of', of, '--values', '3'])).toMatchObject({
      of,
      accepted: 3,
      refused: 189,
      acceptedTwice: 0,
      acceptedAfterRestart: 0,
    })
  },
)
