import type { Summary } from './measurement.ts'

const COLUMNS = ['req/s', 'of bare', 'p50 ms', 'p99 ms', 'CPU µs/req', 'of bare'] as const

/** The table for the terminal. Each scenario also as a ratio to `bare`, measured in the same run. */
export function table(bare: Summary, summaries: readonly Summary[]): string {
  const rows = [bare, ...summaries].map((each) => [
    each.name,
    each.requestsPerSecond.toFixed(0),
    ratio(each.requestsPerSecond, bare.requestsPerSecond),
    each.p50Milliseconds.toFixed(2),
    each.p99Milliseconds.toFixed(2),
    each.cpuMicrosecondsPerRequest?.toFixed(0) ?? '-',
    ratio(each.cpuMicrosecondsPerRequest, bare.cpuMicrosecondsPerRequest),
  ])
  const lines = [['', ...COLUMNS], ...rows]
  const nameWidth = Math.max(...lines.map((line) => line[0]?.length ?? 0))
  return lines
    .map(([name = '', ...cells]) =>
      [name.padEnd(nameWidth), ...cells.map((cell) => cell.padStart(10))].join('  '),
    )
    .join('\n')
}

const ratio = (value: number | undefined, base: number | undefined): string =>
  value === undefined || base === undefined ? '-' : (value / base).toFixed(2)
