/** Marks a step that was not done in time. */
export const TOO_LATE = Symbol('too late')

export interface Deadline {
  /** Aborted when a limit has passed, or with `end`. */
  readonly signal: AbortSignal
  /** What `step` comes to, or `TOO_LATE` when the limit passes first. */
  within<Value>(limit: 'headers' | 'total', step: Promise<Value>): Promise<Value | typeof TOO_LATE>
  /** Stops the clocks and lets go of whatever is still under way. */
  end(): void
}

/** Starts both clocks of one outbound fetch. */
export function startDeadline(milliseconds: {
  readonly headers: number
  readonly total: number
}): Deadline {
  const controller = new AbortController()
  const clocks = { headers: clock(milliseconds.headers), total: clock(milliseconds.total) }
  return {
    signal: controller.signal,
    within: (limit, step) => Promise.race([step, clocks[limit].passed]),
    end() {
      clocks.headers.stop()
      clocks.total.stop()
      controller.abort()
    },
  }
}

function clock(milliseconds: number): {
  readonly passed: Promise<typeof TOO_LATE>
  readonly stop: () => void
} {
  const { promise, resolve } = Promise.withResolvers<typeof TOO_LATE>()
  const timer = setTimeout(() => {
    resolve(TOO_LATE)
  }, milliseconds)
  return {
    passed: promise,
    stop: () => {
      clearTimeout(timer)
    },
  }
}
