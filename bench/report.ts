import { timesAsFast, type Summary } from './measurement.ts'
import type { Floor } from './scenario.ts'

const COLUMNS = ['req/s', 'of bare', 'p50 ms', 'p99 ms', 'CPU µs/req', 'of bare'] as const

/** The table for the terminal. Each scenario also as a ratio to the first, the bare route of the same run. */
export function table(summaries: readonly Summary[]): string {
  const [bare] = summaries
  const rows = summaries.map((each) => [
    each.name,
    each.requestsPerSecond.toFixed(0),
    ratio(each.requestsPerSecond, bare?.requestsPerSecond),
    each.p50Milliseconds.toFixed(2),
    each.p99Milliseconds.toFixed(2),
    each.cpuMicrosecondsPerRequest?.toFixed(0) ?? '-',
    ratio(each.cpuMicrosecondsPerRequest, bare?.cpuMicrosecondsPerRequest),
  ])
  return aligned([['', ...COLUMNS], ...rows])
}

/** A floor, and what was measured. */
export interface Held extends Floor {
  readonly timesAsFast: number
  readonly timesTheCpu: number | undefined
  readonly met: boolean
}

/** Holds the summaries against the floors of their suite. Throws for a scenario that there is not. */
export function held(floors: readonly Floor[], summaries: readonly Summary[]): readonly Held[] {
  const named = (name: string): Summary => {
    const found = summaries.find((summary) => summary.name === name)
    if (found === undefined) throw new Error(`a floor names no scenario: ${name}`)
    return found
  }
  return floors.map((floor) => {
    const [one, other] = [named(floor.scenario), named(floor.against)]
    const [cpu, otherCpu] = [one.cpuMicrosecondsPerRequest, other.cpuMicrosecondsPerRequest]
    const times = timesAsFast(one, other)
    return {
      ...floor,
      timesAsFast: times,
      timesTheCpu: cpu === undefined || otherCpu === undefined ? undefined : cpu / otherCpu,
      met: times >= floor.atLeast,
    }
  })
}

/** The floors for the terminal, each with what was measured and whether that is enough. */
export function floorTable(floors: readonly Held[]): string {
  const rows = floors.flatMap(({ scenario, against, atLeast, ...measured }) => [
    [
      scenario,
      measured.timesAsFast.toFixed(2),
      atLeast.toFixed(2),
      measured.met ? 'met' : 'MISSED',
      measured.timesTheCpu?.toFixed(2) ?? '-',
    ],
    [`  of: ${against}`, '', '', '', ''],
  ])
  return aligned([['floors', 'times req/s', 'at least', '', 'times CPU'], ...rows])
}

function aligned(lines: readonly (readonly string[])[]): string {
  const nameWidth = Math.max(...lines.map((line) => line[0]?.length ?? 0))
  return lines
    .map(([name = '', ...cells]) =>
      [name.padEnd(nameWidth), ...cells.map((cell) => cell.padStart(10))].join('  ').trimEnd(),
    )
    .join('\n')
}

const ratio = (value: number | undefined, base: number | undefined): string =>
  value === undefined || base === undefined ? '-' : (value / base).toFixed(2)
