import { expect, it } from 'vitest'
import { figuresOf } from '../support/proof.ts'

it('G1, H16: kill -9 among registrations leaves no client without a decision, no decision without evidence, and burns no challenge', () => {
  const options = ['--registrations', '20', '--clients', '4', '--milliseconds', '400']
  expect(figuresOf('registrations', options)).toMatchObject({
    withoutDecision: 0,
    withoutEvidence: 0,
    withoutFeed: 0,
    withoutAudit: 0,
    lost: 0,
    refused: 0,
    neverMended: 0,
    unmended: 0,
  })
})
