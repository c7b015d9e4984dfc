import { describe, expect, it } from 'vitest'
import { MAX_FAULTS, reportedFaults } from '../../src/domain/fault.ts'

const faults = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ pointer: `/${at}`, detail: 'must be other' }))

describe('reportedFaults', () => {
  it('keeps the first of several faults at one place, in the order of the lists', () => {
    const first = { pointer: '/id', detail: 'first' }
    const other = { pointer: '/type', detail: 'other' }
    expect(reportedFaults([first], [other, { pointer: '/id', detail: 'second' }])).toEqual([
      first,
      other,
    ])
  })

  it('is empty when all lists are', () => {
    expect(reportedFaults([], [])).toEqual([])
    expect(reportedFaults()).toEqual([])
  })

  it('lists MAX_FAULTS as they are, and of one more says that there are two', () => {
    expect(reportedFaults(faults(MAX_FAULTS))).toEqual(faults(MAX_FAULTS))
    expect(reportedFaults(faults(MAX_FAULTS + 1))).toEqual([
      ...faults(MAX_FAULTS - 1),
      { pointer: '', detail: 'has 2 faults more: mend the listed ones first' },
    ])
  })
})
