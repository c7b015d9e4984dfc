import { existsSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'

/** A reader of the CPU seconds that process `pid` has used; `undefined` where there is no /proc (Linux only). */
export function cpuMeter(pid: number): (() => number) | undefined {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return () => {
    // After the name in parentheses, which may hold spaces: utime and stime are fields 14 and 15.
    const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  }
}
