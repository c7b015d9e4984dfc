/** Marks a step that was not done in time. */
export const TOO_LATE = Symbol('too late')
/** Marks a step that the time of the request ended, which has nothing to do with this host. */
export const OUT_OF_TIME = Symbol('out of time')

export interface Deadline {
  /** Aborted when a limit has passed, or with `end`. */
  readonly signal: AbortSignal
  /** What `step` comes to; `TOO_LATE` when the limit passes first, `OUT_OF_TIME` when the request does. */
  within<Value>(
    limit: 'headers' | 'total',
    step: Promise<Value>,
  ): Promise<Value | typeof TOO_LATE | typeof OUT_OF_TIME>
  /** Stops the clocks and lets go of whatever is still under way. */
  end(): void
}

/**
 * Starts the clocks of one outbound fetch.
 *
 * @param milliseconds.request what is left to the request that it is done for; `undefined`: no end of its own.
 */
export function startDeadline(milliseconds: {
  readonly headers: number
  readonly total: number
  readonly request: number | undefined
}): Deadline {
  const { request } = milliseconds
  const controller = new AbortController()
  const clocks = {
    headers: clock(milliseconds.headers, TOO_LATE),
    total: clock(milliseconds.total, TOO_LATE),
  }
  const ofRequest = request === undefined ? undefined : clock(request, OUT_OF_TIME)
  return {
    signal: controller.signal,
    within: (limit, step) =>
      Promise.race([
        step,
        clocks[limit].passed,
        ...(ofRequest === undefined ? [] : [ofRequest.passed]),
      ]),
    end() {
      clocks.headers.stop()
      clocks.total.stop()
      ofRequest?.stop()
      controller.abort()
    },
  }
}

function clock<Mark>(
  milliseconds: number,
  mark: Mark,
): { readonly passed: Promise<Mark>; readonly stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<Mark>()
  const timer = setTimeout(() => {
    resolve(mark)
  }, milliseconds)
  return {
    passed: promise,
    stop: () => {
      clearTimeout(timer)
    },
  }
}
