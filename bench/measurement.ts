import { applyLoad } from './load.ts'
import type { Call } from './scenario.ts'

/** A scenario on its stage, with everything that its rounds have shown so far. */
export interface Measured {
  readonly name: string
  readonly origin: string
  readonly status: number
  readonly next: () => Call
  /** Where it is not what the command line says. */
  readonly connections: number | undefined
  /** Reads the CPU seconds of the process that answers; `undefined` where they cannot be read. */
  readonly cpu: (() => number) | undefined
  readonly rounds: Round[]
}

export interface Round {
  readonly latencies: readonly number[]
  readonly failures: number
  readonly seconds: number
  /** CPU seconds of the answering process during the round; `undefined` where they cannot be read. */
  readonly cpuSeconds: number | undefined
}

export interface Summary {
  readonly name: string
  readonly requests: number
  readonly failures: number
  /** Median of the rounds. */
  readonly requestsPerSecond: number
  /** Of each round, in their order. */
  readonly rates: readonly number[]
  readonly p50Milliseconds: number
  readonly p99Milliseconds: number
  readonly cpuMicrosecondsPerRequest: number | undefined
}

/** Unmeasured time at the start of each round: connections are opened, the machine turns its mind to it. */
const WARM_UP_MILLISECONDS = 300

/** Adds one round to what was measured of a scenario. */
export async function measureRound(
  measured: Measured,
  connections: number,
  milliseconds: number,
): Promise<void> {
  await applyLoad({ ...measured, connections, milliseconds: WARM_UP_MILLISECONDS })
  const before = measured.cpu?.()
  const load = await applyLoad({ ...measured, connections, milliseconds })
  const after = measured.cpu?.()
  const cpuSeconds = before === undefined || after === undefined ? undefined : after - before
  measured.rounds.push({ ...load, cpuSeconds })
}

export function summarize({ name, rounds }: Measured): Summary {
  const latencies = rounds.flatMap((round) => round.latencies).sort((a, b) => a - b)
  const cpuSeconds = rounds.reduce((sum, round) => sum + (round.cpuSeconds ?? Number.NaN), 0)
  const rates = rounds.map((round) => round.latencies.length / round.seconds)
  return {
    name,
    requests: latencies.length,
    failures: rounds.reduce((sum, round) => sum + round.failures, 0),
    requestsPerSecond: median(rates),
    rates,
    p50Milliseconds: quantile(latencies, 0.5),
    p99Milliseconds: quantile(latencies, 0.99),
    cpuMicrosecondsPerRequest: Number.isNaN(cpuSeconds)
      ? undefined
      : (cpuSeconds * 1e6) / latencies.length,
  }
}

/** How much faster one scenario was than another: the median of what each round says. */
export const timesAsFast = (one: Summary, other: Summary): number =>
  median(one.rates.map((rate, round) => rate / (other.rates[round] ?? Number.NaN)))

const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )

/** Nearest rank. `sorted` ascends and is not empty. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
