import { expect, it } from 'vitest'
import { figuresOf } from '../support/proof.ts'

it('G3, S12: 600 credentials roll over lists of 200 entries, and their indexes follow no rule', () => {
  const options = ['--credentials', '600', '--threshold', '200', '--parallel', '32']
  expect(figuresOf('roll-over', options)).toMatchObject({
    credentials: 600,
    lists: 6,
    duplicatePlaces: 0,
    overfull: 0,
    stepsOfFour: 0,
    regular: 0,
  })
})

it('G2, S13: of 300 revocations over four lists none is lost or undone, and no other bit is set', () => {
  const options = ['--revocations', '300', '--lists', '4', '--parallel', '32']
  expect(figuresOf('revocations', options)).toMatchObject({
    revocations: 300,
    lists: 4,
    bitsSet: 300,
    lost: 0,
    strange: 0,
    undone: 0,
    formsApart: 0,
  })
})

it.runIf(process.platform === 'linux')(
  'G5, G15, H15: a storage that is taken away is 503 and loses nothing, and all works again in two seconds',
  () => {
    const options = ['--rounds', '4', '--clients', '4', '--milliseconds', '500']
    expect(figuresOf('storage-faults', options)).toMatchObject({
      answered500: 0,
      withoutRetryAfter: 0,
      tooSlow: 0,
      wrongVerdicts: 0,
      lost: 0,
      duplicatePlaces: 0,
      revocationsLost: 0,
      auditBroken: 0,
      answeredSpoilt: 0,
      notRestored: 0,
      faultsNotFelt: 0,
    })
  },
)
