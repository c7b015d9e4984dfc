import { expect, it } from 'vitest'
import { figuresOf } from '../support/proof.ts'

it('G16, K4, K3: no verifier refuses a good credential while keys change, or accepts a removed key for long', () => {
  const options = ['--overlap', '2', '--rate', '25', '--verifiers', '2']
  expect(figuresOf('rotation-under-load', options)).toMatchObject({
    falseInvalid: 0,
    acceptedTooLong: 0,
    signedTooEarly: 0,
    signedTooLate: 0,
    neverSigned: 0,
    listsOfAnotherKey: 0,
  })
})
