import { spawnSync } from 'node:child_process'

/**
 * The words before a command that make the kernel send it this signal when this process has gone, even
 * by SIGKILL. None where the system has no such thing: Linux does.
 */
export function endsWithUs(signal: 'KILL' | 'TERM'): readonly string[] {
  const help = spawnSync('setpriv', ['--help'], { encoding: 'utf8' })
  const able = help.status === 0 && help.stdout.includes('--pdeathsig')
  return able ? ['setpriv', '--pdeathsig', signal, '--'] : []
}
