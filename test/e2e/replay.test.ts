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
