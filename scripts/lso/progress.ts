/** Tells on standard error how far long work is, at most once a second, and not at all with `quiet`. */
export interface Progress {
  /** Replaces what was told before. */
  at(text: string): void
  /** Ends the line that is being replaced. */
  end(): void
}

const PAUSE_MILLISECONDS = 1_000

export function progress(quiet: boolean): Progress {
  const { stderr } = process
  let [last, open] = [0, false]
  return {
    at(text) {
      const now = Date.now()
      if (quiet || now - last < PAUSE_MILLISECONDS) return
      last = now
      stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
      open = stderr.isTTY
    },
    end() {
      if (open) stderr.write('\r\u001b[K')
      open = false
    },
  }
}
