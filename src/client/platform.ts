/** Seconds since 1970-01-01T00:00:00Z. */
export type EpochSeconds = number

/** What the client needs of the world; anything may be handed in instead. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The platform's `fetch`, looked up when it is called, so that a later one counts. */
export const platformFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/** The platform's clock. */
export const platformNow = (): EpochSeconds => Math.floor(Date.now() / 1000)

/** Resolves after so many milliseconds, or as soon as `signal` aborts. */
export const platformWait = (
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
  })
