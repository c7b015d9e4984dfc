import { existsSync, readFileSync } from 'node:fs'

/**
 * Calls `end` when npm started this process and has gone. npm passes SIGKILL to nobody, and the
 * shell in between passes on no signal at all: without this, what was started would live on.
 */
export function whenNpmIsGone(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const forebears = forebearsNow()
  const watch = setInterval(() => {
    if (forebearsNow() === forebears) return
    clearInterval(watch)
    end()
  }, 500).unref()
}

/** Our parent and, where the system tells, its parent: the shell, and npm. */
function forebearsNow(): string {
  const file = `/proc/${process.ppid}/stat`
  const parent = existsSync(file) ? readFileSync(file, 'utf8').split(' ')[3] : undefined
  return `${process.ppid} ${String(parent)}`
}
