import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Json } from './http.ts'

const LSO = fileURLToPath(new URL('../lso.ts', import.meta.url))

/** What a command of `lso` came to, as a script sees it. */
export interface Told {
  readonly exitCode: number
  readonly answer: Json
}

/** Runs `lso … --json` as a process of its own. The token goes through the environment. */
export function lso(
  at: { readonly url: string; readonly token: string },
  ...args: readonly string[]
): Promise<Told> {
  const env = { ...process.env, LSO_URL: at.url, LSO_TOKEN: at.token }
  return new Promise((resolve, reject) => {
    const words = [...process.execArgv, LSO, ...args, '--json']
    const child = execFile(process.execPath, words, { env }, (_, stdout, stderr) => {
      const { exitCode } = child
      if (exitCode === null || stdout === '') reject(new Error(`lso ${String(args[0])}: ${stderr}`))
      else resolve({ exitCode, answer: JSON.parse(stdout) as Json })
    })
  })
}
