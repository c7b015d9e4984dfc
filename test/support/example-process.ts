import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process of an example, and how to end it. */
export interface ExampleProcess {
  stop(): Promise<void>
}

/** Starts a file of `examples/` as a process of its own, and waits until it says that it listens. */
export async function startExample(
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<ExampleProcess> {
  const path = fileURLToPath(new URL(`../../examples/${file}`, import.meta.url))
  const child = spawn(process.execPath, ['--experimental-strip-types', path], {
    env: { ...variables, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const listening = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`
      if (line.startsWith('listening')) resolve(true)
    })
    child.once('exit', () => {
      resolve(false)
    })
  })
  if (!(await listening)) throw new Error(`${file} ended: ${said}`)
  return {
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
