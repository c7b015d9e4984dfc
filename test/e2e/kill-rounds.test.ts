import { expect, it } from 'vitest'
import { figuresOf } from '../support/proof.ts'

it('G1, H16: two rounds of kill -9 under load lose nothing that was acknowledged', () => {
  const options = ['--rounds', '2', '--clients', '8', '--milliseconds', '800']
  expect(figuresOf('kill-rounds', options)).toMatchObject({
    killed: 2,
    lost: 0,
    duplicatePlaces: 0,
    auditBroken: 0,
  })
})
